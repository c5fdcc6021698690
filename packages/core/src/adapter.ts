/** What adapters are written with: `import { Adapter } from "@execlog/core/adapter"`. */
export * as Adapter from "./adapter/Adapter.js"
export * as Auth from "./adapter/Auth.js"
export type {
  Connection,
  ExecutionDraft,
  ProviderProblem,
  RequestSpec,
  StepDraft,
} from "./adapter/Connection.js"
export * as Filter from "./adapter/Filter.js"
export * as Id from "./adapter/Id.js"
export * as Join from "./adapter/Join.js"
export type { MappedExecution } from "./adapter/MappedExecution.js"
export * as Pagination from "./adapter/Pagination.js"
export * as Setting from "./adapter/Setting.js"
export * as Wire from "./adapter/Wire.js"
export { type Execution, ExecutionStatus, Include, TriggerKind } from "./model/Execution.js"
export { parseInstant } from "./model/Instant.js"
export { isJsonList, isJsonObject, type Json, type JsonObject, parseJson } from "./model/Json.js"
export type { CheckedQuery, LogQuery } from "./model/LogQuery.js"
