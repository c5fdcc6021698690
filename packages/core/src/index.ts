export * as Adapter from "./Adapter.js"
export { AdapterError, type AdapterErrorReason } from "./AdapterError.js"
export * as Auth from "./Auth.js"
export { type CallOptions, type Client, type ClientOptions, createClient } from "./Client.js"
export { describeIssue } from "./Decoded.js"
export type { Connection, ProviderProblem, RequestSpec } from "./Connection.js"
export type { Cursor } from "./Cursor.js"
export { type Actor, Execution, ExecutionFromJson, type Step, TriggerKind } from "./Execution.js"
export {
  type ConnectionOptions,
  type Entry,
  Executions,
  type ExecutionsService,
  type GetOptions,
  makeExecutions,
  type PagesOptions,
  type StreamOptions,
} from "./Executions.js"
export { ExecutionStatus, executionStatuses, isTerminal } from "./ExecutionStatus.js"
export * as Filter from "./Filter.js"
export { parseInstant, parseSpan } from "./Instant.js"
export { isJsonList, isJsonObject, type Json, type JsonObject, parseJson } from "./Json.js"
export type { LogPage, Rejected } from "./LogPage.js"
export { Include, type LogQuery, type Order } from "./LogQuery.js"
export { compareListing, type MergeSource, mergeByListing } from "./Merge.js"
export * as Pagination from "./Pagination.js"
export type { FilterPlan, QueryPlan } from "./QueryPlan.js"
export { redacted } from "./Redaction.js"
export * as Setting from "./Setting.js"
export { fetchTransport, Transport, TransportFailure, type TransportService } from "./Transport.js"
export { TransportSettings } from "./TransportSettings.js"
export * as Wire from "./Wire.js"
