import type { PageInfo } from "./Connection.js"
import { fingerprint } from "./Fingerprint.js"
import { tickOf } from "./Instant.js"
import type { JsonObject } from "./Json.js"
import type { FilterName } from "./LogQuery.js"
import * as Pagination from "./Pagination.js"
import {
  followsOn,
  ignoresLowest,
  ignoresWindow,
  isExhausted,
  isLastPage,
  stopsAfter,
} from "./PageEvidence.js"
import { mergeParams } from "./Params.js"
import type { Plan } from "./QueryPlan.js"
import {
  type Found,
  isDisordered,
  lastListed,
  refusedId,
  type RefusedRow,
  type Row,
} from "./Row.js"
import { settle } from "./Settling.js"
import { startState, type WalkState } from "./WalkState.js"

/**
 * The walk over a list: which page to ask for, whether the answer follows on what was read, what of
 * it is new, and where to go on. Pure functions over a {@link WalkState}; nothing here waits.
 */

/** What became of a page. */
export type Step = AskedAgain | Taken

/** A page that does not follow on what was read: ask again from `state`. */
interface AskedAgain {
  readonly taken: false
  readonly state: WalkState
  readonly warnings: ReadonlyArray<string>
}

/** A page that was taken. */
export interface Taken {
  readonly taken: true
  readonly found: ReadonlyArray<Found>
  readonly refused: ReadonlyArray<RefusedRow>
  /** The ids of executions that wait for the next page. */
  readonly held: ReadonlySet<string>
  /** Null at the end of the walk. */
  readonly next: WalkState | null
  readonly total: number | null
  readonly warnings: ReadonlyArray<string>
}

/** So many pages in a row that are the same, or empty: the server goes in a circle. */
export const mostRepeats = 100

/** The state before the first page of a plan. */
export const startWalk = (plan: Plan): WalkState => {
  const { time } = plan.endpoint
  return startState(
    time.walk,
    plan.highest === null || time.before === null ? null : tickOf(plan.highest, time.tick),
  )
}

/** How many items to ask for. An overlapping offset needs two to get on. */
const requestSize = (plan: Plan, state: WalkState): number => {
  const size = state.size ?? plan.pageSize
  return plan.endpoint.pagination.style === "offset" ? Math.max(2, size) : size
}

/** The parameters that ask for the page at which a state stands. */
export const pageParams = (plan: Plan, state: WalkState): JsonObject => {
  const { pagination, time } = plan.endpoint
  return mergeParams(
    [plan.params],
    state.bound !== null && time.before !== null ? time.before(state.bound) : {},
    Pagination.params(pagination, state.place, requestSize(plan, state)),
  )
}

/** Takes a page: what is new in it, and where to go on. */
export const takePage = (
  plan: Plan,
  before: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): Step => {
  const { order } = plan.query
  const { route } = plan.endpoint
  const warnings: Array<string> = []
  let state = before

  if (ignoresWindow(plan, state, rows)) {
    warnings.push(`${route} ignored the upper time bound; going on by pages and filtering here.`)
    const place = state.place
    state = withoutWindows(state)
    if (place > 0) return { taken: false, state, warnings }
  }
  if (!followsOn(plan, state, page, rows)) {
    return { taken: false, state: steppedBack(plan, state), warnings }
  }
  const last = lastListed(order, rows)
  const isPastEnd = stopsAfter(plan, last)
  if (isPastEnd && ignoresLowest(plan, state)) {
    warnings.push(`${route} ignored the lower time bound; reading stops below it, filtered here.`)
    state = { ...state, ignored: addFilter(state.ignored, "startedAfter") }
  }
  if (isDisordered(order, rows)) {
    warnings.push(`${route} did not list in the order of its time; an execution may be missed.`)
  }
  if (state.walk === "windows" && state.bound !== null && state.place > 0) {
    warnings.push(
      `${route} lists more items in one instant than fit its largest page; reading them is best effort.`,
    )
  }
  const ends = isPastEnd || isLastPage(plan, state, page, rows)
  // The window's last instant will be read again, so what it may still add to can wait.
  const isReadAgain = !ends && (movesWindow(state, last) || outgrows(plan, state, rows))
  const settled = settle(plan, state, rows, { last, holdTies: isReadAgain })
  const content = contentOf(rows)
  const isRepeated = settled.found.length === 0 && settled.refused.length === 0
  const following = {
    ...state,
    key: settled.key,
    refused: settled.refusedIds,
    owed: settled.owed,
    longest: Math.max(state.longest, rows.length),
    content,
    repeats: rows.length === 0 || content === state.content ? state.repeats + 1 : 0,
    idle: isRepeated ? state.idle + (state.check === "overlap" ? 0 : 1) : 0,
  }
  return {
    taken: true,
    found: settled.found,
    refused: settled.refused,
    held: settled.held,
    next:
      ends || isExhausted(following, page, rows)
        ? null
        : advanced(plan, following, page, rows, last),
    total:
      plan.totalIsExact && state.bound === null && state.ignored.length === 0 ? page.total : null,
    warnings,
  }
}

/** The state for the next page: the next window, the same one asked larger, or the next place. */
const advanced = (
  plan: Plan,
  state: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
  last: number | null,
): WalkState => {
  if (last !== null && movesWindow(state, last)) return { ...state, ...newWindow(last) }
  const size = requestSize(plan, state)
  if (outgrows(plan, state, rows)) {
    return {
      ...state,
      size: Math.min(2 * size, plan.endpoint.maxPageSize),
      place: 0,
      check: "none",
    }
  }
  const { pagination } = plan.endpoint
  const place =
    rows.length === 0
      ? Pagination.placeAfterEmpty(pagination, state.place, size)
      : Pagination.placeAfter(pagination, state.place, {
          received: rows.length,
          check: state.check,
          knowsTotal: page.total !== null,
        })
  return { ...state, ...place, total: page.total }
}

/** Rows above were deleted, and others moved up over the page's edge: the page before is due. */
const steppedBack = (plan: Plan, state: WalkState): WalkState => ({
  ...state,
  place: Pagination.placeBefore(plan.endpoint.pagination, state.place, Math.max(state.longest, 1)),
  check: "overlap",
  total: null,
})

/** The server does not know the upper time bound: the same list is walked by pages. */
const withoutWindows = (state: WalkState): WalkState => ({
  ...state,
  walk: "pages",
  bound: null,
  place: 0,
  check: "none",
  size: null,
  total: null,
  ignored: addFilter(state.ignored, "startedBefore"),
})

const movesWindow = (state: WalkState, last: number | null): boolean =>
  state.walk === "windows" && last !== null && (state.bound === null || last < state.bound)

/** The state after some rows of a page were given, for a cursor that stands inside the page. */
export const stateWithin = (
  plan: Plan,
  before: WalkState,
  rows: ReadonlyArray<Row>,
  held: ReadonlySet<string>,
  upTo: number,
): WalkState => {
  const prefix = rows.slice(0, upTo + 1).filter((row) => !row.ok || !held.has(row.id))
  const last = lastListed(plan.query.order, prefix)
  const settled = settle(plan, before, prefix, { last, holdTies: false })
  return {
    ...before,
    key: settled.key,
    refused: settled.refusedIds,
    owed: settled.owed,
    ...(movesWindow(before, last) ? newWindow(last) : {}),
  }
}

const newWindow = (bound: number | null) => ({
  bound,
  place: 0,
  check: "none" as const,
  size: null,
  total: null,
})

/**
 * Whether more items share the window's instant than a page holds, and a larger page may hold them.
 * Inside one instant a provider need not keep an order, so pages of it may miss what one page shows.
 */
const outgrows = (plan: Plan, state: WalkState, rows: ReadonlyArray<Row>): boolean =>
  state.walk === "windows" &&
  state.bound !== null &&
  state.place === 0 &&
  rows.length === requestSize(plan, state) &&
  rows.length < plan.endpoint.maxPageSize

/** What tells one page from another. */
const contentOf = (rows: ReadonlyArray<Row>): string => {
  const [first, last] = [rows[0], rows.at(-1)]
  const idOf = (row: Row | undefined) => (row?.ok === true ? row.id : row && refusedId(row))
  return fingerprint(JSON.stringify([rows.length, idOf(first), idOf(last)]))
}

const addFilter = (
  filters: ReadonlyArray<FilterName>,
  filter: FilterName,
): ReadonlyArray<FilterName> => (filters.includes(filter) ? filters : [...filters, filter])
