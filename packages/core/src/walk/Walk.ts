import * as Pagination from "../adapter/Pagination.js"
import type { PageInfo } from "../adapter/Connection.js"
import { tickOf } from "../model/Instant.js"
import type { JsonObject } from "../model/Json.js"
import type { FilterName } from "../model/QueryParts.js"
import {
  contentOf,
  followsOn,
  ignoresLowest,
  ignoresWindow,
  isExhausted,
  isLastPage,
  stopsAfter,
} from "./Evidence.js"
import { nextPlace, sliceOf } from "./Overlap.js"
import { mergeParams } from "../adapter/FilterAnswering.js"
import { type Plan, filterParams } from "./Plan.js"
import { type Found, type RefusedRow, type Row, isBeyond, lastListed } from "./Row.js"
import { Unreadable, guarded } from "../model/Guarded.js"
import { settle, type Settled } from "./NewRows.js"
import { lowerBoundIgnored, rowWarnings, startsForgotten, windowIgnored } from "./PageWarnings.js"
import { type WalkState, atBeginning, startState } from "./WalkState.js"
import type { Warning } from "../model/Warning.js"

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
  readonly warnings: ReadonlyArray<Warning>
}

/** A page that was taken. */
export interface Taken {
  readonly taken: true
  readonly found: ReadonlyArray<Found>
  readonly refused: ReadonlyArray<RefusedRow>
  /** The ids of executions that wait for the next page. */
  readonly deferred: ReadonlySet<string>
  /** Null at the end of the walk. */
  readonly next: WalkState | null
  readonly total: number | null
  readonly warnings: ReadonlyArray<Warning>
}

/** So many pages in a row that are the same, or empty: the server goes in a circle. */
export const mostRepeats = 100

/** The state before the first page of a plan. */
export const startWalk = (plan: Plan): WalkState => {
  const { walk } = plan.endpoint.time
  return startState(walk, walk === "windows" && goesUp(plan) ? null : highestTick(plan))
}

const goesUp = ({ query }: Plan): boolean => query.order === "oldest"

/** The tick up to which the provider is asked; null where there is no end, or none can be asked for. */
const highestTick = ({ highest, endpoint: { time } }: Plan): number | null =>
  highest === null || time.before === null ? null : tickOf(highest, time.tick)

/** The parameters that ask for a slice of the list at a state. */
export const pageParams = (plan: Plan, state: WalkState, slice: Pagination.Slice): JsonObject => {
  const { pagination } = plan.endpoint
  return mergeParams([
    ...filterParams(plan, state.ignored),
    plan.ahead !== null && isAhead(plan, state) ? plan.ahead.params : {},
    ...boundParams(plan, state),
    Pagination.params(pagination, slice, namedFor(pagination, state.named, slice.size)),
  ])
}

/** What keeps a page within its window. */
const boundParams = (plan: Plan, state: WalkState): ReadonlyArray<JsonObject> => {
  const { before, after } = plan.endpoint.time
  const { bound } = state
  if (state.walk === "pages" || !goesUp(plan)) {
    return bound !== null && before !== null ? [before(bound)] : []
  }
  const isBelow = plan.ahead !== null && isBelowAhead(plan, state)
  const end = isBelow ? plan.ahead.from : highestTick(plan)
  return [
    bound !== null && after !== null ? after(bound) : {},
    end !== null && before !== null && !state.ignored.includes("until") ? before(end) : {},
  ]
}

/** Whether the walk is above now, where it leaves out what is planned. */
export const isAhead = (plan: Plan, { walk, bound, ignored }: WalkState): boolean =>
  plan.ahead !== null &&
  walk === "windows" &&
  (bound === null ? !goesUp(plan) : bound > plan.ahead.from) &&
  !ignored.includes("planned")

/** Whether a walk from the oldest on has yet to come to what is listed for a time to come. */
const isBelowAhead = (plan: Plan, state: WalkState): boolean => {
  const highest = highestTick(plan)
  return (
    plan.ahead !== null &&
    goesUp(plan) &&
    state.walk === "windows" &&
    !state.ignored.includes("planned") &&
    (highest === null || highest > plan.ahead.from) &&
    !isAhead(plan, state)
  )
}

const namedFor = (
  pagination: Pagination.Pagination,
  named: string | null,
  size: number,
): string | null => {
  if (pagination.style !== "cursor" || named === null) return named
  const resized = guarded((cursor: string) => pagination.resized?.(cursor, size) ?? cursor, named)
  return resized instanceof Unreadable ? named : resized
}

/** Takes a page: what is new in it, and where to go on. */
export const takePage = (
  plan: Plan,
  before: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): Step => {
  const window = checkWindow(plan, before, rows)
  if (window.isAskedAgain) return { taken: false, ...window }
  if (!followsOn(plan, window.state, page, rows)) {
    const state = steppedBack(plan, window.state, page, rows)
    return { taken: false, state, warnings: window.warnings }
  }
  const last = lastListed(plan.query.order, rows)
  const isPastEnd = stopsAfter(plan, last, rows)
  const ignoresLow = isPastEnd && ignoresLowest(plan, window.state)
  const state = ignoresLow ? withoutFilter(window.state, "since") : window.state
  const ends = isPastEnd || isLastPage(plan, state, page, rows)
  const place = movesWindow(plan, state, last)
    ? newWindow(last)
    : nextPlace(plan, state, page, rows)
  const settled = settle(plan, state, rows, {
    last,
    holdTies: !ends && isReadAgain(plan, state, rows, last, place),
  })
  const following = stateAfter(state, settled, rows)
  return {
    taken: true,
    found: settled.found,
    refused: settled.refused,
    deferred: settled.deferred,
    next:
      ends || isExhausted(plan, state, following, page, rows)
        ? acrossNow(plan, state, following)
        : { ...following, ...place, ...readBefore(plan, state, rows, last, settled) },
    total:
      plan.totalIsExact && state.bound === null && state.ignored.length === 0 ? page.total : null,
    warnings: [
      ...window.warnings,
      ...(ignoresLow ? [lowerBoundIgnored(plan)] : []),
      ...rowWarnings(plan, state, rows),
      ...(settled.hasForgotten ? [startsForgotten] : []),
    ],
  }
}

/** Leaves windows for pages where the server ignores their bound; a page in their midst is then asked again. */
const checkWindow = (plan: Plan, state: WalkState, rows: ReadonlyArray<Row>) => {
  if (!ignoresWindow(plan, state, rows)) return { state, warnings: [], isAskedAgain: false }
  return {
    state: withoutWindows(plan, state),
    warnings: [windowIgnored(plan, boundedBy(plan, state))],
    isAskedAgain: state.place > 0 || state.size !== null,
  }
}

/**
 * Whether the next page reads the last instant again, so that what it may still add to can wait. A
 * server that cuts pages short may never show more of it.
 */
const isReadAgain = (
  plan: Plan,
  state: WalkState,
  rows: ReadonlyArray<Row>,
  last: number | null,
  next: Partial<WalkState>,
): boolean =>
  movesWindow(plan, state, last) ||
  (rows.length === sliceOf(plan, state).size &&
    (state.check === "none" || state.check === "tie") &&
    (next.place === 0 || next.check === "tie"))

/** What a walk knows after a page, wherever it goes on. */
const stateAfter = (
  state: WalkState,
  { key, refusedIds, partlyRead, found, refused, deferred }: Settled,
  rows: ReadonlyArray<Row>,
): WalkState => {
  const content = contentOf(rows)
  const given = found.length + refused.length
  return {
    ...state,
    key,
    refused: refusedIds,
    partlyRead,
    rereadFrom: given === 0 ? state.rereadFrom : null,
    longest: Math.max(state.longest, rows.length),
    content,
    repeats: rows.length === 0 || content === state.content ? state.repeats + 1 : 0,
    idle: given + deferred.size === 0 ? state.idle + 1 : 0,
  }
}

/** What waits was not read: should the next page be cut short, the one after must not pass it by. */
const readBefore = (
  plan: Plan,
  state: WalkState,
  rows: ReadonlyArray<Row>,
  last: number | null,
  { deferred }: Settled,
): Partial<WalkState> => {
  if (deferred.size === 0 || movesWindow(plan, state, last)) return {}
  const first = rows.findIndex((row) => row.ok && deferred.has(row.id))
  return first === -1 ? {} : { read: sliceOf(plan, state).begin + first }
}

/** Where a walk goes on when all that is listed on its side of now has been read; null at its end. */
const acrossNow = (plan: Plan, state: WalkState, following: WalkState): WalkState | null => {
  const { ahead } = plan
  if (ahead === null || !(goesUp(plan) ? isBelowAhead(plan, state) : isAhead(plan, state))) {
    return null
  }
  const bound = goesUp(plan) ? ahead.from + plan.endpoint.time.tick : ahead.from
  return { ...following, ...newWindow(bound), repeats: 0, idle: 0 }
}

/** Rows above were deleted, and others moved up over the page's edge: the page before is due. */
const steppedBack = (
  plan: Plan,
  state: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): WalkState => {
  const { begin, size } = sliceOf(plan, state)
  const place = Math.max(0, begin - Math.max(state.longest, 1))
  // Numbered pages that are cut short begin elsewhere: ask for no more than is given.
  const isCut = page.more === true && rows.length > 0 && rows.length < size
  const most = isCut ? rows.length : state.most
  return {
    ...state,
    place,
    read: begin,
    check: state.check === "tie" ? "tie" : "row",
    most,
    idle: 0,
  }
}

/** The filter whose parameters carry the bound of a state. */
export const boundedBy = (plan: Plan, { walk }: WalkState): "since" | "until" =>
  walk === "windows" && goesUp(plan) ? "since" : "until"

/** The server does not know the bound: the same list is walked by pages. */
export const withoutWindows = (plan: Plan, state: WalkState): WalkState => {
  const lost = boundedBy(plan, state)
  const keepsUpper = lost === "since" && !state.ignored.includes("until")
  return {
    ...withoutFilter(state, lost),
    walk: "pages",
    bound: keepsUpper ? highestTick(plan) : null,
    ...atBeginning,
  }
}

const movesWindow = ({ query }: Plan, { walk, bound }: WalkState, last: number | null): boolean =>
  walk === "windows" && last !== null && (bound === null || isBeyond(query.order, last, bound))

/** The state after the rows of a page up to a place on it, for a cursor that stands there. */
export const stateWithin = (
  plan: Plan,
  before: WalkState,
  rows: ReadonlyArray<Row>,
  deferred: ReadonlySet<string>,
  upTo: number,
): WalkState => {
  const prefix = rows.filter((row) => row.index <= upTo && (!row.ok || !deferred.has(row.id)))
  const last = lastListed(plan.query.order, prefix)
  const settled = settle(plan, before, prefix, { last, holdTies: false })
  return {
    ...before,
    key: settled.key,
    refused: settled.refusedIds,
    partlyRead: settled.partlyRead,
    ...(movesWindow(plan, before, last) ? newWindow(last) : {}),
  }
}

const newWindow = (bound: number | null) => ({ bound, ...atBeginning })

/** A state that does not ask the provider for a filter any more. */
const withoutFilter = (state: WalkState, filter: FilterName): WalkState => ({
  ...state,
  ignored: state.ignored.includes(filter) ? state.ignored : [...state.ignored, filter],
})
