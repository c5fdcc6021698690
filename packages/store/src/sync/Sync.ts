import type { AdapterError } from "@execlog/core"
import { runCheck, warningOf } from "@execlog/core/unstable"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { StoreError } from "../database/StoreError.js"
import { writeTransaction } from "../database/WriteTransaction.js"
import { type StoredConnection, setSynced } from "../tables/Connections.js"
import { mostRejected } from "../tables/RejectedItems.js"
import { syncPosition } from "../tables/SyncPositions.js"
import { identifyConnection } from "./ConnectionIdentity.js"
import type { SyncContext } from "./Context.js"
import { completeKept, recheckFailed } from "./FailureDetails.js"
import { type CheckedSync, type SyncOptions, checkSync } from "./Options.js"
import { readHistory, readOmitted, readRecent, warnIfStoredTwice } from "./Passes.js"
import { readGaps } from "./ReadGaps.js"
import { rereadRejected } from "./Rereads.js"
import type { SyncSource } from "./Source.js"
import { type SyncSummary, makeTally } from "./Summary.js"
import { markStale, refreshOpen } from "./Unfinished.js"

// Clocks of one network may differ by this much.
const noticeableMs = 60_000

/** Archives the new and changed executions of one connection. */
export const sync = Effect.fn("Store.sync")(function* (
  sql: SqlClient,
  source: SyncSource,
  options: SyncOptions,
): Effect.fn.Return<SyncSummary, AdapterError | StoreError | SqlError> {
  const checked = yield* runCheck(() => checkSync(options))
  const begunAt = yield* Clock.currentTimeMillis
  const found = yield* writeTransaction(sql, identifyConnection(sql, source, begunAt))
  const context = yield* makeContext(
    sql,
    source,
    found.connection,
    { ...options, checked },
    begunAt,
  )
  if (found.predecessor !== null) {
    context.warn(
      warningOf(
        "server_changed",
        `The connection has another server than at the last sync. The executions of the former server stay in the store under the name "${found.predecessor}"; those of the new one are stored separately.`,
      ),
    )
  }
  yield* rereadRejected(context)
  yield* readOmitted(context)
  if (!context.isStopped()) yield* readRecent(context, begunAt)
  if (!context.isStopped() && !checked.newOnly) yield* readHistory(context, begunAt)
  if (!context.isStopped()) yield* refreshOpen(context, begunAt)
  if (!context.isStopped()) yield* recheckFailed(context, begunAt)
  if (!context.isStopped()) yield* readGaps(context)
  if (!context.isStopped()) yield* completeKept(context)
  warnOfForgotten(context)
  if (context.isStopped()) return context.tally.summary()
  const now = yield* Clock.currentTimeMillis
  yield* markStale(context, now)
  yield* setSynced(sql, context.connection.id, now)
  context.tally.complete()
  return context.tally.summary()
})

const warnOfForgotten = ({ tally, warn }: SyncContext): void => {
  const { forgotten } = tally.summary()
  if (forgotten === 0) return
  warn(
    warningOf(
      "rejected_forgotten",
      `More than ${mostRejected} items could not be read: the oldest ${forgotten} were dropped. Once the adapter is fixed, a full sync reads them again.`,
    ),
  )
}

const makeContext = Effect.fnUntraced(function* (
  sql: SqlClient,
  source: SyncSource,
  connection: StoredConnection,
  {
    checked,
    onProgress,
    onWarning,
    signal,
  }: Pick<SyncOptions, "onProgress" | "onWarning" | "signal"> & { readonly checked: CheckedSync },
  now: number,
): Effect.fn.Return<SyncContext, AdapterError | SqlError> {
  const warn = onWarning ?? (({ text }) => console.error(text))
  // After the clock was set back, new observations would count as older than stored ones.
  const behind = Math.max(0, (connection.observedAt ?? 0) + 1 - now)
  if (behind > noticeableMs) {
    warn(
      warningOf(
        "clock_set_back",
        `The clock of this machine is ${Math.round(behind / 1000)} s behind the clock of the last sync; what this sync reads still counts as newer.`,
      ),
    )
  }
  const tally = makeTally(connection.name, connection.provider)
  const plan = yield* source.explain({ include: checked.include, planned: true })
  const keptSince = yield* startOfHistory(sql, connection, checked)
  return {
    sql,
    source,
    connection,
    options: checked,
    plan,
    tally,
    warn,
    stopped: whenAborted(signal),
    isStopped: () => signal?.aborted === true,
    outage: { error: null },
    begunAt: now + behind,
    stamp: (instant) => instant + behind,
    wanted: ({ executions }) =>
      keptSince === null
        ? executions
        : executions.filter(
            ({ timestamp }) => timestamp === null || timestamp.getTime() >= keptSince,
          ),
    report: (pass, page, saved) => {
      tally.addSaved(saved)
      tally.add("rejected", page.rejected.length)
      tally.add("pages", 1)
      for (const warning of page.warnings) warn(warning)
      onProgress?.(tally.progress(pass, page))
    },
    warnIfStoredTwice: (page) => warnIfStoredTwice(sql, connection, page.executions, warn),
  }
})

/** Executions with an earlier timestamp are not stored: the earliest `since`, of this sync or the history. */
const startOfHistory = Effect.fnUntraced(function* (
  sql: SqlClient,
  connection: StoredConnection,
  { since, full, newOnly }: CheckedSync,
): Effect.fn.Return<number | null, SqlError> {
  const history = yield* syncPosition(sql, connection, "history")
  if (newOnly) return history?.query.since ?? null
  if (history === null || full) return since
  const reached = history.query.since
  return reached === null || since === null ? reached : Math.min(reached, since)
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
