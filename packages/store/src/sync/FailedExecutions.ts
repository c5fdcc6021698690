import type { AdapterError } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { askAgain, type AskedRow } from "./AskingAgain.js"
import { untimed } from "../tables/Executions.js"
import type { SyncContext } from "./Context.js"

/**
 * Asks again for what ended lately without success, where that may have begun again under the same id:
 * a list that goes by the time at which it was due shows nothing of it. What was deleted meanwhile stays
 * as it ended.
 */
export const recheckFailed = (
  context: SyncContext,
  begunAt: number,
): Effect.Effect<void, SqlError | AdapterError> => {
  const { sql, connection, source, options } = context
  const { recheckFailedForMs } = options
  if (!source.reopens || recheckFailedForMs === 0) return Effect.void
  return askAgain(context, {
    next: (after, most) => sql<AskedRow>`
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
