import * as Effect from "effect/Effect"
import type { AdapterError } from "../model/AdapterError.js"
import type { ExecutionStatus } from "../model/Execution.js"
import type { LogQuery } from "../model/LogQuery.js"
import type { QueryPlan } from "../walk/QueryPlan.js"
import { type Warning, warningOf } from "../model/Warning.js"

const open = ["queued", "running", "waiting"] as const satisfies ReadonlyArray<ExecutionStatus>

/** What to ask for what is unfinished, of whatever age. */
interface OpenQueries {
  readonly queries: ReadonlyArray<LogQuery>
  /** Nobody can be asked for what is of these alone. */
  readonly unasked: ReadonlyArray<ExecutionStatus>
}

/**
 * A query for each status of what is unfinished that the provider itself answers: one that is filtered here
 * would read the whole history.
 */
export const openQueries = Effect.fnUntraced(function* (
  explain: (query: LogQuery) => Effect.Effect<Pick<QueryPlan, "filters">, AdapterError>,
  query: Omit<LogQuery, "status">,
  statuses: ReadonlyArray<ExecutionStatus>,
) {
  const queries: Array<LogQuery> = []
  const unasked: Array<ExecutionStatus> = []
  for (const status of open.filter((one) => statuses.includes(one))) {
    const one: LogQuery = { ...query, status: [status] }
    const plan = yield* Effect.result(explain(one))
    const answer =
      plan._tag === "Success"
        ? plan.success.filters.find(({ filter }) => filter === "status")?.answer
        : "nobody"
    if (answer === "provider" || answer === "both") queries.push(one)
    else unasked.push(status)
  }
  return { queries, unasked } satisfies OpenQueries
})

/** What began before following did, and cannot be watched. */
export const unwatched = (
  { route }: Pick<QueryPlan, "route">,
  statuses: ReadonlyArray<string>,
): Warning =>
  warningOf(
    "not_watched",
    `${route} cannot be asked for what is ${statuses.join(" or ")} alone: of what was so before, only what is listed within the look-back is watched.`,
  )

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
