import type * as Context from "effect/Context"
import * as Metric from "effect/Metric"
import type { ShownConnection } from "../syncing/ConnectionStates.js"
import type { SyncState } from "../syncing/SyncState.js"

const syncedAt = Metric.gauge("execlog_sync_last_success_timestamp_seconds", {
  description: "When a sync of the connection last completed, in seconds since 1970",
})
const failing = Metric.gauge("execlog_sync_failing", {
  description: "1 if the last sync of the connection failed, else 0",
})
const completed = Metric.counter("execlog_syncs_total", {
  incremental: true,
  description: "Syncs of the connection that completed since the server started",
})
const failures = Metric.counter("execlog_sync_failures_total", {
  incremental: true,
  description: "Syncs of the connection that failed since the server started, by reason",
})
const rejected = Metric.gauge("execlog_rejected_items", {
  description: "Items of the connection that could not be read",
})

/** Writes the figures of syncs into the registry of a context, which is new. */
export const setSyncMetrics = (
  registry: Context.Context<never>,
  connections: ReadonlyArray<ShownConnection>,
  states: ReadonlyMap<string, SyncState>,
): void => {
  for (const { name: connection, syncedAt: last, rejected: items } of connections) {
    const of = { connection }
    if (last !== null) {
      Metric.withAttributes(syncedAt, of).updateUnsafe(last.getTime() / 1000, registry)
    }
    Metric.withAttributes(rejected, of).updateUnsafe(items, registry)
    const state = states.get(connection)
    if (state === undefined) continue
    Metric.withAttributes(failing, of).updateUnsafe(state.failing === null ? 0 : 1, registry)
    Metric.withAttributes(completed, of).updateUnsafe(state.completed, registry)
    for (const [reason, count] of state.failures) {
      Metric.withAttributes(failures, { connection, reason }).updateUnsafe(count, registry)
    }
  }
}
