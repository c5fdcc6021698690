import type { Execution } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { forSet } from "../database/BulkStatements.js"
import type { StoredConnection } from "../tables/Connections.js"
import { storedText } from "../tables/StoredText.js"

/** Warns where another connection to the same server keeps executions of the same ids. */
export const warnOfTwins = Effect.fnUntraced(function* (
  sql: SqlClient,
  { id, name, provider, server }: StoredConnection,
  executions: ReadonlyArray<Execution>,
  warn: (warning: string) => void,
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
  const twins = new Map<string, number>()
  for (const twin of found) twins.set(twin.name, (twins.get(twin.name) ?? 0) + twin.count)
  if (twins.size === 0) return
  const others = [...twins.keys()]
    .toSorted()
    .map((twin) => `"${twin}"`)
    .join(", ")
  const most = [...twins.values()].reduce((a, b) => Math.max(a, b))
  warn(
    `${most} of its newest executions are kept under the name ${others} too, so that lists and figures of all connections count them twice. If that is the former name of "${name}", take it again, or ask for "${name}" alone from now on; if both read the same account, remove one from the configuration.`,
  )
})
