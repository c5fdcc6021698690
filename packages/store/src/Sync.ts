import type { AdapterError, Include } from "@execlog/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { markStale, refreshOpen } from "./OpenExecutions.js"
import { rereadRejected } from "./RejectedItemReading.js"
import { ensureConnection, setSynced, type StoredConnection } from "./StoredConnections.js"
import type { StoreError } from "./StoreError.js"
import type { SyncContext } from "./SyncContext.js"
import { readHistory, readOmitted, readRecent } from "./SyncPasses.js"
import { syncPosition } from "./SyncPositions.js"
import type { SyncSource } from "./SyncSource.js"
import { makeTally, type SyncProgress, type SyncSummary } from "./SyncTally.js"
import { warnOfTwins } from "./Twins.js"
import { writing } from "./Writing.js"

/** How a connection is synced. */
export interface SyncOptions {
  /**
   * How far back the history is read, by the start of its executions; the whole of it where nothing
   * is said. A later sync goes on from what was read before, and back to here where that is earlier.
   */
  readonly since?: Date | undefined
  /** Read the history again, from the newest back to `since`. */
  readonly full?: boolean | undefined
  /** Keep no history: only what is listed from now on, or what was listed since `since`. */
  readonly newOnly?: boolean | undefined
  /** What to keep beside the summary of each execution. */
  readonly include?: ReadonlyArray<Include> | undefined
  /** How far below what was read before listing is read again, for rows that appear late; 10 minutes. */
  readonly lookBackMs?: number | undefined
  /** How long an execution may be unfinished before it is asked for no more; 7 days. */
  readonly staleAfterMs?: number | undefined
  /** Is told how far it has come, after each page that was kept. */
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined
  /** Is told of each warning. */
  readonly onWarning?: ((warning: string) => void) | undefined
  /** Aborting it ends the sync after the page in hand. The next one goes on there. */
  readonly signal?: AbortSignal | undefined
}

const minute = 60_000
const day = 24 * 60 * minute

/** Brings what is kept of one connection up to date. */
export const sync = Effect.fn("Store.sync")(function* (
  sql: SqlClient,
  source: SyncSource,
  options: SyncOptions,
): Effect.fn.Return<SyncSummary, AdapterError | StoreError | SqlError> {
  const begunAt = yield* Clock.currentTimeMillis
  const found = yield* writing(
    sql,
    ensureConnection(
      sql,
      { name: source.name ?? source.provider, provider: source.provider, server: source.server },
      begunAt,
    ),
  )
  const context = yield* makeContext(sql, source, found.connection, options, begunAt)
  if (found.hasMoved) {
    context.warn(
      "Its server or its settings are others than at the last sync: its history is read again.",
    )
  }
  yield* rereadRejected(context, options.include ?? [])
  const passes = { ...options, lookBackMs: options.lookBackMs ?? 10 * minute }
  yield* readOmitted(context, passes)
  if (!context.isStopped()) yield* readRecent(context, passes, begunAt)
  if (!context.isStopped() && options.newOnly !== true) {
    yield* readHistory(context, passes, begunAt)
  }
  if (!context.isStopped()) yield* refreshOpen(context, begunAt)
  if (context.isStopped()) return context.tally.summary()
  const now = yield* Clock.currentTimeMillis
  yield* markStale(context, now, options.staleAfterMs ?? 7 * day)
  yield* setSynced(sql, context.connection.id, now)
  context.tally.complete()
  return context.tally.summary()
})

const makeContext = Effect.fnUntraced(function* (
  sql: SqlClient,
  source: SyncSource,
  connection: StoredConnection,
  options: SyncOptions,
  now: number,
): Effect.fn.Return<SyncContext, SqlError> {
  const { onProgress, onWarning, signal } = options
  const warn = onWarning ?? ((warning) => console.error(warning))
  const [row] = yield* sql<{ latest: number | null }>`
    SELECT max(observed_at) AS latest FROM executions WHERE connection_id = ${connection.id}`
  // Were the clock set back, what is seen now would count as older than what was seen before.
  const behind = Math.max(0, (row?.latest ?? 0) + 1 - now)
  if (behind > minute) {
    warn(
      `The clock of this machine is ${Math.round(behind / 1000)} s behind that of the last sync; what is read now counts as the newer all the same.`,
    )
  }
  const tally = makeTally(connection.name, connection.provider)
  const keptSince = yield* startOfHistory(sql, connection, options)
  return {
    sql,
    source,
    connection,
    tally,
    warn,
    stopped: whenAborted(signal),
    isStopped: () => signal?.aborted === true,
    stamp: (instant) => instant + behind,
    wanted: ({ executions }) =>
      keptSince === null
        ? executions
        : executions.filter(
            ({ startedAt }) => startedAt === null || startedAt.getTime() >= keptSince,
          ),
    report: (pass, page, saved) => {
      tally.addSaved(saved)
      tally.add("rejected", page.rejected.length)
      tally.add("pages", 1)
      for (const warning of page.warnings) warn(warning)
      onProgress?.(tally.progress(pass, page))
    },
    warnOfTwins: (page) => warnOfTwins(sql, connection, page.executions, warn),
  }
})

/** What started before it is not kept: what users asked for, now or when the history was read. */
const startOfHistory = Effect.fnUntraced(function* (
  sql: SqlClient,
  connection: StoredConnection,
  { since, full, newOnly }: SyncOptions,
): Effect.fn.Return<number | null, SqlError> {
  const history = yield* syncPosition(sql, connection, "history")
  if (newOnly === true) return history?.query.startedAfter ?? null
  const asked = since?.getTime() ?? null
  if (history === null || full === true) return asked
  const { startedAfter } = history.query
  return startedAfter === null || asked === null ? startedAfter : Math.min(startedAfter, asked)
})

const whenAborted = (signal: AbortSignal | undefined): Effect.Effect<void> =>
  signal === undefined
    ? Effect.never
    : Effect.callback<void>((resume) => {
        const onAbort = () => resume(Effect.void)
        if (signal.aborted) onAbort()
        else signal.addEventListener("abort", onAbort, { once: true })
        return Effect.sync(() => signal.removeEventListener("abort", onAbort))
      })
