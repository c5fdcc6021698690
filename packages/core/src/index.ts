export * as Adapter from "./Adapter.js"
export { AdapterError, type AdapterErrorReason } from "./AdapterError.js"
export * as Auth from "./Auth.js"
export type { Change } from "./Change.js"
export { checking } from "./Checking.js"
export { type CallOptions, type Client, type ClientOptions, createClient } from "./Client.js"
export { describeIssue } from "./Issue.js"
export type {
  Connection,
  ExecutionDraft,
  ProviderProblem,
  RequestSpec,
  StepDraft,
} from "./Connection.js"
export type { Cursor } from "./LogPage.js"
export {
  type AskOne,
  completeDetails,
  type DetailedExecutions,
  detailsWarning,
  lacksDetails,
} from "./Details.js"
export type { ErrorCount } from "./ErrorCounts.js"
export { type Actor, Execution, ExecutionFromJson, type Step, TriggerKind } from "./Execution.js"
export { type Redact, redactPaths } from "./ExecutionRedaction.js"
export type { Entry } from "./Entry.js"
export { withParts } from "./ExecutionParts.js"
export { Executions, type ExecutionsService, makeExecutions } from "./Executions.js"
export { ExecutionStatus, executionStatuses, isTerminal } from "./ExecutionStatus.js"
export { isOfOneExecution, mayPass } from "./FailureKind.js"
export * as Filter from "./Filter.js"
export { defaultLookBackMs, defaultStaleAfterMs, type FollowOptions } from "./FollowOptions.js"
export { parseInstant, parseSpan } from "./Instant.js"
export * as Join from "./Join.js"
export { isJsonList, isJsonObject, type Json, type JsonObject, parseJson } from "./Json.js"
export { compareListing, listingTime } from "./ListingOrder.js"
export type { ListedSpan, LogPage, Rejected } from "./LogPage.js"
export {
  type CheckedQuery,
  checkQuery,
  Include,
  type LogQuery,
  type Order,
  isPlanned,
  passesFilter,
} from "./LogQuery.js"
export type { GotMany } from "./AskingOneByOne.js"
export type { GetManyOptions } from "./ManyReading.js"
export { type MergeSource, mergeByTimestamp } from "./Merge.js"
export { mergeObservation } from "./Observation.js"
export { omittedQueries } from "./OmittedQueries.js"
export { openQueries, unwatched } from "./OpenQueries.js"
export { instantOption, wholeNumberOption } from "./OptionChecks.js"
export * as Pagination from "./Pagination.js"
export { matchesPath, type PathPattern, readPathPattern } from "./PathPattern.js"
export {
  type ConnectionOptions,
  Details,
  type CompleteOptions,
  type GetOptions,
  type PagesOptions,
  type StreamOptions,
} from "./ReadOptions.js"
export type { FilterPlan, QueryPlan } from "./QueryPlan.js"
export { summingRejected } from "./Reporting.js"
export type { Reread } from "./Rereading.js"
export { makeRedactor, redacted, type Redactor } from "./Redaction.js"
export { statusMeant } from "./StatusWords.js"
export * as Setting from "./Setting.js"
export { settingVariable } from "./SettingVariable.js"
export type { StatisticFigures } from "./StatisticFigures.js"
export {
  type StatisticDimension,
  statisticDimensions,
  type StatisticKey,
} from "./StatisticGroups.js"
export { type StatisticRow, statisticRow } from "./StatisticRow.js"
export {
  type FailingWorkflow,
  makeStatistics,
  type StatisticGroup,
  type Statistics,
  type StatisticsSummary,
  type SummaryOptions,
} from "./Statistics.js"
export type { TimeSeries } from "./TimeSeries.js"
export { fetchTransport, Transport, TransportFailure, type TransportService } from "./Transport.js"
export { TransportSettings } from "./TransportSettings.js"
export * as Wire from "./Wire.js"
