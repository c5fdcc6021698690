import { type AdapterError, type Execution, isOfOneExecution, withParts } from "@execlog/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { untimed } from "./ExecutionRow.js"
import { saveObservations } from "./Observations.js"
import type { SyncContext } from "./SyncContext.js"
import { writing } from "./Writing.js"

interface OpenRow {
  readonly key: number
  readonly id: string
}

const inBatch = 50
const atOnce = 8

/**
 * Asks for each execution that was not terminal when it was last seen, and that this sync has not
 * listed. One that the provider has forgotten is asked for no more, and stays as it was.
 */
export const refreshOpen = Effect.fnUntraced(function* (
  context: SyncContext,
  begunAt: number,
): Effect.fn.Return<void, SqlError | AdapterError> {
  const { sql, connection } = context
  let after = 0
  for (;;) {
    if (context.isStopped()) return
    const rows: ReadonlyArray<OpenRow> = yield* sql<OpenRow>`
      SELECT key, id FROM executions
      WHERE connection_id = ${connection.id} AND is_open = 1 AND stale_at IS NULL
        AND observed_at < ${context.stamp(begunAt)} AND key > ${after}
      ORDER BY key LIMIT ${inBatch}`
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.key
    const askedAt = context.stamp(yield* Clock.currentTimeMillis)
    const answers = yield* Effect.forEach(rows, (row) => ask(context, row), {
      concurrency: atOnce,
    }).pipe(Effect.raceFirst(Effect.as(context.stopped, null)))
    if (answers === null || answers.includes("unsupported")) return
    const found = answers.filter((answer) => typeof answer === "object")
    const lost = rows.filter((_, index) => answers[index] === "forgotten").map(({ key }) => key)
    const saved = yield* writing(
      sql,
      Effect.gen(function* () {
        if (lost.length > 0) {
          yield* sql`UPDATE executions SET stale_at = ${askedAt} WHERE key IN ${sql.in(lost)}`
        }
        return yield* saveObservations(sql, connection, found, {
          observedAt: askedAt,
          newsSince: null,
        })
      }),
    )
    context.tally.addSaved(saved)
    context.tally.add("stale", lost.length)
  }
})

type Answer = Execution | "forgotten" | "unsupported" | "unread"

const ask = (
  { source, options: { include }, warn }: SyncContext,
  { id }: OpenRow,
): Effect.Effect<Answer, AdapterError> =>
  source.get(id, { include: include.includes("raw") ? ["raw"] : [] }).pipe(
    Effect.map((execution) => withParts(execution, include)),
    Effect.catchTag("AdapterError", (error): Effect.Effect<Answer, AdapterError> => {
      const { reason, message } = error
      if (reason === "Unsupported") return Effect.succeed("unsupported")
      if (reason === "NotFound") return Effect.succeed("forgotten")
      // A server may fail on one execution, and on that each time.
      if (!isOfOneExecution(error) && reason !== "Unavailable") return Effect.fail(error)
      warn(`${id} is unfinished, and could not be asked for: ${message}`)
      return Effect.succeed("unread")
    }),
  )

/** Marks executions that have been unfinished for too long, so that they are asked for no more. */
export const markStale = Effect.fnUntraced(function* (
  { sql, connection, options, tally }: SyncContext,
  now: number,
): Effect.fn.Return<void, SqlError> {
  const oldest = now - options.staleAfterMs
  // What is planned is listed in the future, and has not begun to take long.
  const rows = yield* writing(
    sql,
    sql`UPDATE executions SET stale_at = ${now}
      WHERE connection_id = ${connection.id} AND is_open = 1 AND stale_at IS NULL
        AND coalesce(started_at, first_seen_at) < ${oldest}
        AND (listing_at < ${oldest} OR listing_at = ${untimed})
      RETURNING key`,
  )
  tally.add("stale", rows.length)
})
