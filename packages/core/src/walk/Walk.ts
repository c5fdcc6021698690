import type { PageInfo } from "../adapter/Connection.js"
import { mergeParams } from "../adapter/DeclaredFilters.js"
import * as Pagination from "../adapter/Pagination.js"
import type { JsonObject } from "../model/Json.js"
import type { Warning } from "../model/Warning.js"
import { ignoresLowerEnd, isExhausted, isLastPage, isPastRange } from "./LastPage.js"
import { nameToSend, nextByName } from "./NextPage.js"
import { followsOn, nextPlace, showsAgain, stepBack, withRowsUnread } from "./Overlap.js"
import { lowerBoundIgnored, rowWarnings, startsForgotten, windowIgnored } from "./PageWarnings.js"
import { backAtTop, type Paging, withPageLength } from "./Paging.js"
import { filterParams, type Plan } from "./Plan.js"
import { takeRows } from "./Position.js"
import { type Found, lastListed, type RejectedRow, type Row } from "./Row.js"
import { withoutFilters } from "./ServerQuirks.js"
import { countPage, restarted } from "./Stall.js"
import { isByPlace, type WalkState } from "./WalkState.js"
import {
  boundedBy,
  boundOf,
  boundParams,
  edgeAcrossNow,
  ignoresWindow,
  isAhead,
  nextEdge,
  withoutBound,
} from "./Window.js"

/**
 * The walk over a list: which page to request, whether the answer continues what was read, which of
 * its rows are new, and where to go on. Pure functions over a {@link WalkState}.
 */

/** The outcome of a page. */
export type Step = AskedAgain | Taken

/** A page that does not continue what was read: request again from `state`. */
interface AskedAgain {
  readonly taken: false
  readonly state: WalkState
  readonly warnings: ReadonlyArray<Warning>
}

/** A page that was taken. */
export interface Taken {
  readonly taken: true
  readonly found: ReadonlyArray<Found>
  readonly rejected: ReadonlyArray<RejectedRow>
  /** The ids of executions that wait for the next page. */
  readonly deferred: ReadonlySet<string>
  /** Null at the end of the walk. */
  readonly next: WalkState | null
  readonly total: number | null
  readonly warnings: ReadonlyArray<Warning>
}

/** The parameters that request a slice of the list. */
export const pageParams = (plan: Plan, state: WalkState, slice: Pagination.Slice): JsonObject => {
  const { pagination } = plan.endpoint
  return mergeParams([
    ...filterParams(plan, state.learned.ignoredFilters),
    plan.ahead !== null && isAhead(plan, state) ? plan.ahead.params : {},
    ...boundParams(plan, state),
    Pagination.params(pagination, slice, nameToSend(pagination, state.paging, slice)),
  ])
}

/** Takes a page: which rows are new, and where to go on. */
export const takePage = (
  plan: Plan,
  before: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): Step => {
  const window = checkWindow(plan, before, rows)
  if (window.isAskedAgain) return { taken: false, ...window }
  if (isByPlace(window.state) && !followsOn(plan, window.state, page, rows)) {
    const state = stepBack(plan, window.state, page, rows)
    return { taken: false, state, warnings: window.warnings }
  }
  const last = lastListed(plan.query.order, rows)
  const isPast = isPastRange(plan, last, rows)
  const ignoresLow = isPast && ignoresLowerEnd(plan, window.state)
  const state = ignoresLow
    ? { ...window.state, learned: withoutFilters(window.state.learned, "since") }
    : window.state
  const ends = isPast || isLastPage(plan, state, page, rows)
  const next = nextPaging(plan, state, page, rows, last)
  const bound = boundOf(plan, state)
  const { found, rejected, deferred, position, hasForgotten } = takeRows(
    plan,
    state.position,
    rows,
    { last, from: bound, holdTies: !ends && showsAgain(plan, state, rows, next) },
  )
  const hasGiven = found.length + rejected.length > 0
  const following: WalkState = {
    ...state,
    position: hasGiven ? { ...position, rereadFrom: null } : position,
    paging: withPageLength(state.paging, rows.length),
    stall: countPage(state.stall, rows, hasGiven || deferred.size > 0),
  }
  return {
    taken: true,
    found,
    rejected,
    deferred,
    next:
      ends || isExhausted(plan, state, following.stall, page, rows)
        ? acrossNow(plan, following)
        : {
            ...following,
            paging: withPageLength(withRowsUnread(plan, state, rows, next, deferred), rows.length),
          },
    total:
      plan.totalIsExact && bound === null && state.learned.ignoredFilters.length === 0
        ? page.total
        : null,
    warnings: [
      ...window.warnings,
      ...(ignoresLow ? [lowerBoundIgnored(plan)] : []),
      ...rowWarnings(plan, state, rows),
      ...(hasForgotten ? [startsForgotten] : []),
    ],
  }
}

/**
 * Reads page by page if the server ignores the bound of a window; a page in its midst is then
 * requested again.
 */
const checkWindow = (plan: Plan, state: WalkState, rows: ReadonlyArray<Row>) => {
  if (!ignoresWindow(plan, state, rows)) return { state, warnings: [], isAskedAgain: false }
  return {
    state: withoutBound(plan, state),
    warnings: [windowIgnored(plan, boundedBy(plan, state))],
    isAskedAgain:
      state.paging.place > 0 || (state.paging.by === "place" && state.paging.size !== null),
  }
}

/** How the next page is requested. */
const nextPaging = (
  plan: Plan,
  state: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
  last: number | null,
): Paging => {
  const { paging } = state
  const edge = nextEdge(plan, paging, last)
  if (edge !== null) return backAtTop(paging, { edge })
  return paging.by === "name"
    ? nextByName(plan, { ...state, paging }, page, rows)
    : nextPlace(plan, { ...state, paging }, page, rows)
}

/** Goes on in the window on the other side of now; null if there is none, at the end of the walk. */
const acrossNow = (plan: Plan, state: WalkState): WalkState | null => {
  const edge = edgeAcrossNow(plan, state)
  return edge === null
    ? null
    : { ...state, paging: backAtTop(state.paging, { edge }), stall: restarted(state.stall) }
}

/** The state after the rows of a page up to a place on it, for a cursor that points there. */
export const stateWithin = (
  plan: Plan,
  before: WalkState,
  rows: ReadonlyArray<Row>,
  deferred: ReadonlySet<string>,
  upTo: number,
): WalkState => {
  const prefix = rows.filter((row) => row.index <= upTo && (!row.ok || !deferred.has(row.id)))
  const last = lastListed(plan.query.order, prefix)
  const edge = nextEdge(plan, before.paging, last)
  const options = { last, from: boundOf(plan, before), holdTies: false }
  return {
    ...before,
    position: takeRows(plan, before.position, prefix, options).position,
    paging: edge === null ? before.paging : backAtTop(before.paging, { edge }),
  }
}
