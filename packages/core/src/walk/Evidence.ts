import type { PageInfo } from "../adapter/Connection.js"
import { tickOf } from "../model/Instant.js"
import { leastEnd, sliceOf } from "./Overlap.js"
import type { Plan } from "./Plan.js"
import { fingerprint } from "../model/Fingerprint.js"
import { isBeyond, isKnown, refusedIds, type Row } from "./Row.js"
import type { WalkState } from "./WalkState.js"

// What a page tells about the server and about the end of the list.

/** So many empty pages end a list of which only the total says that it goes on. */
const mostEmptyPages = 3

/**
 * So many pages in a row with nothing new, and shorter than others were, end a list that does not
 * say how long it is: where rows arrive all the time, its end may never be seen.
 */
const mostIdlePages = 30

/** Items listed outside of the window, beyond the end that moves: the server does not know the parameter. */
export const ignoresWindow = (plan: Plan, state: WalkState, rows: ReadonlyArray<Row>): boolean => {
  const { bound } = state
  if (bound === null || state.walk !== "windows") return false
  const { order } = plan.query
  const { tick } = plan.endpoint.time
  const edge = order === "newest" ? bound + tick : bound - tick
  return rows.some((row) => row.ok && isBeyond(order, edge, row.at))
}

/** Items listed before the lower end, though the server was asked for none of these. */
export const ignoresLowest = (plan: Plan, state: WalkState): boolean =>
  plan.query.order === "newest" &&
  plan.endpoint.time.after !== null &&
  !state.ignored.includes("since")

/** Whether all that is listed after an instant lies outside the query's time range. */
export const stopsAfter = (plan: Plan, last: number | null, rows: ReadonlyArray<Row>): boolean => {
  const { lowestCreated } = plan
  if (lowestCreated !== null) {
    return (
      plan.query.order === "newest" &&
      rows.some((row) => row.ok && row.createdAt !== null && row.createdAt < lowestCreated)
    )
  }
  const end = plan.query.order === "newest" ? plan.lowest : plan.highest
  return (
    last !== null &&
    end !== null &&
    isBeyond(plan.query.order, last, tickOf(end, plan.endpoint.time.tick))
  )
}

/** Whether a page follows on what was read, or rows were deleted above it. */
export const followsOn = (
  plan: Plan,
  state: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): boolean => {
  const { key, check } = state
  const { order } = plan.query
  if (check === "none" || sliceOf(plan, state).begin === 0) return true
  if (rows.length === 0) return page.more === true || (page.total ?? 0) > state.place
  return check === "tie" && key !== null
    ? rows.some((row) => row.ok && isBeyond(order, key.at, row.at))
    : rows.some((row) => isKnown(order, state, row))
}

/** Whether nothing more follows, as far as the page says. */
export const isLastPage = (
  plan: Plan,
  state: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): boolean => {
  if (page.more !== null) return !page.more
  if (rows.length === 0 && state.repeats + 1 >= mostEmptyPages) return true
  // The same page again and again is no list of as many rows, however far down it was asked for.
  const isCircling =
    state.repeats > 0 && sliceOf(plan, state).begin > 0 && contentOf(rows) === state.content
  if (page.total !== null) return !isCircling && leastEnd(plan, state, rows) >= page.total
  return rows.length === 0
}

/** Where the provider does not say whether more follows: nothing was found behind the last row. */
export const isExhausted = (
  plan: Plan,
  state: WalkState,
  following: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): boolean => {
  if (page.more !== null || following.idle === 0) return false
  if (page.total === null && state.check === "pair" && rows.length <= state.least) return true
  return (
    (page.total === null || plan.endpoint.pagination.style === "pageNumber") &&
    following.idle >= mostIdlePages &&
    rows.length < following.longest
  )
}

/** What tells one page from another. */
export const contentOf = (rows: ReadonlyArray<Row>): string => {
  const [first, last] = [rows[0], rows.at(-1)]
  const names = [first, last].map((row) => row && nameOf(row))
  return fingerprint(JSON.stringify([rows.length, ...names]))
}

/** Whether a page begins as another does, as far as both reach. */
export const beginsAs = (rows: ReadonlyArray<Row>, others: ReadonlyArray<Row>): boolean =>
  (rows.length === 0) === (others.length === 0) &&
  rows.every((row, index) => {
    const other = others[index]
    return other === undefined || nameOf(row) === nameOf(other)
  })

const nameOf = (row: Row): string => {
  if (!row.ok) return refusedIds(row).join()
  // Events of one execution share its id.
  return row.event === null ? row.id : JSON.stringify([row.id, row.at, row.event.isLast])
}
