import type { SyncState } from "./SyncState.js"

/** A sync is overdue if none was good for so many intervals, or for this long at least. */
const intervals = 3
const leastMs = 5 * 60_000

/** The names of the connections of which no sync was good for too long. */
export const overdueSyncs = (
  states: ReadonlyMap<string, SyncState>,
  now: number,
): ReadonlyArray<string> =>
  [...states.values()]
    .filter(({ startedAt, completedAt, intervalMs, isSyncing, failing }) => {
      const patience = Math.max(intervals * intervalMs, leastMs)
      // A first sync may take hours, and is none the worse for it.
      if (isSyncing && failing === null) return false
      return now - (completedAt ?? startedAt) > patience
    })
    .map(({ name }) => name)
