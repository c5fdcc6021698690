import type { PageInfo } from "../adapter/Connection.js"
import { leastEnd } from "./Overlap.js"
import { sliceOf } from "./Paging.js"
import { furthestTick, type Plan } from "./Plan.js"
import { isBeyond, type Row } from "./Row.js"
import { endsWhenEmpty, isCircling, isIdle, type Stall } from "./Stall.js"
import { isByPlace, type WalkState } from "./WalkState.js"

// Whether a page is the last one of a walk.

/** Whether everything that is listed behind a page lies outside of the query's time range. */
export const isPastRange = (plan: Plan, last: number | null, rows: ReadonlyArray<Row>): boolean => {
  const { lowestCreated } = plan
  if (lowestCreated !== null) {
    return (
      plan.query.order === "newest" &&
      rows.some((row) => row.ok && row.createdAt !== null && row.createdAt < lowestCreated)
    )
  }
  const end = furthestTick(plan)
  return last !== null && end !== null && isBeyond(plan.query.order, last, end)
}

/** Whether rows below the range show that the server ignores its lower end, which it was sent. */
export const ignoresLowerEnd = (plan: Plan, { learned }: WalkState): boolean =>
  plan.query.order === "newest" &&
  plan.endpoint.time.after !== null &&
  !learned.ignoredFilters.includes("since")

/** Whether nothing follows a page, as far as the page says. */
export const isLastPage = (
  plan: Plan,
  state: WalkState,
  { more, total }: PageInfo,
  rows: ReadonlyArray<Row>,
): boolean => {
  if (more !== null) return !more
  if (rows.length === 0 && (total === null || endsWhenEmpty(state.stall))) return true
  return total !== null && hasReached(plan, state, total, rows)
}

/** Whether the rows of a list up to the end of a page are as many as it has in total. */
const hasReached = (
  plan: Plan,
  state: WalkState,
  total: number,
  rows: ReadonlyArray<Row>,
): boolean => {
  const { begin } = sliceOf(plan, state)
  // A page that the server repeats shows no further rows, however far down it was requested.
  if (begin > 0 && isCircling(state.stall, rows)) return false
  const end = isByPlace(state) ? leastEnd(plan, state, rows) : begin + rows.length
  return end >= total
}

/**
 * Whether a list that does not say whether more follows has ended: nothing was found behind its last
 * row. `stall` counts the page.
 */
export const isExhausted = (
  plan: Plan,
  { paging }: WalkState,
  stall: Stall,
  { more, total }: PageInfo,
  rows: ReadonlyArray<Row>,
): boolean => {
  if (more !== null || stall.nothingNew === 0) return false
  const isPair = paging.by === "place" && paging.overlap === "pair"
  if (total === null && isPair && rows.length <= paging.leastGiven) return true
  return (
    (total === null || plan.endpoint.pagination.style === "pageNumber") &&
    isIdle(stall) &&
    rows.length < paging.longestPage
  )
}
