/**
 * How an endpoint cuts its list into pages, as plain data. A place is where a page begins: a page
 * number counted from 0, or the number of rows before it. Import it as a namespace:
 * `Pagination.pageNumber({ … })`.
 */
import type { JsonObject } from "./Json.js"

/** One of the styles of this module. */
export type Pagination = PageNumber | Offset

/** Pages are numbered. */
export interface PageNumber {
  readonly style: "pageNumber"
  /** The parameter that carries the page's number. */
  readonly page: string
  /** The parameter that carries the page's size. */
  readonly size: string
  /** The number of the first page. */
  readonly first: number
}

/** A page begins after a number of rows. */
export interface Offset {
  readonly style: "offset"
  /** The parameter that carries the number of rows to skip. */
  readonly offset: string
  /** The parameter that carries the page's size. */
  readonly size: string
}

/** Numbered pages, the first being 1 where nothing else is said. */
export const pageNumber = (options: {
  readonly page: string
  readonly size: string
  readonly first?: number
}): PageNumber => ({ style: "pageNumber", first: 1, ...options })

/** Pages that begin after a number of rows. */
export const offset = (options: { readonly offset: string; readonly size: string }): Offset => ({
  style: "offset",
  ...options,
})

/** The parameters that ask for the page at a place. */
export const params = (pagination: Pagination, place: number, size: number): JsonObject => {
  switch (pagination.style) {
    case "pageNumber":
      return { [pagination.page]: place + pagination.first, [pagination.size]: size }
    case "offset":
      return { [pagination.offset]: place, [pagination.size]: size }
  }
}

/** How the first row of a page must be checked before the page is taken. */
export type Check =
  /** The page begins the list, or follows one that was just checked. */
  | "none"
  /** Its first row was seen before: else rows above were deleted, and the page before is due. */
  | "overlap"
  /** The total has not fallen since the page before: else the page before is due. */
  | "total"

/** Where to read next, after a page of `received` rows was taken at `place`. */
export const placeAfter = (
  pagination: Pagination,
  place: number,
  page: { readonly received: number; readonly check: Check; readonly knowsTotal: boolean },
): { readonly place: number; readonly check: Check } => {
  switch (pagination.style) {
    case "offset":
      return page.received > 1
        ? { place: place + page.received - 1, check: "overlap" }
        : { place: place + Math.max(page.received, 1), check: "none" }
    case "pageNumber":
      if (page.knowsTotal) return { place: place + 1, check: "total" }
      // Numbered pages cannot overlap by a row, so the page is read again before the next is.
      return page.check === "overlap"
        ? { place: place + 1, check: "none" }
        : { place, check: "overlap" }
  }
}

/** Where to read next, after a page without rows that more pages are said to follow. */
export const placeAfterEmpty = (
  pagination: Pagination,
  place: number,
  size: number,
): { readonly place: number; readonly check: Check } => ({
  place: place + (pagination.style === "offset" ? size : 1),
  check: "none",
})

/** The place before, where a page turned out not to follow on the last. */
export const placeBefore = (pagination: Pagination, place: number, size: number): number => {
  switch (pagination.style) {
    case "offset":
      return Math.max(0, place - size)
    case "pageNumber":
      return Math.max(0, place - 1)
  }
}
