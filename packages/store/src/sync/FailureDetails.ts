import type { AdapterError, DetailedExecutions, Execution } from "@execlog/core"
import { detailsWarning, isOfOneExecution, lacksDetails } from "@execlog/core/unstable"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { unlessDamaged } from "../database/DamagedRow.js"
import { forSet } from "../database/StatementBatches.js"
import { writeTransaction } from "../database/WriteTransaction.js"
import { executionOf } from "../tables/Documents.js"
import { untimed } from "../tables/Executions.js"
import { saveObservations } from "../tables/Observations.js"
import { storedText } from "../tables/StoredText.js"
import type { SyncContext } from "./Context.js"
import { type RequestedRow, requestAgain } from "./RequestAgain.js"

/** The most attempts to complete an execution. */
const mostTries = 3
const inBatch = 50

interface DueRow {
  readonly key: number
  readonly execution: string
}

/**
 * Completes by `get` stored executions that ended without a reason in the list, including those that an
 * earlier sync left incomplete.
 */
export const completeKept = Effect.fnUntraced(function* (
  context: SyncContext,
): Effect.fn.Return<void, AdapterError | SqlError> {
  const { sql, connection, tally, options } = context
  const { details, include } = options
  if (details === "none") return
  const missing: Array<DetailedExecutions["incomplete"][number]> = []
  let after = 0
  for (;;) {
    if (context.isStopped()) break
    const rows: ReadonlyArray<DueRow> = yield* dueRows(context, after)
    const last = rows.at(-1)
    if (last === undefined) break
    after = last.key
    // A damaged row waits until a list returns it again.
    const due = rows.flatMap((row) => unlessDamaged(() => executionOf(row, connection)) ?? [])
    const { error } = context.outage
    if (error !== null) {
      missing.push(...due.map(({ id }) => ({ id, error })))
      continue
    }
    const askedAt = context.stamp(yield* Clock.currentTimeMillis)
    const got = yield* context.source
      .complete(due, { details, include })
      .pipe(Effect.raceFirst(Effect.as(context.stopped, null)))
    if (got === null) break
    missing.push(...got.incomplete)
    noteOutage(context, got)
    // An outage does not count as an attempt.
    if (context.outage.error !== null) continue
    if (got.incomplete.some(({ error }) => error.reason === "Unsupported")) {
      tally.lacksDetails()
      break
    }
    yield* writeTransaction(sql, saveDetails(context, got, askedAt))
    tally.add("detailed", got.completed.length)
    // If all of a batch fail, the rest will too.
    if (got.completed.length === 0 && got.incomplete.length === rows.length) break
  }
  tally.add("missingDetails", yield* countLacking(context))
  const warning = detailsWarning(missing)
  if (warning !== null) context.warn(warning)
})

/** Detects an outage: every request failed, and there were enough of them to rule out chance. */
const noteOutage = (
  { outage }: SyncContext,
  { completed, incomplete }: Pick<DetailedExecutions, "completed" | "incomplete">,
): void => {
  const [first] = incomplete
  if (first === undefined || completed.length > 0 || incomplete.length < leastOutage) return
  const isDown = incomplete.every(({ error }) => error.retryable || error.reason === "Permission")
  if (isDown) outage.error = first.error
}

const leastOutage = 3

const dueRows = (context: SyncContext, after: number) => {
  const { sql } = context
  return sql<DueRow>`
    SELECT executions.key, documents.execution
    FROM executions JOIN documents ON documents.key = executions.key
    WHERE ${lacking(context)} AND details_tries < ${mostTries} AND executions.key > ${after}
    ORDER BY executions.key LIMIT ${inBatch}`
}

/** How many executions lack details, including those given up on. */
const countLacking = Effect.fnUntraced(function* (context: SyncContext) {
  const { sql } = context
  const [row] = yield* sql<{ count: number | string }>`
    SELECT count(*) AS count FROM executions WHERE ${lacking(context)}`
  return Number(row?.count ?? 0)
})

const lacking = ({ sql, connection, options }: SyncContext) => {
  const wanted =
    options.details === "all"
      ? sql`is_open = 0`
      : // Written as the index has it.
        sql`status IN ('failed', 'timed_out', 'partial') AND error_message IS NULL`
  return sql`connection_id = ${connection.id} AND ${wanted} AND details_at IS NULL`
}

const saveDetails = Effect.fnUntraced(function* (
  { sql, connection }: SyncContext,
  { executions, completed, incomplete }: DetailedExecutions,
  askedAt: number,
) {
  const got = new Set(completed)
  yield* saveObservations(
    sql,
    connection,
    executions.filter(({ id }) => got.has(id)),
    { observedAt: askedAt, newsSince: null },
  )
  yield* noteDetails({ sql, connection }, completed, askedAt)
  // An outage or a missing permission says nothing about single executions.
  const tried = incomplete.filter(({ error }) => isOfOneExecution(error))
  yield* forSet(
    sql,
    tried.map(({ id }) => storedText(id)),
    (some) => sql`UPDATE executions SET details_tries = details_tries + 1
      WHERE connection_id = ${connection.id} AND id IN ${some}`,
  )
})

/**
 * Completes the new failures of a page before they are saved, so that followers get the reason. Failures
 * that cannot be completed are left to the end of the sync.
 */
export const completeNews = Effect.fnUntraced(function* (
  context: SyncContext,
  executions: ReadonlyArray<Execution>,
): Effect.fn.Return<Pick<DetailedExecutions, "executions" | "completed">, AdapterError | SqlError> {
  const { sql, connection, source, tally, options } = context
  const lacking = executions.filter((execution) => lacksDetails(execution, options.details))
  // completeKept requests the rest, in this sync or a later one.
  if (lacking.length === 0 || context.outage.error !== null) return { executions, completed: [] }
  const known = yield* forSet(
    sql,
    lacking.map(({ id }) => storedText(id)),
    (some) => sql<{ id: string }>`
      SELECT id FROM executions
      WHERE connection_id = ${connection.id} AND is_open = 0 AND id IN ${some}`,
  )
  const ended = new Set(known.map(({ id }) => id))
  const news = new Set(lacking.filter(({ id }) => !ended.has(storedText(id))))
  const { details, include } = options
  const got = yield* source.complete([...news], { details, include })
  tally.add("detailed", got.completed.length)
  noteOutage(context, got)
  const detailed = new Map([...news].map((listed, index) => [listed, got.executions[index]]))
  return {
    executions: executions.map((listed) => detailed.get(listed) ?? listed),
    completed: got.completed,
  }
})

/** Marks executions as completed. Call it within a transaction. */
export const noteDetails = (
  { sql, connection }: Pick<SyncContext, "sql" | "connection">,
  completed: ReadonlyArray<string>,
  at: number,
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    forSet(
      sql,
      completed.map(storedText),
      (some) => sql`UPDATE executions SET details_at = ${at}
        WHERE connection_id = ${connection.id} AND id IN ${some}`,
    ),
  )

/**
 * Requests recent failures again if the provider may run them again under the same id, which a list
 * ordered by scheduled time does not show. Deleted executions keep their status.
 */
export const recheckFailed = (
  context: SyncContext,
  begunAt: number,
): Effect.Effect<void, SqlError | AdapterError> => {
  const { sql, connection, source, options } = context
  const { recheckFailedForMs } = options
  if (!source.reopens || recheckFailedForMs === 0) return Effect.void
  return requestAgain(context, {
    next: (after, most) => sql<RequestedRow>`
      SELECT key, id FROM executions
      WHERE connection_id = ${connection.id} AND is_open = 0 AND status <> 'succeeded'
        AND coalesce(finished_at, timestamp) >= ${begunAt - recheckFailedForMs}
        AND coalesce(finished_at, timestamp) < ${untimed}
        AND observed_at < ${context.stamp(begunAt)} AND key > ${after}
      ORDER BY key LIMIT ${most}`,
    absent: () => Effect.void,
    words: ["may have begun again", "may have begun again"],
    unsupported: () => {},
  })
}
