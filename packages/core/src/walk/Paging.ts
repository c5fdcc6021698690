import * as Schema from "effect/Schema"
import * as Pagination from "../adapter/Pagination.js"
import { goesUp, highestTick, type Plan } from "./Plan.js"
import type { ServerQuirks } from "./ServerQuirks.js"

// How the next page is requested.

// No list is longer, and the sum of two such counts is exact.
const Count = Schema.Natural.check(Schema.isLessThanOrEqualTo(1e12))

/** The part of the list that is being read. */
const Window = Schema.Struct({
  /**
   * The listing time at which it begins, which moves with the walk: the upper end, or the lower end
   * if the oldest come first. Null for none.
   */
  edge: Schema.NullOr(Schema.Finite),
})

export type Window = typeof Window.Type

/** By the name that the page before returned: a cursor, a URL, or the id of the last item. */
export const ByName = Schema.Struct({
  by: Schema.Literal("name"),
  /** The part of the list that is being read; absent for the whole list. */
  window: Schema.optionalKey(Window),
  /** Null for the first page, of the window or of the list. */
  name: Schema.NullOr(Schema.String),
  /** The number of rows before the next page, in the window or in the list. */
  place: Count,
  /** The number of items to request, if it differs from the plan's. */
  size: Schema.optionalKey(Count),
  /** The number of rows of the longest page so far. */
  longestPage: Count,
})

export type ByName = typeof ByName.Type

/** By place: the number of rows before it in the window, or in the list if there is no window. */
export const ByPlace = Schema.Struct({
  by: Schema.Literal("place"),
  /** The part of the list that is being read; null for the whole list. */
  window: Schema.NullOr(Window),
  /** The start of the next page; it may begin earlier if its size requires it. */
  place: Count,
  /** Number of leading rows assumed to be already read. */
  rowsRead: Count,
  /**
   * How the next page proves that it continues the previous one. If it does not, rows above it were
   * deleted, and the page before is read again.
   *
   * - `none`: it begins the window or the list.
   * - `tie`: it begins above the last listing time read, and so contains all of that time.
   * - `row`: it begins with a row that was read.
   * - `pair`: the server's pages are too short to overlap, so two of them are read, and the first one
   *   again.
   */
  overlap: Schema.Literals(["none", "tie", "row", "pair"]),
  /** The number of items to request, if it differs from the plan's; else null. */
  size: Schema.NullOr(Count),
  /** The most rows that the server seems to return, if fewer than requested; else null. */
  mostGiven: Schema.NullOr(Count),
  /** The fewest rows that a server of numbered pages returns, whatever is requested. */
  leastGiven: Count,
  /** The number of rows of the longest page so far, which shows the server's real page size. */
  longestPage: Count,
})

export type ByPlace = typeof ByPlace.Type

export const Paging = Schema.Union([ByName, ByPlace])

export type Paging = typeof Paging.Type

const top = { place: 0, rowsRead: 0, overlap: "none", size: null, mostGiven: null } as const

/** The beginning of a window, or of the list, after others of the server whose page sizes are known. */
export const backAtTop = (paging: Paging, window: Window | null): Paging =>
  paging.by === "place"
    ? { ...paging, window, ...top }
    : {
        by: "name",
        ...(window === null ? {} : { window }),
        name: null,
        place: 0,
        longestPage: paging.longestPage,
      }

/** How the first page of a plan is requested. */
export const startPaging = (plan: Plan): Paging => {
  const { pagination, time } = plan.endpoint
  const window = time.walk === "pages" ? null : { edge: goesUp(plan) ? null : highestTick(plan) }
  return Pagination.isCounted(pagination)
    ? { by: "place", window, ...top, leastGiven: 1, longestPage: 0 }
    : backAtTop({ by: "name", name: null, place: 0, longestPage: 0 }, window)
}

/** The name of the next page; null for the first page, and if pages are requested by place. */
export const nameOf = (paging: Paging): string | null => (paging.by === "name" ? paging.name : null)

/** The page of another name; unchanged if pages are requested by place. */
export const renamed = (paging: Paging, name: string | null): Paging =>
  paging.by === "name" ? { ...paging, name } : paging

/** Remembers the length of a page. */
export const withPageLength = <P extends Paging>(paging: P, length: number): P => ({
  ...paging,
  longestPage: Math.max(paging.longestPage, length),
})

/** The part of the list that is requested. */
export const sliceOf = (
  plan: Plan,
  { paging, learned }: { readonly paging: Paging; readonly learned: ServerQuirks },
): Pagination.Slice => {
  const { pagination } = plan.endpoint
  const largest = learned.largestPage ?? Number.POSITIVE_INFINITY
  const wish = Math.min(paging.size ?? plan.pageSize, largest)
  const { place } = paging
  if (paging.by === "name" || !Pagination.isCounted(pagination)) return { begin: place, size: wish }
  const { leastGiven, mostGiven } = paging
  if (paging.overlap === "pair") {
    return { begin: place - (place % leastGiven), size: 2 * leastGiven }
  }
  const size = Math.min(wish, mostGiven ?? largest)
  return place === 0
    ? { begin: 0, size: Math.max(size, leastGiven) }
    : Pagination.sliceAt(pagination, place, size, leastGiven)
}
