export type { Access } from "./database/StoreAddress.js"
export type { DatabaseOptions } from "./database/Database.js"
export {
  ExecutionStore,
  type ExecutionStoreService,
  type StoredListOptions,
} from "./ExecutionStore.js"
export type { FailedDelivery, UndeliveredChange } from "./tables/FailedDeliveries.js"
export type { Status, ExecutionChange, StatusChange } from "./tables/StatusChanges.js"
export { openStore, type Store, type StoreOptions } from "./Store.js"
export type { ConnectionState } from "./tables/Connections.js"
export { namesFile } from "./database/StoreAddress.js"
export { StoreError, type StoreErrorFields, type StoreErrorReason } from "./database/StoreError.js"
export type { StoreHint, StoreHintCode } from "./database/StoreHint.js"
export type { StoredExecution } from "./query/One.js"
export type { RejectedListOptions, RejectedPage, StoredRejected } from "./query/RejectedList.js"
export type { Gone } from "./query/Conditions.js"
export type { StoredEntry, StoredScope } from "./query/List.js"
export type { SyncOptions, SyncWarning, SyncWarningCode } from "./sync/Options.js"
export { sourceOfClient, type SyncClient, type SyncSource } from "./sync/Source.js"
export type { PassName } from "./tables/SyncPositions.js"
export { emptySummary, type SyncProgress, type SyncSummary } from "./sync/Summary.js"
