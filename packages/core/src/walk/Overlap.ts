import type { PageInfo } from "../adapter/Connection.js"
import * as Pagination from "../adapter/Pagination.js"
import { type ByPlace, type Paging, sliceOf } from "./Paging.js"
import type { Plan } from "./Plan.js"
import { isKnown } from "./Position.js"
import { isBeyond, lastListed, type Row } from "./Row.js"
import { forgiven } from "./Stall.js"
import type { StateByPlace, WalkState } from "./WalkState.js"
import { windowOf } from "./Window.js"

/**
 * Pages that are requested by place overlap: each begins at rows that were read, which proves that
 * it continues the page before. If rows above it were deleted, it does not, and the page before is
 * read again.
 */

// With this many rows, a numbered page overlaps at almost every place.
const leastOverlapping = 4

/** The minimum number of rows from the start of the list to the end of a page. */
export const leastEnd = (plan: Plan, state: StateByPlace, rows: ReadonlyArray<Row>): number => {
  const { begin, size } = sliceOf(plan, state)
  const isWhereAsked =
    plan.endpoint.pagination.style !== "pageNumber" ||
    state.paging.overlap === "pair" ||
    rows.length === size
  // A server that sets the size of numbered pages itself begins them elsewhere.
  return (isWhereAsked ? begin : (begin / size) * rows.length) + rows.length
}

/** Whether a page continues the one before. */
export const followsOn = (
  plan: Plan,
  state: StateByPlace,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): boolean => {
  const { position, paging } = state
  const { order } = plan.query
  if (paging.overlap === "none" || sliceOf(plan, state).begin === 0) return true
  if (rows.length === 0) return page.more === true || (page.total ?? 0) > paging.place
  const { key } = position
  return paging.overlap === "tie" && key !== null
    ? rows.some((row) => row.ok && isBeyond(order, key.at, row.at))
    : rows.some((row) => isKnown(order, position, row))
}

/**
 * Moves back by a page: rows above were deleted, and later rows moved up across the page's edge.
 */
export const stepBack = (
  plan: Plan,
  state: StateByPlace,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): StateByPlace => {
  const { paging, stall } = state
  const { begin, size } = sliceOf(plan, state)
  // Numbered pages that are cut short begin elsewhere: request no more than the server returns.
  const isCut = page.more === true && rows.length > 0 && rows.length < size
  return {
    ...state,
    paging: {
      ...paging,
      place: Math.max(0, begin - Math.max(paging.longestPage, 1)),
      rowsRead: begin,
      overlap: paging.overlap === "tie" ? "tie" : "row",
      mostGiven: isCut ? rows.length : paging.mostGiven,
    },
    stall: forgiven(stall),
  }
}

/** Requests one page instead of a pair that kept changing between its two requests. */
export const withoutPair = (state: StateByPlace): StateByPlace => ({
  ...state,
  paging: { ...state.paging, overlap: "row", size: state.paging.leastGiven },
})

/**
 * Whether the next page returns the last listing time of this one again, so that an event at it can
 * wait. A server that cuts pages short may never return more of it.
 */
export const showsAgain = (
  plan: Plan,
  state: WalkState,
  rows: ReadonlyArray<Row>,
  next: Paging,
): boolean => {
  const { paging } = state
  if (isOtherWindow(paging, next)) return true
  if (next.by === "name") return windowOf(next) !== null && next.name === null
  if (paging.by === "name") return false
  return (
    rows.length === sliceOf(plan, state).size &&
    (paging.overlap === "none" || paging.overlap === "tie") &&
    (next.place === 0 || next.overlap === "tie")
  )
}

/**
 * Marks rows that wait for the next page as unread, so that a page that is cut short does not skip
 * them.
 */
export const withRowsUnread = (
  plan: Plan,
  state: WalkState,
  rows: ReadonlyArray<Row>,
  next: Paging,
  waiting: ReadonlySet<string>,
): Paging => {
  if (next.by === "name" || isOtherWindow(state.paging, next)) return next
  const first = rows.findIndex((row) => row.ok && waiting.has(row.id))
  return first === -1 ? next : { ...next, rowsRead: sliceOf(plan, state).begin + first }
}

const isOtherWindow = (paging: Paging, next: Paging): boolean =>
  windowOf(paging)?.edge !== windowOf(next)?.edge

/**
 * The place of the next page in the same window: above the last listing time, so that the page
 * contains all of that time; at the last row if no page can hold it.
 */
export const nextPlace = (
  plan: Plan,
  state: StateByPlace,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): ByPlace => {
  const { position, learned } = state
  const slice = sliceOf(plan, state)
  const isShort = rows.length < slice.size
  const isNew = rows.some((row) => !isKnown(plan.query.order, position, row))
  const mayEnd =
    isShort &&
    page.more === null &&
    (page.total === null || slice.begin + rows.length >= page.total)
  const paging = withSizesGiven(plan, state, page, rows, { isNew, mayEnd })
  if (rows.length === 0) {
    // The server reports more rows but returned none: hidden rows cannot be overlapped.
    const end = Pagination.endOf(slice)
    return { ...paging, place: end, rowsRead: end, overlap: "none" }
  }
  const supposed = isNew ? slice.begin + rows.length : paging.rowsRead
  const rowsRead = Math.max(leastEnd(plan, state, rows), isShort ? supposed : 0)

  const largest = learned.largestPage ?? Number.POSITIVE_INFINITY
  const pageSize = Math.min(plan.pageSize, largest)
  const maxPageSize = Math.min(plan.endpoint.maxPageSize, largest)
  /** A page of a size at a place; null if it would end before the rows already read. */
  const pageAt = (place: number, overlap: "tie" | "row", wish: number): ByPlace | null => {
    const size = Math.min(wish, maxPageSize)
    const next: ByPlace = {
      ...paging,
      place,
      rowsRead,
      overlap: place === 0 ? "none" : overlap,
      size: size === pageSize ? null : size,
    }
    return Pagination.endOf(sliceOf(plan, { paging: next, learned })) > rowsRead ? next : null
  }
  const lastRow = Math.max(0, rowsRead - 1)
  const pair: ByPlace = { ...paging, place: lastRow, rowsRead, overlap: "pair", size: null }
  // Either the list ends here, or the server returns fewer rows than requested: request the rows
  // after.
  if (mayEnd && paging.overlap !== "pair") {
    return (
      (isNew
        ? (pageAt(lastRow, "row", leastOverlapping) ?? pageAt(lastRow, "row", leastOverlapping + 1))
        : null) ?? pair
    )
  }
  // Only known rows, pushed down by new ones: request larger pages to get past them.
  const base = isNew ? pageSize : Math.max(pageSize, 2 * slice.size)
  const above = aboveLastTime(plan, slice, rows, rowsRead)
  if (above !== null) {
    for (let wish = base; ; wish = 2 * Math.max(wish, rowsRead - above)) {
      const next = pageAt(above, "tie", wish)
      if (next !== null) return next
      if (wish >= maxPageSize) break
    }
  }
  return (
    pageAt(lastRow, "row", Math.max(base, paging.size ?? 0)) ??
    pageAt(lastRow, "row", Math.max(base, leastOverlapping)) ??
    pair
  )
}

/** Remembers the page sizes that the server uses. */
const withSizesGiven = (
  plan: Plan,
  state: StateByPlace,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
  { isNew, mayEnd }: { readonly isNew: boolean; readonly mayEnd: boolean },
): ByPlace => {
  const { paging } = state
  const { size } = sliceOf(plan, state)
  const given = rows.length
  const longest = Math.max(paging.longestPage, given)
  const isBlind = page.more === null && page.total === null
  // Rows after a short page show that the server returns no more per page.
  if (isBlind && isNew && paging.overlap === "row") return { ...paging, mostGiven: longest }
  if (paging.overlap === "pair") {
    return isNew ? { ...paging, mostGiven: paging.longestPage } : paging
  }
  if (given > size) {
    const isFixed = plan.endpoint.pagination.style !== "offset"
    return { ...paging, mostGiven: null, leastGiven: isFixed ? given : paging.leastGiven }
  }
  if (given === 0 || given === size || mayEnd) return paging
  return { ...paging, mostGiven: isNew ? longest : given }
}

/** The place of the row above the last listing time of a page; null if it lies above the page. */
const aboveLastTime = (
  plan: Plan,
  slice: Pagination.Slice,
  rows: ReadonlyArray<Row>,
  rowsRead: number,
): number | null => {
  const { order } = plan.query
  const last = lastListed(order, rows)
  const above = rows.findLastIndex(
    (row) => row.ok && last !== null && isBeyond(order, last, row.at),
  )
  if (above === -1) return slice.begin === 0 ? 0 : null
  return Math.max(0, rowsRead - (rows.length - above))
}
