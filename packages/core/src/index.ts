/** Reading executions: clients of one connection, and logs of several. */
export type { OpaqueConnection as Connection } from "./adapter/OpaqueConnection.js"
export { type Client, type ClientOptions, createClient } from "./client/Client.js"
export type { CallOptions, PreparedQuery } from "./client/Face.js"
export { createLog, type Log } from "./client/Log.js"
export type {
  ConnectionName,
  LogFollowOptions,
  LogGetOptions,
  LogPrepareOptions,
  LogStreamOptions,
  MergedPage,
  PreparedLog,
} from "./client/LogFace.js"
export type { FollowOptions } from "./following/FollowOptions.js"
export {
  AdapterError,
  type AdapterErrorReason,
  type CursorFault,
  type Hint,
  type HintCode,
  type Subject,
} from "./model/AdapterError.js"
export {
  type Actor,
  Execution,
  ExecutionFromJson,
  ExecutionStatus,
  executionStatuses,
  Include,
  isTerminal,
  type Step,
  TriggerKind,
} from "./model/Execution.js"
export type { ValueIssue } from "./model/Issue.js"
export type { Json, JsonObject } from "./model/Json.js"
export type { Change, Cursor, ListedSpan, ListPlace, LogPage, Rejected } from "./model/LogPage.js"
export type { LogQuery, Order } from "./model/LogQuery.js"
export { type Redact, redactPaths } from "./model/Masking.js"
export type { Warning, WarningCode } from "./model/Warning.js"
export type { GotMany } from "./reading/GetRequests.js"
export type { DetailedExecutions } from "./reading/Details.js"
export type { Entry } from "./reading/MapPage.js"
export type { GetManyOptions } from "./reading/ReadMany.js"
export {
  type CompleteOptions,
  Details,
  type GetOptions,
  type PagesOptions,
  type StreamOptions,
} from "./reading/ReadOptions.js"
export type { Reread } from "./reading/Reread.js"
export { TransportSettings } from "./transport/TransportSettings.js"
export type { PlanNote } from "./walk/PlanNotes.js"
export type { FilterPlan, QueryPlan } from "./walk/QueryPlan.js"
