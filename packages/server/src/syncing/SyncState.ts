import type { AdapterError, Warning } from "@execlog/core"
import type { StoreError } from "@execlog/store"

/** Why a sync failed. */
export interface Failure {
  /** The reason of an AdapterError or a StoreError; `Failed` for any other error. */
  readonly code: AdapterError["reason"] | StoreError["reason"] | "Failed"
  readonly message: string
  readonly hint: string | null
  /** How long the provider asks to wait, in milliseconds; null if it does not. */
  readonly retryAfterMs: number | null
}

/** The failures since the last good sync. */
interface Failing extends Failure {
  /** When the first of them happened, in milliseconds. */
  readonly since: number
  readonly count: number
}

/** The state of the sync of a connection. Instants are milliseconds since 1970. */
export interface SyncState {
  readonly name: string
  readonly provider: string
  readonly intervalMs: number
  /** When the server began to sync it. */
  readonly startedAt: number
  readonly isSyncing: boolean
  /** When the next sync begins; null while one runs. */
  readonly nextAt: number | null
  /** When a sync last completed here; null if none has. */
  readonly completedAt: number | null
  readonly failing: Failing | null
  /** The warnings of the last sync. */
  readonly warnings: ReadonlyArray<Pick<Warning<string>, "code" | "text">>
  /** How many syncs have completed here. */
  readonly completed: number
  /** How many have failed here, by code. */
  readonly failures: ReadonlyMap<string, number>
}

/** The state of a connection before its first sync. */
export const firstState = (
  { name, provider, intervalMs }: Pick<SyncState, "name" | "provider" | "intervalMs">,
  startedAt: number,
): SyncState => ({
  name,
  provider,
  intervalMs,
  startedAt,
  isSyncing: false,
  nextAt: null,
  completedAt: null,
  failing: null,
  warnings: [],
  completed: 0,
  failures: new Map(),
})

/** A sync begins. */
export const beginSync = (state: SyncState): SyncState => ({
  ...state,
  isSyncing: true,
  nextAt: null,
})

/** A sync has completed. */
export const finishSync = (
  state: SyncState,
  { at, nextAt, warnings }: Pick<SyncState, "nextAt" | "warnings"> & { readonly at: number },
): SyncState => ({
  ...state,
  isSyncing: false,
  nextAt,
  completedAt: at,
  failing: null,
  warnings,
  completed: state.completed + 1,
})

/** A sync has failed. */
export const failSync = (
  state: SyncState,
  failure: Failure,
  { at, nextAt }: { readonly at: number; readonly nextAt: number },
): SyncState => ({
  ...state,
  isSyncing: false,
  nextAt,
  failing: {
    ...failure,
    since: state.failing?.since ?? at,
    count: (state.failing?.count ?? 0) + 1,
  },
  failures: new Map(state.failures).set(failure.code, (state.failures.get(failure.code) ?? 0) + 1),
})
