export type { Access } from "./Access.js"
export type { DatabaseOptions } from "./Database.js"
export {
  ExecutionStore,
  type ExecutionStoreService,
  type StoredListOptions,
} from "./ExecutionStore.js"
export type { FailedDelivery, UndeliveredChange } from "./FailedDeliveries.js"
export type { Status, ExecutionChange, StatusChange } from "./StatusChanges.js"
export { openStore, type Store, type StoreOptions } from "./Store.js"
export type { ConnectionState } from "./StoredConnections.js"
export { namesFile } from "./StoreAddress.js"
export { StoreError, type StoreErrorReason } from "./StoreError.js"
export type { StoredExecution } from "./StoredExecution.js"
export type { Gone } from "./StoredConditions.js"
export type { StoredEntry, StoredScope } from "./StoredList.js"
export type { SyncOptions } from "./SyncOptions.js"
export { sourceOfClient, type SyncSource } from "./SyncSource.js"
export type { PassName } from "./SyncPositions.js"
export type { SyncProgress, SyncSummary } from "./SyncTally.js"
