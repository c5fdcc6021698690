import type { PageInfo } from "./Connection.js"
import { tickOf } from "./Instant.js"
import type { Plan } from "./QueryPlan.js"
import { isBeyond, refusedId, type Row, wasRead } from "./Row.js"
import type { WalkState } from "./WalkState.js"

// What a page tells about the server and about the end of the list.

/** So many empty pages end a list of which only the total says that it goes on. */
const mostEmptyPages = 3

/** Items listed after the window's upper end: the server does not know the parameter. */
export const ignoresWindow = (plan: Plan, state: WalkState, rows: ReadonlyArray<Row>): boolean => {
  const { bound } = state
  if (bound === null || state.walk !== "windows") return false
  const slack = plan.endpoint.time.tick
  return rows.some((row) => row.ok && row.at > bound + slack)
}

/** Items listed before the lower end, though the server was asked for none of these. */
export const ignoresLowest = (plan: Plan, state: WalkState): boolean =>
  plan.query.order === "newest" &&
  plan.endpoint.time.after !== null &&
  !state.ignored.includes("startedAfter")

/** Whether all that is listed after an instant lies outside the query's time range. */
export const stopsAfter = (plan: Plan, last: number | null): boolean => {
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
  if (state.place === 0) return true
  switch (state.check) {
    case "none":
      return true
    case "total":
      return page.total === null || state.total === null || page.total >= state.total
    case "overlap": {
      const [first] = rows
      if (first === undefined) return false
      return first.ok
        ? wasRead(plan.query.order, state.key, first)
        : state.refused.has(refusedId(first))
    }
  }
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
  const { pagination } = plan.endpoint
  if (page.total !== null) {
    const size = Math.max(state.longest, rows.length)
    const reached =
      pagination.style === "offset" ? state.place + rows.length : state.place * size + rows.length
    return reached >= page.total
  }
  return rows.length === 0 && state.check !== "overlap"
}

/** Where the provider does not say how much follows: pages that repeat what was read, and get short. */
export const isExhausted = (state: WalkState, page: PageInfo, rows: ReadonlyArray<Row>): boolean =>
  page.more === null &&
  page.total === null &&
  state.check !== "overlap" &&
  state.idle >= 2 &&
  rows.length < state.longest
