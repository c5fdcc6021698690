import type { JsonObject } from "../model/Json.js"
import { withoutFilters } from "./ServerQuirks.js"
import { backAtTop, type ByPlace, type Paging } from "./Paging.js"
import { goesUp, highestTick, type Plan } from "./Plan.js"
import { isBeyond, type Row } from "./Row.js"
import type { WalkState } from "./WalkState.js"

/**
 * A walk by windows reads a list in parts: each window begins at the last listing time read, so that
 * rows which arrive or disappear above it shift nothing in it.
 */

/** The window that is being read; null if the list is read as a whole. */
export const windowOf = (paging: Paging): ByPlace["window"] =>
  paging.by === "place" ? paging.window : null

/** The listing time at which the requested part of the list begins; null if nothing bounds it. */
export const boundOf = (plan: Plan, { paging, learned }: WalkState): number | null => {
  const window = windowOf(paging)
  if (window !== null) return window.edge
  return learned.ignoredFilters.includes("until") ? null : highestTick(plan)
}

/** The filter whose parameters carry that bound. */
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

/** Where the next window begins, after a page whose last listing time is `last`; null if this one goes on. */
export const nextEdge = (plan: Plan, paging: Paging, last: number | null): number | null => {
  const window = windowOf(paging)
  if (window === null || last === null) return null
  return window.edge === null || isBeyond(plan.query.order, last, window.edge) ? last : null
}

/** Whether a page holds rows outside of the window: the server ignores its bound. */
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

/** Goes on without the bound of listing time, which the server ignores or refuses: page by page. */
export const withoutBound = (plan: Plan, state: WalkState): WalkState => ({
  ...state,
  paging:
    state.paging.by === "place" ? backAtTop(state.paging, null) : { ...state.paging, place: 0 },
  learned: withoutFilters(state.learned, boundedBy(plan, state)),
})

/**
 * Whether the walk is above now, where it requests only what is not planned: most of what is listed
 * for a time to come is.
 */
export const isAhead = (plan: Plan, { paging, learned }: WalkState): boolean => {
  const window = windowOf(paging)
  if (plan.ahead === null || window === null) return false
  const isAbove = window.edge === null ? !goesUp(plan) : window.edge > plan.ahead.from
  return isAbove && !learned.ignoredFilters.includes("planned")
}

/** Whether a walk from the oldest on has yet to reach what is listed for a time to come. */
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
 * The edge of the window on the other side of now, for a walk that has read all on this side of it;
 * null if there is none.
 */
export const edgeAcrossNow = (plan: Plan, state: WalkState): number | null => {
  const { ahead, endpoint } = plan
  if (ahead === null) return null
  if (goesUp(plan)) return isBelowAhead(plan, state) ? ahead.from + endpoint.time.tick : null
  return isAhead(plan, state) ? ahead.from : null
}
