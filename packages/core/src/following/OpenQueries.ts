import * as Effect from "effect/Effect"
import type { AdapterError } from "../model/AdapterError.js"
import type { ExecutionStatus } from "../model/Execution.js"
import type { LogQuery } from "../model/LogQuery.js"
import { type Warning, warningOf } from "../model/Warning.js"
import type { QueryPlan } from "../walk/QueryPlan.js"

const open = ["queued", "running", "waiting"] as const satisfies ReadonlyArray<ExecutionStatus>

/** Queries for all unfinished executions, however old. */
interface OpenQueries {
  readonly queries: ReadonlyArray<LogQuery>
  /** Unfinished statuses that the provider cannot filter by. */
  readonly unasked: ReadonlyArray<ExecutionStatus>
}

/**
 * One query per unfinished status that the provider itself can filter by; filtering here would read
 * the whole history.
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

/** The warning about unfinished executions that began earlier and cannot be followed. */
export const unwatched = (
  { route }: Pick<QueryPlan, "route">,
  statuses: ReadonlyArray<string>,
): Warning =>
  warningOf(
    "not_followed",
    `${route} cannot list only the ${statuses.join(" or ")} executions: those that began earlier are followed only if they were listed within the look-back.`,
    null,
    route,
    ...statuses,
  )

/**
 * Additional queries for the statuses that the list omits: one per status that can be requested
 * alone. Other omitted executions are available only from `get`.
 */
export const omittedQueries = Effect.fnUntraced(function* (
  explain: (query: LogQuery) => Effect.Effect<unknown, AdapterError>,
  omits: ReadonlyArray<ExecutionStatus>,
  query: Omit<LogQuery, "status">,
) {
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
