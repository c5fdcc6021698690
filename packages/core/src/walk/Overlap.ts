import type { PageInfo } from "../adapter/Connection.js"
import * as Pagination from "../adapter/Pagination.js"
import { type ByPlace, type Paging, sliceOf } from "./Paging.js"
import type { Plan } from "./Plan.js"
import { isKnown } from "./Position.js"
import { isBeyond, lastListed, type Row } from "./Row.js"
import { forgiven } from "./Stall.js"
import { windowOf } from "./Window.js"
import type { StateByPlace, WalkState } from "./WalkState.js"

/**
 * Pages that are requested by their place overlap: each begins at rows that were read, and shows by
 * them that it continues the page before. Where rows above it were deleted, it does not, and the page
 * before is read again.
 */

// With so many rows, a numbered page overlaps at almost every place.
const leastOverlapping = 4

/** How many rows of the list lie at or before the end of a page, at the least. */
export const leastEnd = (plan: Plan, state: StateByPlace, rows: ReadonlyArray<Row>): number => {
  const { begin, size } = sliceOf(plan, state)
  const isWhereAsked =
    plan.endpoint.pagination.style !== "pageNumber" ||
    state.paging.overlap === "pair" ||
    rows.length === size
  // A server that gives numbered pages a size of its own begins them elsewhere.
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

/** Goes back by a page: rows above were deleted, and others moved up across the edge of the page. */
export const stepBack = (
  plan: Plan,
  state: StateByPlace,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): StateByPlace => {
  const { paging, stall } = state
  const { begin, size } = sliceOf(plan, state)
  // Numbered pages that are cut short begin elsewhere: ask for no more than is given.
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

/** Reads one page where a pair of them could not be read without a change in between. */
export const withoutPair = (state: StateByPlace): StateByPlace => ({
  ...state,
  paging: { ...state.paging, overlap: "row", size: state.paging.leastGiven },
})

/**
 * Whether the next page shows the last listing time of this one again, so that an event at it can
 * wait. A server that cuts pages short may never show more of it.
 */
export const showsAgain = (
  plan: Plan,
  state: WalkState,
  rows: ReadonlyArray<Row>,
  next: Paging,
): boolean => {
  const { paging } = state
  if (paging.by === "name" || next.by === "name") return false
  if (isOtherWindow(paging, next)) return true
  return (
    rows.length === sliceOf(plan, state).size &&
    (paging.overlap === "none" || paging.overlap === "tie") &&
    (next.place === 0 || next.overlap === "tie")
  )
}

/** Takes rows that wait for the next page as not read: a page that is cut short must not skip them. */
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
 * The place of the next page, in the same window: above the last listing time, so that it shows that
 * time as a whole; if no page can hold it, at the last row.
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
    // The server says that more follows, and shows nothing: hidden rows cannot be overlapped.
    const end = Pagination.endOf(slice)
    return { ...paging, place: end, rowsRead: end, overlap: "none" }
  }
  const supposed = isNew ? slice.begin + rows.length : paging.rowsRead
  const rowsRead = Math.max(leastEnd(plan, state, rows), isShort ? supposed : 0)

  const largest = learned.largestPage ?? Number.POSITIVE_INFINITY
  const pageSize = Math.min(plan.pageSize, largest)
  const maxPageSize = Math.min(plan.endpoint.maxPageSize, largest)
  /** A page of a size at a place; null if it would reach no further than what was read. */
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
  // Either the list ends here, or the server gives fewer rows than requested: look behind them.
  if (mayEnd && paging.overlap !== "pair") {
    return (
      (isNew
        ? (pageAt(lastRow, "row", leastOverlapping) ?? pageAt(lastRow, "row", leastOverlapping + 1))
        : null) ?? pair
    )
  }
  // Only known rows, which new ones pushed down: larger pages get past them.
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

/** Remembers what a page shows of the sizes that the server gives. */
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
  // The rows behind a short page show that the server gives no more than that.
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
