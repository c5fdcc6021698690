import type { AdapterError, Execution, LogQuery } from "@execlog/core"
import { omittedQueries, openQueries, unwatched, warningOf } from "@execlog/core/unstable"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { forSet } from "../database/StatementBatches.js"
import { writeTransaction } from "../database/WriteTransaction.js"
import { type StoredConnection, setListedUpTo } from "../tables/Connections.js"
import { storedText } from "../tables/StoredText.js"
import { type PassQuery, type SyncPosition, syncPosition } from "../tables/SyncPositions.js"
import type { SyncContext } from "./Context.js"
import type { SyncWarning } from "./Options.js"
import { passFrom, runPass, savePage } from "./Pass.js"

/** Every unknown execution counts as new, since all others were stored before. */
const allIsNews = 0

/** Finishes an interrupted recent pass, then reads what was listed since the last sync. */
export const readRecent = Effect.fnUntraced(function* (
  context: SyncContext,
  begunAt: number,
): Effect.fn.Return<void, AdapterError | SqlError> {
  const { sql, connection, stamp } = context
  const { lookBackMs, newOnly, since } = context.options
  const query: PassQuery = { since: null, until: null, ...kept(context) }
  const left = yield* syncPosition(sql, connection, "recent")
  const unfinished = left?.finishedAt === null ? left : null
  // Baseline: executions listed before the first sync are not reported as new.
  const firstNews = newOnly ? since : null
  if (unfinished !== null) {
    yield* runPass(context, "recent", including(unfinished, kept(context)))
    if (context.isStopped()) return
  }
  // Without a history, executions listed before the first sync stay out.
  const history = yield* syncPosition(sql, connection, "history")
  const floor = history === null ? (left?.listedSince ?? 0) : 0
  const listedUpTo = latest(connection.listedUpTo, unfinished?.listedUpTo ?? null)
  if (listedUpTo !== null) {
    // A clock that was ahead may have recorded a time still to come.
    const from = Math.max(floor, Math.min(listedUpTo, begunAt) - lookBackMs)
    // Older rows on the last page are not news, nor are rows that a first history has not reached. A
    // history that is read again has reported everything before.
    const isFirstHistory = history?.finishedAt === null && history.newsSince !== allIsNews
    const reached = isFirstHistory ? history.listedUpTo : null
    const newsSince = latest(from, reached)
    const pass = { query, begunAt: stamp(begunAt), newsSince, listedSince: from }
    yield* runPass(context, "recent", passFrom(pass))
  } else if (newOnly) {
    yield* readOpen(context)
    if (context.isStopped()) return
    const from = Math.min(begunAt - lookBackMs, firstNews ?? begunAt)
    const pass = { query, begunAt: stamp(begunAt), newsSince: firstNews, listedSince: from }
    yield* runPass(context, "recent", passFrom(pass))
    if (!context.isStopped()) yield* writeTransaction(sql, setListedUpTo(sql, connection.id, from))
  }
})

/** Resumes the history, extends it to an earlier start, or reads all of it again. */
export const readHistory = Effect.fnUntraced(function* (
  context: SyncContext,
  begunAt: number,
): Effect.fn.Return<void, AdapterError | SqlError> {
  const { sql, connection, stamp } = context
  const { full, since } = context.options
  const run = (position: SyncPosition) => runPass(context, "history", position)
  const left = yield* syncPosition(sql, connection, "history")
  const isWhole = left === null || connection.listedUpTo === null
  if (left?.finishedAt === null && !(full && !covers(left.query, since))) {
    yield* run(including(left, kept(context)))
  } else if (isWhole || full) {
    const query = { since, until: null, ...kept(context) }
    // Unknown executions within a history that was read completely are new.
    const wasRead = !isWhole && left.finishedAt !== null && covers(left.query, since)
    const newsSince = wasRead ? allIsNews : connection.listedUpTo
    return yield* run(passFrom({ query, begunAt: stamp(begunAt), newsSince, listedSince: null }))
  }
  if (context.isStopped() || left === null) return
  const reached = left.query.since
  if (reached !== null && since !== null && since < reached) {
    const query = { since, until: reached, ...kept(context) }
    const newsSince = connection.listedUpTo
    yield* run(passFrom({ query, begunAt: stamp(begunAt), newsSince, listedSince: null }))
  }
})

/** Whether a pass reads everything that started at or after an instant. */
const covers = (query: PassQuery, since: number | null): boolean =>
  query.until === null && (query.since === null || (since !== null && query.since <= since))

/** The parts and the page size of a pass. */
type Kept = Pick<PassQuery, "include" | "pageSize">

const kept = ({ options: { include, pageSize } }: SyncContext): Kept => ({
  include,
  ...(pageSize === null ? {} : { pageSize }),
})

/** Resumes a pass. It starts over if the parts or the page size differ, which its cursor does not fit. */
const including = (position: SyncPosition, { include, pageSize }: Kept): SyncPosition => {
  const { query } = position
  const isSame =
    query.include.toSorted().join() === include.toSorted().join() &&
    (pageSize === undefined || pageSize === query.pageSize)
  return isSame
    ? position
    : {
        ...position,
        cursor: null,
        query: { ...query, include, ...(pageSize === undefined ? {} : { pageSize }) },
      }
}

const latest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)

/**
 * Reads what the list omits unless asked for it, such as running executions. Before the list: an execution
 * that ends in between is then listed, or known to be unfinished.
 */
export const readOmitted = Effect.fnUntraced(function* (
  context: SyncContext,
): Effect.fn.Return<void, AdapterError | SqlError> {
  const { source, connection, plan } = context
  const { newOnly, since } = context.options
  // After the first sync, every omitted execution is already known.
  const newsSince = connection.listedUpTo === null ? (newOnly ? since : null) : allIsNews
  const asked = { ...kept(context), planned: true }
  const queries = yield* omittedQueries(source.explain, plan.omits, asked)
  noteOmittedStatuses(context, queries)
  yield* readWhole(context, queries, newsSince)
})

/**
 * Reads unfinished executions of any age when a store starts without history, so that their ends are
 * noticed. Warns of statuses that cannot be queried.
 */
const readOpen = Effect.fnUntraced(function* (
  context: SyncContext,
): Effect.fn.Return<void, AdapterError | SqlError> {
  const { source, plan, warn } = context
  const asked = { ...kept(context), planned: true }
  const { queries, unasked } = yield* openQueries(source.explain, asked, source.statuses)
  yield* readWhole(context, queries, null)
  if (unasked.length > 0) warn(unwatched(plan, unasked))
})

/** Saves everything that some queries return. Executions listed since `newsSince` are new; null: none is. */
const readWhole = Effect.fnUntraced(function* (
  context: SyncContext,
  queries: ReadonlyArray<LogQuery>,
  newsSince: number | null,
): Effect.fn.Return<void, AdapterError | SqlError> {
  const { source, stamp } = context
  for (const asked of queries) {
    if (context.isStopped()) return
    const { pages } = yield* source.prepare(asked)
    yield* pages().pipe(
      Stream.interruptWhen(context.stopped),
      Stream.runForEach((page) => {
        const observedAt = stamp(page.requestedAt.getTime())
        return writeTransaction(
          context.sql,
          savePage(context, page, { observedAt, newsSince }),
        ).pipe(
          Effect.map((saved) => {
            context.report("recent", page, saved)
          }),
        )
      }),
    )
  }
})

/** Counts the statuses that no query returns. Lists ordered by number find them through gaps instead. */
const noteOmittedStatuses = (
  { plan, tally }: SyncContext,
  queries: ReadonlyArray<LogQuery>,
): void => {
  if (plan.listedBy === "number") return
  const asked = queries.flatMap(({ status }) => status ?? [])
  tally.omits(plan.omits.filter((status) => !asked.includes(status)))
}

/** Warns if another connection to the same server stores executions with the same ids. */
export const warnIfStoredTwice = Effect.fnUntraced(function* (
  sql: SqlClient,
  { id, name, provider, server }: StoredConnection,
  executions: ReadonlyArray<Execution>,
  warn: (warning: SyncWarning) => void,
): Effect.fn.Return<void, SqlError> {
  if (executions.length === 0) return
  const ids = executions.map((execution) => storedText(execution.id))
  const found = yield* forSet(
    sql,
    ids,
    (some) => sql<{ name: string; count: number }>`
      SELECT name, CAST(count(*) AS integer) AS count
      FROM connections JOIN executions ON executions.connection_id = connections.id
      WHERE connections.id <> ${id} AND provider = ${provider} AND server = ${server}
        AND executions.id IN ${some}
      GROUP BY name`,
  )
  const counts = new Map<string, number>()
  for (const other of found) counts.set(other.name, (counts.get(other.name) ?? 0) + other.count)
  if (counts.size === 0) return
  const others = [...counts.keys()]
    .toSorted()
    .map((other) => `"${other}"`)
    .join(", ")
  const most = [...counts.values()].reduce((a, b) => Math.max(a, b))
  warn(
    warningOf(
      "stored_twice",
      `${most} of its newest executions are also stored under the name ${others}: lists and statistics of all connections count them twice. If that is the former name of "${name}", use it again, or query "${name}" alone from now on. If both connections read the same account, remove one of them.`,
    ),
  )
})
