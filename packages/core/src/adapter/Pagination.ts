/**
 * How an endpoint cuts its list into pages, as plain data. Import it as a namespace:
 * `Pagination.pageNumber({ … })`.
 */
import type { JsonObject } from "../model/Json.js"

/** One of the styles of this module. */
export type Pagination = Counted | Linked

/** Styles that ask for rows by their number in the list. */
export type Counted = PageNumber | Offset

/** Styles in which each page says how to ask for the next one, or is all there is. */
export type Linked = ByCursor | LastItem | NextUrl | LinkHeader | Single

/** Pages are numbered. */
export interface PageNumber {
  readonly style: "pageNumber"
  /** The parameter that carries the page's number. */
  readonly page: string
  /** The parameter that carries the page's size. */
  readonly size: string
  /** The number of the first page. */
  readonly first: number
  readonly fillsPages: boolean
}

/** A page begins after a number of rows. */
export interface Offset {
  readonly style: "offset"
  /** The parameter that carries the number of rows to skip. */
  readonly offset: string
  /** The parameter that carries the page's size. */
  readonly size: string
  readonly fillsPages: boolean
}

/** A page names the cursor of the next one, which only the provider can read. */
export interface ByCursor {
  readonly style: "cursor"
  /** The parameter that carries the cursor. */
  readonly cursor: string
  /** The parameter that carries the page's size. */
  readonly size: string
  readonly keyset: boolean
  readonly resized?: Resize | undefined
}

/** A cursor for a page of another size that begins at the same place. */
type Resize = (cursor: string, size: number) => string

/** A page begins after the item that has an id. */
export interface LastItem {
  readonly style: "lastItem"
  /** The parameter that carries the id of the last item. */
  readonly after: string
  /** The parameter that carries the page's size. */
  readonly size: string
}

/** A page names the URL of the next one. */
export interface NextUrl {
  readonly style: "nextUrl"
  /** The parameter that carries the page's size. */
  readonly size: string
  readonly keyset: boolean
}

/** The header `Link` names the URL of the next page, with `rel="next"` (RFC 8288). */
export interface LinkHeader {
  readonly style: "linkHeader"
  /** The parameter that carries the page's size. */
  readonly size: string
  readonly keyset: boolean
}

/** All is on one page. */
export interface Single {
  readonly style: "single"
  /** The parameter that carries the page's size; null for none. */
  readonly size: string | null
}

/** What is known of a provider's pages. */
interface FillingOptions {
  /**
   * Whether a page holds as many rows as were asked for wherever the list has them: a size that is
   * too large is refused and not clamped. Then a shorter page is the last one. False where nothing
   * is said.
   */
  readonly fillsPages?: boolean
}

/** Numbered pages, the first being 1 where nothing else is said. */
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

/** What is known of a provider's cursors or links. */
interface KeysetOptions {
  /**
   * Whether the next page begins behind the last row, wherever that stands by then: rows that come
   * and go do not shift it. False where nothing is said, since it may count rows.
   */
  readonly keyset?: boolean
}

/** Cursors; the `next` of `info` gives each, and null at the end. */
export const cursor = (
  options: {
    readonly cursor: string
    readonly size: string
    /** Given where a cursor holds the size as well, and the size in it is the one that counts. */
    readonly resized?: Resize
  } & KeysetOptions,
): ByCursor => ({ style: "cursor", keyset: false, ...options })

/** Pages that begin behind the last item of the page before, by its id. */
export const lastItem = (options: { readonly after: string; readonly size: string }): LastItem => ({
  style: "lastItem",
  ...options,
})

/** URLs; the `next` of `info` gives each, and null at the end. One of another origin is refused. */
export const nextUrl = (options: { readonly size: string } & KeysetOptions): NextUrl => ({
  style: "nextUrl",
  keyset: false,
  ...options,
})

/** URLs of the header `Link`. One of another origin is refused. */
export const linkHeader = (options: { readonly size: string } & KeysetOptions): LinkHeader => ({
  style: "linkHeader",
  keyset: false,
  ...options,
})

/** One page that holds all that the provider gives. */
export const single = (options: { readonly size?: string } = {}): Single => ({
  style: "single",
  size: options.size ?? null,
})

/** Whether pages are asked for by the number of rows before them. */
export const isCounted = (pagination: Pagination): pagination is Counted =>
  pagination.style === "pageNumber" || pagination.style === "offset"

/** A part of a list: so many rows, behind so many others. */
export interface Slice {
  readonly begin: number
  readonly size: number
}

/**
 * The slice of at most `size` rows that begins at or before a place and reaches as far behind it as
 * it can. Numbered pages begin at multiples of their size alone, so the size is what is chosen.
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
 * A slice in pieces that can each be asked for: halves, or as many equal parts as is needed for
 * numbered pages to begin where they do. Of one row there is no piece.
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

/** Whether rows that come and go between two pages can shift what the later one holds. */
export const mayShift = (pagination: Pagination): boolean =>
  pagination.style === "pageNumber" || ("keyset" in pagination && !pagination.keyset)

/** The parameters that ask for a slice, or for the page that the one before it has named. */
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
    // Later pages are asked for by their URL, which says all.
    case "nextUrl":
    case "linkHeader":
      return { [pagination.size]: size }
    case "single":
      return pagination.size === null ? {} : { [pagination.size]: size }
  }
}
