import type { AdapterError } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { forSet } from "../database/StatementBatches.js"
import { writeTransaction } from "../database/WriteTransaction.js"
import { untimed } from "../tables/Executions.js"
import type { SyncContext } from "./Context.js"
import { requestAgain, type RequestedRow } from "./RequestAgain.js"

/**
 * Requests each unfinished execution that this sync has not listed. An execution that the provider no
 * longer has keeps its last state and is marked as gone.
 */
export const refreshOpen = Effect.fnUntraced(function* (
  context: SyncContext,
  begunAt: number,
): Effect.fn.Return<void, SqlError | AdapterError> {
  const { sql, connection, plan, tally } = context
  yield* requestAgain(context, {
    next: (after, most) => sql<RequestedRow>`
      SELECT key, id FROM executions
      WHERE connection_id = ${connection.id} AND is_open = 1 AND stale_at IS NULL
        AND gone_at IS NULL AND observed_at < ${context.stamp(begunAt)} AND key > ${after}
      ORDER BY key LIMIT ${most}`,
    absent: Effect.fnUntraced(function* (keys, askedAt) {
      const gone = yield* forSet(
        sql,
        keys,
        (some) => sql`
          UPDATE executions SET gone_at = ${askedAt}, observed_at = ${askedAt}
          WHERE key IN ${some} AND is_open = 1 AND observed_at <= ${askedAt} RETURNING key`,
      )
      tally.add("gone", gone.length)
    }),
    words: ["is unfinished", "are unfinished"],
    // In a list of events, the end is an event still to come.
    unsupported: (rows) => tally.add("notRefreshed", plan.lists === "events" ? 0 : rows.length),
  })
})

/** Marks executions unfinished for too long as stale, so that they are no longer requested. */
export const markStale = Effect.fnUntraced(function* (
  { sql, connection, options, tally }: SyncContext,
  now: number,
): Effect.fn.Return<void, SqlError> {
  const oldest = now - options.staleAfterMs
  // Planned executions are listed in the future and cannot be stale yet.
  const rows = yield* writeTransaction(
    sql,
    sql`UPDATE executions SET stale_at = ${now}
      WHERE connection_id = ${connection.id} AND is_open = 1 AND stale_at IS NULL AND gone_at IS NULL
        AND coalesce(started_at, first_seen_at) < ${oldest}
        AND (listing_at < ${oldest} OR listing_at = ${untimed})
      RETURNING key`,
  )
  tally.add("stale", rows.length)
})
