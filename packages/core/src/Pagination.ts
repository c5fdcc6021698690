/**
 * How an endpoint cuts its list into pages, as plain data. Import it as a namespace:
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

/** A part of a list: so many rows, behind so many others. */
export interface Slice {
  readonly begin: number
  readonly size: number
}

/**
 * The slice of at most `size` rows that begins at or before a place and reaches as far behind it as
 * it can. Numbered pages begin at multiples of their size alone, so the size is what is chosen.
 */
export const sliceAt = (
  pagination: Pagination,
  place: number,
  size: number,
  least: number,
): Slice => {
  if (pagination.style === "offset") return { begin: place, size }
  let best: Slice = { begin: place - (place % Math.max(size, least)), size: Math.max(size, least) }
  for (let smaller = best.size - 1; smaller >= least; smaller--) {
    const begin = place - (place % smaller)
    if (begin + smaller > endOf(best)) best = { begin, size: smaller }
  }
  return best
}

/** The number of rows before the end of a slice. */
export const endOf = ({ begin, size }: Slice): number => begin + size

/** The parameters that ask for a slice. */
export const params = (pagination: Pagination, { begin, size }: Slice): JsonObject => {
  switch (pagination.style) {
    case "pageNumber":
      return { [pagination.page]: begin / size + pagination.first, [pagination.size]: size }
    case "offset":
      return { [pagination.offset]: begin, [pagination.size]: size }
  }
}
