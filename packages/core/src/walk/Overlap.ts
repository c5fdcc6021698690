import type { PageInfo } from "../adapter/Connection.js"
import * as Pagination from "../adapter/Pagination.js"
import type { Plan } from "./Plan.js"
import { isBeyond, isKnown, lastListed, type Row } from "./Row.js"
import { atBeginning, type Check, type WalkState } from "./WalkState.js"

/**
 * Where the page after one begins, chosen so that its rows show that it follows on what was read:
 * above the last instant, so that it holds all of that; where no page can, at the last row.
 */

/** Where a page begins, and what is known of the sizes that the server gives. */
type PagePosition = Pick<
  WalkState,
  "named" | "place" | "read" | "check" | "size" | "most" | "least"
>

// With so many rows, a numbered page overlaps at almost every place.
const leastOverlapping = 4

/** The part of the list that a state asks for. */
export const sliceOf = (plan: Plan, state: WalkState): Pagination.Slice => {
  const { place, least, most } = state
  const { pagination } = plan.endpoint
  const largest = largestPage(state)
  const wish = Math.min(state.size ?? plan.pageSize, largest)
  if (!Pagination.isCounted(pagination)) return { begin: place, size: wish }
  if (state.check === "pair") return { begin: place - (place % least), size: 2 * least }
  const size = Math.min(wish, most ?? largest)
  return place === 0
    ? { begin: 0, size: Math.max(size, least) }
    : Pagination.sliceAt(pagination, place, size, least)
}

/** The largest page that may be asked for, where the server has refused a larger one. */
const largestPage = ({ learned }: WalkState): number =>
  learned.largestPage ?? Number.POSITIVE_INFINITY

/** How many rows of the list lie at or before the end of a page, at the least. */
export const leastEnd = (plan: Plan, state: WalkState, rows: ReadonlyArray<Row>): number => {
  const { begin, size } = sliceOf(plan, state)
  const isWhereAsked =
    plan.endpoint.pagination.style !== "pageNumber" ||
    state.check === "pair" ||
    rows.length === size
  // A server that gives numbered pages a size of its own begins them elsewhere.
  return (isWhereAsked ? begin : (begin / size) * rows.length) + rows.length
}

/** The next place, after a page that was taken at a state. */
export const nextPlace = (
  plan: Plan,
  state: WalkState,
  page: PageInfo,
  rows: ReadonlyArray<Row>,
): PagePosition => {
  if (!Pagination.isCounted(plan.endpoint.pagination)) {
    const end = state.place + rows.length
    return { ...atBeginning, named: page.next, place: end, read: end, least: state.least }
  }
  const slice = sliceOf(plan, state)
  const isShort = rows.length < slice.size
  const isNew = rows.some((row) => !isKnown(plan.query.order, state, row))
  const mayEnd =
    isShort &&
    page.more === null &&
    (page.total === null || slice.begin + rows.length >= page.total)
  const isBlind = page.more === null && page.total === null
  const sizes =
    isBlind && isNew && state.check === "row"
      ? // What lay behind a page that was short shows that the server gives no more than that.
        { most: Math.max(state.longest, rows.length), least: state.least }
      : sizesSeen(plan, state, slice, rows, { isNew, mayEnd })
  if (rows.length === 0) {
    // More is said to follow, and none of it is shown: what is hidden cannot be overlapped.
    const end = Pagination.endOf(slice)
    return { named: null, place: end, read: end, check: "none", size: state.size, ...sizes }
  }
  const supposed = isNew ? slice.begin + rows.length : state.read
  const read = Math.max(leastEnd(plan, state, rows), isShort ? supposed : 0)

  const pageSize = Math.min(plan.pageSize, largestPage(state))
  const maxPageSize = Math.min(plan.endpoint.maxPageSize, largestPage(state))
  const getOn = (place: number, check: Check, wish: number): PagePosition | null => {
    const size = Math.min(wish, maxPageSize)
    const next: PagePosition = {
      named: null,
      place,
      read,
      check: place === 0 ? "none" : check,
      size: size === pageSize ? null : size,
      ...sizes,
    }
    return Pagination.endOf(sliceOf(plan, { ...state, ...next })) > read ? next : null
  }
  const lastRow = Math.max(0, read - 1)
  const pair: PagePosition = {
    named: null,
    place: lastRow,
    read,
    check: "pair",
    size: null,
    ...sizes,
  }
  // Either the list ends here, or the server gives fewer rows than are asked for: look behind them.
  if (mayEnd && state.check !== "pair") {
    return (
      (isNew
        ? (getOn(lastRow, "row", leastOverlapping) ?? getOn(lastRow, "row", leastOverlapping + 1))
        : null) ?? pair
    )
  }
  // A page of nothing but what rows that arrive pushed down: larger ones outrun them.
  const base = isNew ? pageSize : Math.max(pageSize, 2 * slice.size)
  const above = aboveLastInstant(plan, slice, rows, read)
  if (above !== null) {
    for (let wish = base; ; wish = 2 * Math.max(wish, read - above)) {
      const next = getOn(above, "tie", wish)
      if (next !== null) return next
      if (wish >= maxPageSize) break
    }
  }
  return (
    getOn(lastRow, "row", Math.max(base, state.size ?? 0)) ??
    getOn(lastRow, "row", Math.max(base, leastOverlapping)) ??
    pair
  )
}

const sizesSeen = (
  plan: Plan,
  state: WalkState,
  { size }: Pagination.Slice,
  rows: ReadonlyArray<Row>,
  { isNew, mayEnd }: { readonly isNew: boolean; readonly mayEnd: boolean },
): Pick<WalkState, "most" | "least"> => {
  const { most, least, longest } = state
  if (state.check === "pair") return { most: isNew ? longest : most, least }
  if (rows.length > size) {
    const { style } = plan.endpoint.pagination
    return { most: null, least: style === "offset" ? least : rows.length }
  }
  if (rows.length === 0 || rows.length === size || mayEnd) return { most, least }
  return { most: isNew ? Math.max(longest, rows.length) : rows.length, least }
}

/** The place of the row above the last instant of a page; null where that begins above the page. */
const aboveLastInstant = (
  plan: Plan,
  slice: Pagination.Slice,
  rows: ReadonlyArray<Row>,
  read: number,
): number | null => {
  const { order } = plan.query
  const last = lastListed(order, rows)
  const above = rows.findLastIndex(
    (row) => row.ok && last !== null && isBeyond(order, last, row.at),
  )
  if (above === -1) return slice.begin === 0 ? 0 : null
  return Math.max(0, read - (rows.length - above))
}
