import type { AdapterError } from "@execlog/core"
import type { ExecutionStoreService, StoreError } from "@execlog/store"
import * as Effect from "effect/Effect"
import type { ConnectionState } from "../api/ConnectionsApi.js"
import type { Syncs } from "./Syncs.js"
import type { SyncState } from "./SyncState.js"

/** A connection, as the API shows it. */
export type ShownConnection = typeof ConnectionState.Type

/** The connections that are synced here, and those whose executions are stored, by name. */
export const connectionStates = Effect.fnUntraced(function* (
  store: ExecutionStoreService,
  syncs: Syncs["Service"],
): Effect.fn.Return<ReadonlyArray<ShownConnection>, AdapterError | StoreError> {
  const synced = yield* syncs.states
  const stored = new Map((yield* store.connections()).map((one) => [one.name, one]))
  const names = [...new Set([...synced.keys(), ...stored.keys()])].toSorted()
  return names.flatMap((name): ReadonlyArray<ShownConnection> => {
    const state = synced.get(name)
    const kept = stored.get(name)
    const provider = state?.provider ?? kept?.provider
    if (provider === undefined) return []
    const { syncedAt = null, listedUpTo = null, rejected = 0 } = kept ?? {}
    return [{ name, provider, syncedAt, listedUpTo, rejected, ...syncOf(state) }]
  })
})

type Synced = Pick<ShownConnection, "state" | "intervalMs" | "nextSyncAt" | "failure" | "warnings">

const syncOf = (state: SyncState | undefined): Synced => {
  if (state === undefined) {
    return { state: "stored", intervalMs: null, nextSyncAt: null, failure: null, warnings: [] }
  }
  const { intervalMs, isSyncing, nextAt, failing, warnings } = state
  return {
    state: failing !== null ? "failing" : isSyncing ? "syncing" : "waiting",
    intervalMs,
    nextSyncAt: nextAt === null ? null : new Date(nextAt),
    failure:
      failing === null
        ? null
        : {
            code: failing.code,
            message: failing.message,
            hint: failing.hint,
            since: new Date(failing.since),
            count: failing.count,
          },
    warnings: warnings.map(({ code, text }) => ({ code, text })),
  }
}
