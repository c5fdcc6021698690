import * as Schema from "effect/Schema"
import * as Pagination from "../adapter/Pagination.js"
import type { ServerQuirks } from "./ServerQuirks.js"
import { goesUp, highestTick, type Plan } from "./Plan.js"

// How the next page is requested.

// No list is longer, and sums of two are exact.
const Count = Schema.Natural.check(Schema.isLessThanOrEqualTo(1e12))

/** By the name that the page before gave it: a cursor, a URL, or the id of the last item. */
export const ByName = Schema.Struct({
  by: Schema.Literal("name"),
  /** Null for the first page. */
  name: Schema.NullOr(Schema.String),
  /** Number of rows in the list before the next page. */
  place: Count,
  /** Rows of the longest page so far. */
  longestPage: Count,
})

export type ByName = typeof ByName.Type

/** By its place: the number of rows before it, in the window or, without one, in the list. */
export const ByPlace = Schema.Struct({
  by: Schema.Literal("place"),
  /** The part of the list that is being read; null for all of it. */
  window: Schema.NullOr(
    Schema.Struct({
      /**
       * The listing time at which it begins, which moves with the walk: the upper end, or the lower
       * one if the oldest come first. Null for none.
       */
      edge: Schema.NullOr(Schema.Finite),
    }),
  ),
  /** The next page begins here, or further up if its size requires it. */
  place: Count,
  /** Number of leading rows assumed to be already read. */
  rowsRead: Count,
  /**
   * How the next page shows that it continues the previous one. If it does not, rows above it were
   * deleted, and the page before is read again.
   *
   * - `none`: it begins the window or the list.
   * - `tie`: it begins above the last listing time read, and so shows that time again as a whole.
   * - `row`: it begins with a row that was read.
   * - `pair`: the server's pages are too short to overlap, so two of them are read and the first one
   *   again.
   */
  overlap: Schema.Literals(["none", "tie", "row", "pair"]),
  /** How many items to request, if not as many as the plan says; else null. */
  size: Schema.NullOr(Count),
  /** The most rows that the server seems to give, if it gave fewer than requested; else null. */
  mostGiven: Schema.NullOr(Count),
  /** The least rows that a server of numbered pages gives, whatever is requested. */
  leastGiven: Count,
  /** Rows of the longest page so far, which shows the server's real page size. */
  longestPage: Count,
})

export type ByPlace = typeof ByPlace.Type

export const Paging = Schema.Union([ByName, ByPlace])

export type Paging = typeof Paging.Type

const top = { place: 0, rowsRead: 0, overlap: "none", size: null, mostGiven: null } as const

/** At the beginning of a window, or of the list. */
export const atTop = (window: ByPlace["window"]): ByPlace => ({
  by: "place",
  window,
  ...top,
  leastGiven: 1,
  longestPage: 0,
})

/** The same after other windows or lists of the same server, whose page sizes are known. */
export const backAtTop = (paging: ByPlace, window: ByPlace["window"]): ByPlace => ({
  ...paging,
  window,
  ...top,
})

/** How the first page of a plan is requested. */
export const startPaging = (plan: Plan): Paging => {
  if (!Pagination.isCounted(plan.endpoint.pagination)) {
    return { by: "name", name: null, place: 0, longestPage: 0 }
  }
  if (plan.endpoint.time.walk === "pages") return atTop(null)
  return atTop({ edge: goesUp(plan) ? null : highestTick(plan) })
}

/** The name of the next page; null for the first, and if pages are requested by place. */
export const nameOf = (paging: Paging): string | null => (paging.by === "name" ? paging.name : null)

/** The page of another name; the same where pages are requested by place. */
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
  const wish = Math.min((paging.by === "place" ? paging.size : null) ?? plan.pageSize, largest)
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
