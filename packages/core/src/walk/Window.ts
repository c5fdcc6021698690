import type { JsonObject } from "../model/Json.js"
import { backAtTop, nameOf, type Paging, type Window } from "./Paging.js"
import { goesUp, highestTick, type Plan } from "./Plan.js"
import { isBeyond, type Row } from "./Row.js"
import { withoutFilters } from "./ServerQuirks.js"
import type { WalkState } from "./WalkState.js"

/**
 * A walk by windows reads a list in parts. Each window begins at the last listing time read, so
 * that rows inserted or deleted beyond it shift nothing in it.
 *
 * A query without planned executions excludes them by parameters while its windows are "ahead", at
 * future listing times. The walk goes "across now" once:
 *
 *     listing time   past ----------------- now --------- future
 *     newest first   <------ then this ------|<--- ahead -------
 *     oldest first   ------- first this ---->|---- ahead ------>
 *     parameters     of the query            | and withoutPlanned
 */

/** The window that is being read; null if the list is read as a whole. */
export const windowOf = ({ window }: Paging): Window | null => window ?? null

/**
 * The state at the beginning of its window, if it goes on by a name: a name is valid only with the
 * bounds of the request that returned it.
 */
export const withoutName = (state: WalkState): WalkState =>
  nameOf(state.paging) === null
    ? state
    : { ...state, paging: backAtTop(state.paging, windowOf(state.paging)) }

/** The listing time at which the requested part of the list begins; null if it is unbounded. */
export const boundOf = (plan: Plan, { paging, learned }: WalkState): number | null => {
  const window = windowOf(paging)
  if (window !== null) return window.edge
  return learned.ignoredFilters.includes("until") ? null : highestTick(plan)
}

/** The filter whose parameters send that bound. */
export const boundedBy = (plan: Plan, { paging }: WalkState): "since" | "until" =>
  windowOf(paging) !== null && goesUp(plan) ? "since" : "until"

/** The parameters that keep a page within its window. */
export const boundParams = (plan: Plan, state: WalkState): ReadonlyArray<JsonObject> => {
  const { before, after } = plan.endpoint.time
  const bound = boundOf(plan, state)
  if (boundedBy(plan, state) === "until") {
    return bound !== null && before !== null ? [before(bound)] : []
  }
  const isBelow = plan.ahead !== null && isBelowAhead(plan, state)
  const end = isBelow ? plan.ahead.from : highestTick(plan)
  return [
    bound !== null && after !== null ? after(bound) : {},
    end !== null && before !== null && !state.learned.ignoredFilters.includes("until")
      ? before(end)
      : {},
  ]
}

/**
 * The edge of the next window, after a page whose last listing time is `last`; null if this window
 * continues.
 */
export const nextEdge = (plan: Plan, paging: Paging, last: number | null): number | null => {
  const window = windowOf(paging)
  if (window === null || last === null) return null
  return window.edge === null || isBeyond(plan.query.order, last, window.edge) ? last : null
}

/** Whether a page contains rows outside the window, because the server ignores its bound. */
export const ignoresWindow = (
  plan: Plan,
  { paging }: WalkState,
  rows: ReadonlyArray<Row>,
): boolean => {
  const edge = windowOf(paging)?.edge ?? null
  if (edge === null) return false
  const { order } = plan.query
  const { tick } = plan.endpoint.time
  const outermost = order === "newest" ? edge + tick : edge - tick
  return rows.some((row) => row.ok && isBeyond(order, outermost, row.at))
}

/**
 * Continues page by page without the bound of listing time, which the server ignores or rejects.
 */
export const withoutBound = (plan: Plan, state: WalkState): WalkState => ({
  ...state,
  paging:
    state.paging.by === "name" && windowOf(state.paging) === null
      ? { ...state.paging, place: 0 }
      : backAtTop(state.paging, null),
  learned: withoutFilters(state.learned, boundedBy(plan, state)),
})

/**
 * Whether the walk is ahead, where it excludes planned executions: most future listing times are
 * theirs.
 */
export const isAhead = (plan: Plan, { paging, learned }: WalkState): boolean => {
  const window = windowOf(paging)
  if (plan.ahead === null || window === null) return false
  const isAbove = window.edge === null ? !goesUp(plan) : window.edge > plan.ahead.from
  return isAbove && !learned.ignoredFilters.includes("planned")
}

/** Whether a walk from the oldest on has not reached the part ahead. */
const isBelowAhead = (plan: Plan, state: WalkState): boolean => {
  const highest = highestTick(plan)
  return (
    plan.ahead !== null &&
    goesUp(plan) &&
    windowOf(state.paging) !== null &&
    !state.learned.ignoredFilters.includes("planned") &&
    (highest === null || highest > plan.ahead.from) &&
    !isAhead(plan, state)
  )
}

/**
 * The edge of the window across now, for a walk that has finished this side; null if there is none.
 */
export const edgeAcrossNow = (plan: Plan, state: WalkState): number | null => {
  const { ahead, endpoint } = plan
  if (ahead === null) return null
  if (goesUp(plan)) return isBelowAhead(plan, state) ? ahead.from + endpoint.time.tick : null
  return isAhead(plan, state) ? ahead.from : null
}
