import * as Effect from "effect/Effect"
import type { AdapterError } from "../model/AdapterError.js"
import type { LogQuery } from "../model/LogQuery.js"
import type { QueryPlan } from "../walk/QueryPlan.js"

/**
 * What to ask beside a query without a status for what its list leaves out: a query for each status
 * that can be asked alone. What cannot be asked for at all only `get` tells of.
 */
export const omittedQueries = Effect.fnUntraced(function* (
  explain: (query: LogQuery) => Effect.Effect<Pick<QueryPlan, "omits">, AdapterError>,
  query: Omit<LogQuery, "status">,
) {
  const { omits } = yield* explain(query)
  const alone = omits.map((status): LogQuery => ({ ...query, status: [status] }))
  return yield* Effect.filter(alone, (one) =>
    explain(one).pipe(
      Effect.as(true),
      Effect.catchIf(
        ({ reason }) => reason === "Unsupported",
        () => Effect.succeed(false),
      ),
    ),
  )
})
