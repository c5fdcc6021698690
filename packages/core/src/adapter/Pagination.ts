/**
 * How an endpoint cuts its list into pages, as plain data. Import it as a namespace:
 * `Pagination.pageNumber({ … })`.
 */
import type { JsonObject } from "../model/Json.js"

/** One of the styles of this module. */
export type Pagination = Counted | Linked

/** Styles that request rows by their place in the list. */
export type Counted = PageNumber | Offset

/** Styles in which each page says how to request the next one, or is the only one. */
export type Linked = ByCursor | LastItem | NextUrl | LinkHeader | Single

/** Pages are numbered. */
export interface PageNumber {
  readonly style: "pageNumber"
  /** The parameter of the page number. */
  readonly page: string
  /** The parameter of the page size. */
  readonly size: string
  /** The number of the first page. */
  readonly first: number
  readonly fillsPages: boolean
}

/** A page begins after a number of rows. */
export interface Offset {
  readonly style: "offset"
  /** The parameter of the number of rows to skip. */
  readonly offset: string
  /** The parameter of the page size. */
  readonly size: string
  readonly fillsPages: boolean
}

/** A page returns the cursor of the next one, which only the provider can read. */
export interface ByCursor {
  readonly style: "cursor"
  /** The parameter of the cursor. */
  readonly cursor: string
  /** The parameter of the page size. */
  readonly size: string
  readonly keyset: boolean
  readonly resized?: Resize | undefined
}

/** Returns the cursor of the same place for another page size. */
type Resize = (cursor: string, size: number) => string

/** A page begins after the item with a given id. */
export interface LastItem {
  readonly style: "lastItem"
  /** The parameter of the id of the last item. */
  readonly after: string
  /** The parameter of the page size. */
  readonly size: string
}

/** A page returns the URL of the next one. */
export interface NextUrl {
  readonly style: "nextUrl"
  /** The parameter of the page size. */
  readonly size: string
  readonly keyset: boolean
}

/** The `Link` header names the URL of the next page, with `rel="next"` (RFC 8288). */
export interface LinkHeader {
  readonly style: "linkHeader"
  /** The parameter of the page size. */
  readonly size: string
  readonly keyset: boolean
}

/** Everything is on one page. */
export interface Single {
  readonly style: "single"
  /** The parameter of the page size; null for none. */
  readonly size: string | null
}

/** Properties of a provider's pages. */
interface FillingOptions {
  /**
   * Whether a page is always full unless the list ends: the provider rejects a page size that is
   * too large instead of reducing it. A shorter page is then the last one. Default: false.
   */
  readonly fillsPages?: boolean
}

/** Numbered pages. Default of `first`: 1. */
export const pageNumber = (
  options: {
    readonly page: string
    readonly size: string
    readonly first?: number
  } & FillingOptions,
): PageNumber => ({ style: "pageNumber", first: 1, fillsPages: false, ...options })

/** Pages that begin after a number of rows. */
export const offset = (
  options: { readonly offset: string; readonly size: string } & FillingOptions,
): Offset => ({ style: "offset", fillsPages: false, ...options })

/** Properties of a provider's cursors or links. */
interface KeysetOptions {
  /**
   * Whether the next page begins after the last row, wherever that row is by then, so that inserted
   * and deleted rows do not shift it. Default: false, because a cursor may count rows. A list
   * that is walked by windows follows such a cursor only inside an instant.
   */
  readonly keyset?: boolean
}

/** Cursors. `next` of `info` is the cursor of the next page, null or empty at the end. */
export const cursor = (
  options: {
    readonly cursor: string
    readonly size: string
    /** Required if a cursor contains the page size and overrides that of the request. */
    readonly resized?: Resize
  } & KeysetOptions,
): ByCursor => ({ style: "cursor", keyset: false, ...options })

/** Pages that begin after the last item of the page before, by its id. */
export const lastItem = (options: { readonly after: string; readonly size: string }): LastItem => ({
  style: "lastItem",
  ...options,
})

/**
 * URLs. `next` of `info` is the URL of the next page, null or empty at the end. One of another
 * origin is rejected.
 */
export const nextUrl = (options: { readonly size: string } & KeysetOptions): NextUrl => ({
  style: "nextUrl",
  keyset: false,
  ...options,
})

/** URLs of the `Link` header. One of another origin is rejected. */
export const linkHeader = (options: { readonly size: string } & KeysetOptions): LinkHeader => ({
  style: "linkHeader",
  keyset: false,
  ...options,
})

/** One page that contains everything the provider returns. */
export const single = (options: { readonly size?: string } = {}): Single => ({
  style: "single",
  size: options.size ?? null,
})

/** Whether pages are requested by the number of rows before them. */
export const isCounted = (pagination: Pagination): pagination is Counted =>
  pagination.style === "pageNumber" || pagination.style === "offset"

/** A part of a list: `size` rows after the first `begin` rows. */
export interface Slice {
  readonly begin: number
  readonly size: number
}

/**
 * The slice of at most `size` rows that begins at or before a place and reaches as far past it as
 * possible. Numbered pages begin at multiples of their size, so the size is chosen.
 */
export const sliceAt = (pagination: Counted, place: number, size: number, least: number): Slice => {
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

/**
 * Splits a slice into pieces that can be requested: halves, or as many equal parts as numbered
 * pages need to begin at the same places. A slice of one row has no pieces.
 */
export const piecesOf = ({ style }: Pagination, { begin, size }: Slice): ReadonlyArray<Slice> => {
  if (size <= 1) return []
  const half = Math.ceil(size / 2)
  if (style !== "pageNumber") {
    return [
      { begin, size: half },
      { begin: begin + half, size: size - half },
    ]
  }
  let count = 2
  while (size % count !== 0) count++
  const each = size / count
  return Array.from({ length: count }, (_, index) => ({ begin: begin + index * each, size: each }))
}

/** Whether the names of pages may count rows, instead of continuing after the last row. */
export const mayCount = (pagination: Pagination): boolean =>
  "keyset" in pagination && !pagination.keyset

/** Whether rows inserted or deleted between two pages can shift the later one. */
export const mayShift = (pagination: Pagination): boolean =>
  pagination.style === "pageNumber" || mayCount(pagination)

/** The parameters that request a slice, or the page that the previous one named. */
export const params = (
  pagination: Pagination,
  { begin, size }: Slice,
  named: string | null,
): JsonObject => {
  switch (pagination.style) {
    case "pageNumber":
      return { [pagination.page]: begin / size + pagination.first, [pagination.size]: size }
    case "offset":
      return { [pagination.offset]: begin, [pagination.size]: size }
    case "cursor":
      return { ...(named === null ? {} : { [pagination.cursor]: named }), [pagination.size]: size }
    case "lastItem":
      return { ...(named === null ? {} : { [pagination.after]: named }), [pagination.size]: size }
    // Later pages are requested by their URL, which contains everything.
    case "nextUrl":
    case "linkHeader":
      return { [pagination.size]: size }
    case "single":
      return pagination.size === null ? {} : { [pagination.size]: size }
  }
}
