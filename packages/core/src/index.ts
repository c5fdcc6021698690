export * as Adapter from "./adapter/Adapter.js"
export {
  AdapterError,
  type AdapterErrorReason,
  type Hint,
  type HintCode,
  isOfOneExecution,
  mayPass,
  type Subject,
} from "./model/AdapterError.js"
export * as Auth from "./adapter/Auth.js"
export type { Change, Cursor, ListedSpan, LogPage, Rejected } from "./model/LogPage.js"
export { checking } from "./reading/CheckedCall.js"
export type { PlanNote, PlanNoteCode } from "./walk/PlanNotes.js"
export { type Warning, type WarningCode, warningOf } from "./model/Warning.js"
export { type CallOptions, type Client, type ClientOptions, createClient } from "./client/Client.js"
export { checkOptionNames } from "./model/OptionNames.js"
export { describeIssue, type ValueIssue } from "./model/Issue.js"
export type { Connection, ProviderProblem, RequestSpec } from "./adapter/Connection.js"
export type { ExecutionDraft, StepDraft } from "./adapter/ExecutionDraft.js"
export {
  type AskOne,
  completeDetails,
  type DetailedExecutions,
  detailsWarning,
  lacksDetails,
} from "./reading/Details.js"
export type { ErrorCount } from "./statistics/ErrorCounts.js"
export {
  type Actor,
  compareListing,
  Execution,
  ExecutionFromJson,
  ExecutionStatus,
  executionStatuses,
  Include,
  isTerminal,
  listingTime,
  type Step,
  TriggerKind,
  withParts,
} from "./model/Execution.js"
export {
  matchesPath,
  type PathPattern,
  readPathPattern,
  type Redact,
  redactPaths,
} from "./model/Masking.js"
export type { Entry } from "./reading/MapPage.js"
export { Executions, type ExecutionsService, makeExecutions } from "./client/Executions.js"
export * as Filter from "./adapter/Filter.js"
export {
  defaultLookBackMs,
  defaultStaleAfterMs,
  type FollowOptions,
} from "./following/FollowOptions.js"
export * as Id from "./adapter/Id.js"
export { parseInstant, parseSpan } from "./model/Instant.js"
export * as Join from "./adapter/Join.js"
export { isJsonList, isJsonObject, type Json, type JsonObject, parseJson } from "./model/Json.js"
export {
  type CheckedQuery,
  checkQuery,
  type LogQuery,
  type Order,
  isPlanned,
  passesFilter,
} from "./model/LogQuery.js"
export type { GotMany } from "./reading/AskingOneByOne.js"
export type { GetManyOptions } from "./reading/ReadMany.js"
export { type MergeSource, mergeByTimestamp } from "./client/Merge.js"
export type { MappedExecution } from "./adapter/MappedExecution.js"
export { mergeObservation } from "./model/Observation.js"
export { omittedQueries, openQueries, unwatched } from "./following/OpenQueries.js"
export { instantOption, wholeNumberOption } from "./model/OptionChecks.js"
export * as Pagination from "./adapter/Pagination.js"
export {
  type ConnectionOptions,
  Details,
  type CompleteOptions,
  type GetOptions,
  type PagesOptions,
  type StreamOptions,
} from "./reading/ReadOptions.js"
export type { FilterPlan, QueryPlan } from "./walk/QueryPlan.js"
export { summingRejected } from "./reading/Reporting.js"
export type { Reread } from "./reading/Reread.js"
export { makeRedactor, redacted, type Redactor } from "./model/Redaction.js"
export { statusMeant } from "./model/StatusWords.js"
export * as Setting from "./adapter/Setting.js"
export { settingVariable } from "./adapter/SettingVariable.js"
export { type StatisticFigures, statisticRow, type StatisticRow } from "./statistics/Figures.js"
export {
  type StatisticDimension,
  statisticDimensions,
  type StatisticKey,
} from "./statistics/Groups.js"
export {
  type FailingWorkflow,
  makeStatistics,
  type StatisticGroup,
  type Statistics,
  type StatisticsSummary,
  type SummaryOptions,
} from "./statistics/Statistics.js"
export type { TimeSeries } from "./statistics/TimeSeries.js"
export {
  fetchTransport,
  Transport,
  TransportFailure,
  type TransportService,
} from "./transport/Transport.js"
export { TransportSettings } from "./transport/TransportSettings.js"
export * as Wire from "./adapter/Wire.js"
