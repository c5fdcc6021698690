import { AdapterError, type DetailedExecutions, type LogPage, type LogQuery } from "@execlog/core"
import { warningOf } from "@execlog/core/unstable"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { writeTransaction } from "../database/WriteTransaction.js"
import { setListedUpTo } from "../tables/Connections.js"
import { noteNumbers } from "../tables/Gaps.js"
import { type Saved, type Sighting, saveObservations } from "../tables/Observations.js"
import { saveRejected } from "../tables/RejectedItems.js"
import {
  type PassName,
  type PassQuery,
  type SyncPosition,
  setSyncPosition,
} from "../tables/SyncPositions.js"
import type { SyncContext } from "./Context.js"
import { completeNews, noteDetails } from "./FailureDetails.js"

/** The start position of a pass. */
export const passFrom = (
  start: Pick<SyncPosition, "query" | "begunAt" | "newsSince" | "listedSince">,
): SyncPosition => ({
  ...start,
  cursor: null,
  listedUpTo: null,
  finishedAt: null,
})

/**
 * Walks from the newest execution back, or resumes an unfinished walk. Each page is stored in one
 * transaction with the position after it, so that a killed sync resumes without loss.
 */
export const runPass = Effect.fnUntraced(function* (
  context: SyncContext,
  pass: PassName,
  start: SyncPosition,
): Effect.fn.Return<void, AdapterError | SqlError> {
  const walk = (from: SyncPosition) => walkPages(context, pass, from)
  return yield* start.cursor === null
    ? walk(start)
    : walk(start).pipe(
        Effect.catchIf(
          // The cursor is of other settings or of another version. Starting over loses nothing.
          (error) => AdapterError.is(error) && error.reason === "InvalidQuery",
          (error) => {
            context.warn(
              warningOf(
                "sync_restarted",
                `Cannot resume the last sync: ${error.message} Starting over.`,
              ),
            )
            return walk({ ...start, cursor: null, listedUpTo: null })
          },
        ),
      )
})

const walkPages = Effect.fnUntraced(function* (
  context: SyncContext,
  pass: PassName,
  start: SyncPosition,
): Effect.fn.Return<void, AdapterError | SqlError> {
  const { source, sql, connection } = context
  const { plan, pages } = yield* source.prepare(logQueryOf(start.query))
  const { lists, listedBy } = plan
  let position = start
  let isFirst = start.cursor === null
  const keep = Effect.fnUntraced(function* (page: LogPage) {
    const now = yield* Clock.currentTimeMillis
    position = positionAfter(position, page, now)
    const observedAt =
      lists === "events" ? position.begunAt : context.stamp(page.requestedAt.getTime())
    const wanted = context.wanted(page)
    // History is not reported to followers; its details are requested at the end.
    const detailed =
      pass === "recent"
        ? yield* completeNews(context, wanted)
        : { executions: wanted, completed: [] }
    const saved = yield* writeTransaction(
      sql,
      Effect.gen(function* () {
        const sighting = {
          observedAt,
          newsSince: position.newsSince,
          keepsTerminal: lists === "events",
        }
        const counts = yield* savePage(context, page, sighting, detailed)
        if (listedBy === "number") yield* noteNumbers(sql, connection.id, page)
        yield* setSyncPosition(sql, connection, pass, position)
        yield* noteListed(context, pass, position)
        return counts
      }),
    )
    context.report(pass, page, saved)
    // The newest executions are enough to detect those that another connection stores.
    if (isFirst && pass === "history") yield* context.warnIfStoredTwice(page)
    isFirst = false
  })
  const listedSince = start.listedSince === null ? undefined : new Date(start.listedSince)
  yield* pages({ cursor: start.cursor, listedSince }).pipe(
    Stream.interruptWhen(context.stopped),
    // A page received after the stop is read again later.
    Stream.takeWhile(() => !context.isStopped()),
    Stream.runForEach(keep),
  )
  if (context.isStopped() || position.finishedAt !== null) return
  // The walk ended at its lower bound, within a page.
  position = { ...position, cursor: null, finishedAt: yield* Clock.currentTimeMillis }
  yield* writeTransaction(
    sql,
    Effect.andThen(setSyncPosition(sql, connection, pass, position), () =>
      noteListed(context, pass, position),
    ),
  )
})

const positionAfter = (before: SyncPosition, page: LogPage, now: number): SyncPosition => {
  const to = page.listed.to?.getTime() ?? null
  return {
    ...before,
    cursor: page.next,
    listedUpTo: to === null ? before.listedUpTo : Math.max(to, before.listedUpTo ?? to),
    finishedAt: page.next === null ? now : null,
  }
}

/** Moves `listedUpTo`: at the first page of a history, but only at the end of a recent pass. */
const noteListed = (
  { sql, connection }: SyncContext,
  pass: PassName,
  { query, listedUpTo, finishedAt }: SyncPosition,
): Effect.Effect<void, SqlError> => {
  if (finishedAt === null && (pass === "recent" || listedUpTo === null)) return Effect.void
  // If nothing was listed, everything later is new.
  const reached = listedUpTo ?? query.since ?? 0
  return Effect.asVoid(setListedUpTo(sql, connection.id, reached))
}

/** The query of a pass for core. */
const logQueryOf = ({ since, until, include, pageSize }: PassQuery): LogQuery => ({
  since: since === null ? undefined : new Date(since),
  until: until === null ? undefined : new Date(until),
  planned: true,
  include,
  pageSize,
})

/** Saves a page. Call it within a transaction. */
export const savePage = Effect.fnUntraced(function* (
  context: SyncContext,
  page: LogPage,
  sighting: Omit<Sighting, "itemIds">,
  { executions, completed }: Pick<DetailedExecutions, "executions" | "completed"> = {
    executions: context.wanted(page),
    completed: [],
  },
): Effect.fn.Return<Saved, SqlError> {
  const { sql, connection } = context
  // Rejected items are decoded again later; joined rows cannot be, without their executions.
  const items = page.rejected.filter(({ isJoined }) => !isJoined)
  const saved = yield* saveObservations(sql, connection, executions, {
    ...sighting,
    itemIds: page.itemIds,
  })
  yield* noteDetails(context, completed, sighting.observedAt)
  const { observedAt } = sighting
  const seen = { observedAt, begunAt: context.begunAt }
  const forgotten = yield* saveRejected(sql, connection, items, seen)
  context.tally.add("forgotten", forgotten)
  for (const { reason } of page.rejected.filter(({ isJoined }) => isJoined)) {
    context.warn(
      warningOf(
        "joined_rows_rejected",
        `A row that belongs to executions could not be read, so they are stored without it: ${reason} Once the adapter is fixed, a full sync reads it again.`,
      ),
    )
  }
  return saved
})
