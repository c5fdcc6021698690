import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { isCounted, type Slice } from "../adapter/Pagination.js"
import { type AdapterError, partOfQuery } from "../model/AdapterError.js"
import type { ListPlace } from "../model/LogPage.js"
import { failureOf, type Warning, warningOf } from "../model/Warning.js"
import type { Deadline } from "../transport/Deadline.js"
import type { Requests } from "../transport/Requests.js"
import { withMore } from "../walk/NextPage.js"
import { nameOf } from "../walk/Paging.js"
import type { Plan } from "../walk/Plan.js"
import { BrokenItem, rawId, readRow, readRows } from "../walk/Row.js"
import type { WalkState } from "../walk/WalkState.js"
import { boundOf } from "../walk/Window.js"
import {
  type RequestedPage,
  beginSearch,
  breaksPages,
  broken,
  isInVain,
  readPieces,
  type Search,
  tryPiece,
  withoutParts,
} from "./BrokenItems.js"
import { type Answer, duplicatesHavePlaces, readSlice, requestText } from "./ReadSlice.js"

/**
 * A page that the server fails on may contain one item that breaks it. Only this item is affected: it
 * is returned without the parts of `include` if the page can be read without them, and else rejected.
 */

/** Items without parts that a warning names. */
const mostNamed = 20
/** Number of pages behind a page at which most lists have ended, and nothing else is broken. */
const pagesAway = 100

/** Reads a slice, even if the server fails on an item of it. */
export const readUnbroken = Effect.fnUntraced(function* (
  requests: Requests,
  plan: Plan,
  state: WalkState,
  slice: Slice,
): Effect.fn.Return<Answer, AdapterError, Deadline> {
  const whole = yield* Effect.result(readSlice(requests, plan, state, slice))
  if (Result.isSuccess(whole)) return whole.success
  const { failure } = whole
  if (!breaksPages(failure)) return yield* failure
  const page = { requests, plan, state }
  const bare = yield* readBare(page, slice)
  // A server that is down fails on everything.
  if (bare === null && !(yield* isUp(page, slice))) return yield* failure
  const search = yield* beginSearch(page, slice, failure, bare)
  return bare === null
    ? yield* readAround(search, slice)
    : yield* readWithParts(search, slice, bare)
})

/** The slice without parts; null if there is no such request, or if it fails too. */
const readBare = Effect.fnUntraced(function* (page: RequestedPage, slice: Slice) {
  const { plan, state } = page
  const summary = withoutParts(state)
  // Events of one execution share its id, so which of them has its parts is not known.
  const isSame = requestText(plan, summary, slice) === requestText(plan, state, slice)
  if (isSame || plan.endpoint.fold !== null) return null
  const piece = { ...slice, name: nameOf(state.paging) }
  return Result.getOrNull(yield* tryPiece({ ...page, state: summary }, piece))
})

/** Whether anything can be read from the server: far behind the page, or its first item alone. */
const isUp = Effect.fnUntraced(function* (page: RequestedPage, { begin, size }: Slice) {
  const { pagination } = page.plan.endpoint
  const name = nameOf(page.state.paging)
  const first = size > 1 ? [{ begin, size: 1, name }] : []
  const probes = isCounted(pagination)
    ? [{ begin: begin + pagesAway * size, size: 1, name }, ...first]
    : pagination.style === "single"
      ? []
      : first
  const text = (slice: Slice) => requestText(page.plan, page.state, slice)
  for (const probe of probes) {
    if (text(probe) === text({ begin, size })) continue
    const tried = yield* tryPiece(page, probe)
    // A server that rejects a request is up.
    if (Result.isSuccess(tried) || tried.failure.reason === "InvalidQuery") return true
  }
  return false
})

/** The page without its parts, and with the parts of all items but those that break it. */
const readWithParts = Effect.fnUntraced(function* (search: Search, slice: Slice, bare: Answer) {
  const { plan, state } = search
  const { items } = bare.info
  const isByCount = isCounted(plan.endpoint.pagination)
  const size = isByCount ? slice.size : Math.max(1, Math.min(slice.size, items.length))
  const read = yield* readPieces(search, { ...slice, size, name: nameOf(state.paging) })
  const idOf = (raw: unknown): string | null => {
    const row = readRow(plan.endpoint, raw, 0)
    return row.ok ? row.id : rawId(raw)
  }
  const whole = new Map(read.items.map((raw) => [idOf(raw), raw]))
  // Items without an id cannot be told apart: they stay without parts.
  whole.delete(null)
  const given = items.map((raw) => whole.get(idOf(raw)) ?? raw)
  const without = items.filter((raw) => !whole.has(idOf(raw)))
  const info = { ...bare.info, items: given }
  return {
    state: isInVain(search) ? withoutParts(state) : state,
    info,
    rows: readRows(plan.endpoint, given, duplicatesHavePlaces(info, slice.size)),
    isStuck: false,
    exceeds: bare.exceeds,
    bare: new Set(without),
    warnings:
      without.length === 0
        ? []
        : [
            warningOfParts(
              search,
              without.map((raw) => String(idOf(raw))),
            ),
          ],
  } satisfies Answer
})

const warningOfParts = (search: Search, ids: ReadonlyArray<string>): Warning => {
  const { requests, plan, failure } = search
  const names = ids.slice(0, mostNamed).map(requests.clean)
  const more = ids.length - names.length
  const parts = plan.included.filter((part) => part !== "raw").join(", ")
  return warningOf(
    "include_failed",
    isInVain(search)
      ? `${plan.endpoint.route} fails on requests for ${parts}; executions are returned without them from here on. ${failure.message}`
      : `${plan.endpoint.route} fails on the ${parts} of ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}, which are returned without them. ${failure.message}`,
    partOfQuery("include"),
    plan.endpoint.route,
    ...(isInVain(search) ? [] : ids.map(requests.clean)),
    ...failureOf(failure),
  )
}

/** The page without the items that break it, each of which leaves its place. */
const readAround = Effect.fnUntraced(function* (search: Search, slice: Slice) {
  const { plan, state, failure } = search
  const read = yield* readPieces(search, { ...slice, name: nameOf(state.paging) })
  const isAllBroken = read.items.every((raw) => raw === broken)
  // If every item fails, no single one is the cause.
  if (isAllBroken && !(yield* hasNeighbour(search, slice))) return yield* failure
  const items = read.items.map((raw, index) =>
    raw === broken
      ? new BrokenItem(placesOf(search, read.items.slice(0, index), slice), failure.message)
      : raw,
  )
  const { more, total, next } = read
  const info = withMore(plan.endpoint.pagination, { items, more, total, next }, slice.size)
  return {
    state,
    info,
    rows: readRows(plan.endpoint, items, duplicatesHavePlaces(info, slice.size)),
    isStuck: false,
    exceeds: null,
    bare: new Set(state.learned.withoutParts ? items : []),
    warnings: [],
  } satisfies Answer
})

/** Whether an item beside a page can be read. */
const hasNeighbour = Effect.fnUntraced(function* (search: Search, { begin, size }: Slice) {
  for (const beside of [begin + size, begin - 1, begin + 2 * size]) {
    if (beside < 0) continue
    const piece = { begin: beside, size: 1, name: nameOf(search.state.paging) }
    const tried = yield* tryPiece(search, piece)
    if (Result.isSuccess(tried) && tried.success.info.items.length > 0) return true
  }
  return false
})

/**
 * The places of an item of which nothing else is known: behind another item, which a later window may
 * show as well, and its number, which overlapping pages share.
 */
const placesOf = (
  { plan, state }: RequestedPage,
  above: ReadonlyArray<unknown>,
  { begin }: Slice,
): readonly [ListPlace, ...ReadonlyArray<ListPlace>] => {
  const byNumber = { number: begin + above.length + 1, bound: boundOf(plan, state) }
  const last = above.findLastIndex((raw) => rawId(raw) !== null)
  const after = rawId(above[last])
  return after === null ? [byNumber] : [{ after, distance: above.length - last }, byNumber]
}
