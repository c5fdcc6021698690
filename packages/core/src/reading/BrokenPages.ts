import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type AdapterError, partOfQuery } from "../model/AdapterError.js"
import { Deadline, elapsedMillis } from "../transport/Deadline.js"
import { withMore } from "../walk/NamedPages.js"
import { type Slice, isCounted, piecesOf } from "../adapter/Pagination.js"
import type { Plan } from "../walk/Plan.js"
import { type Requests, isServerFault } from "../transport/Requests.js"
import { BrokenItem, rawId, readRow, readRows } from "../walk/Row.js"
import { type Answer, readSlice, requestText, twinsHavePlaces } from "./ReadSlice.js"
import type { WalkState } from "../walk/WalkState.js"
import { warningOf } from "../model/Warning.js"

/**
 * A page that the server fails on may hold one item that breaks it. That is found by halving, and
 * costs itself alone: where the list can be had without the parts of `include`, its parts; else
 * itself.
 */

/** So many failures on the pieces of one page, and the rest of it is left as it is. */
const mostFailures = 100
/** So many without a piece that could be read: it is no single item that breaks the page. */
const mostInVain = { withBare: 40, alone: 20 }
const mostNamed = 20
/** So far behind a page, most lists have ended, and nothing else is broken. */
const pagesAway = 100

/** Reads a slice, though the server fails on what it holds. */
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
  const bare = yield* readBare({ requests, plan, state }, slice)
  // A server that is down fails as it would without all this.
  if (bare === null && !(yield* isUp({ requests, plan, state }, slice))) return yield* failure
  const search = yield* beginSearch({ requests, plan, state, failure, bare, slice })
  return bare === null
    ? yield* readAround(search, slice)
    : yield* readWithParts(search, slice, bare)
})

/** Whether an item on a page may be the cause of a failure. */
const breaksPages = (failure: AdapterError): boolean =>
  isServerFault(failure) || failure.reason === "Decode" || failure.reason === "TooLarge"

interface Asking {
  readonly requests: Requests
  readonly plan: Plan
  readonly state: WalkState
}

const tryPiece = ({ requests, plan, state }: Asking, { named, ...slice }: Piece) =>
  Effect.result(readSlice(requests, plan, { ...state, named }, slice, { isTrial: true }))

/** The slice without parts; null where there is no such request, or where it fails too. */
const readBare = Effect.fnUntraced(function* (asking: Asking, slice: Slice) {
  const { plan, state } = asking
  const summary = withoutParts(state)
  // Events of one execution share its id: which of them has its parts cannot be told.
  const isSame = requestText(plan, summary, slice) === requestText(plan, state, slice)
  if (isSame || plan.endpoint.fold !== null) return null
  const { named } = state
  return Result.getOrNull(yield* tryPiece({ ...asking, state: summary }, { ...slice, named }))
})

const withoutParts = (state: WalkState): WalkState => ({
  ...state,
  learned: { ...state.learned, withoutParts: true },
})

/** Whether the server can be read at all: far behind the page, or its first item alone. */
const isUp = Effect.fnUntraced(function* (asking: Asking, { begin, size }: Slice) {
  const { pagination } = asking.plan.endpoint
  const { named } = asking.state
  const first = size > 1 ? [{ begin, size: 1, named }] : []
  const probes = isCounted(pagination)
    ? [{ begin: begin + pagesAway * size, size: 1, named }, ...first]
    : pagination.style === "single"
      ? []
      : first
  const text = (slice: Slice) => requestText(asking.plan, asking.state, slice)
  for (const probe of probes) {
    if (text(probe) === text({ begin, size })) continue
    const tried = yield* tryPiece(asking, probe)
    // Also one that asks for too much is heard.
    if (Result.isSuccess(tried) || tried.failure.reason === "InvalidQuery") return true
  }
  return false
})

/** A part of a page; `named` is what asks for it where pages are not counted. */
interface Piece extends Slice {
  readonly named: string | null
}

/** What was read of a piece. */
interface PieceRead extends Pick<Answer["info"], "items" | "more" | "total" | "next"> {
  /** Nothing of the page is to be read behind it. */
  readonly isEnd: boolean
}

interface Search extends Asking {
  readonly failure: AdapterError
  readonly hasBare: boolean
  /** The number of rows before the end of the page, where they are counted. */
  readonly end: number
  /** Half of the time that is left for the page. */
  readonly endsAt: number
  failures: number
  successes: number
}

const beginSearch = Effect.fnUntraced(function* ({
  bare,
  slice,
  ...asking
}: Asking & {
  readonly failure: AdapterError
  readonly bare: Answer | null
  readonly slice: Slice
}) {
  const { endsAt } = yield* Deadline
  const now = yield* elapsedMillis
  return {
    ...asking,
    hasBare: bare !== null,
    end: slice.begin + (bare?.info.items.length ?? slice.size),
    endsAt: now + (endsAt - now) / 2,
    failures: 0,
    successes: 0,
  } satisfies Search
})

/** The page without its parts, and with the parts of all items but those that break it. */
const readWithParts = Effect.fnUntraced(function* (search: Search, slice: Slice, bare: Answer) {
  const { plan, state, requests, failure } = search
  const { items } = bare.info
  const isByCount = isCounted(plan.endpoint.pagination)
  const size = isByCount ? slice.size : Math.max(1, Math.min(slice.size, items.length))
  const read = yield* readPieces(search, { ...slice, size, named: state.named })
  const idOf = (raw: unknown): string | null => {
    const row = readRow(plan.endpoint, raw, 0)
    return row.ok ? row.id : rawId(raw)
  }
  const whole = new Map(read.items.map((raw) => [idOf(raw), raw]))
  // What has no id that tells it from others stays as it was.
  whole.delete(null)
  const given = items.map((raw) => whole.get(idOf(raw)) ?? raw)
  const without = items.filter((raw) => !whole.has(idOf(raw)))
  const isInVain = search.successes === 0 && search.failures >= mostInVain.withBare
  const info = { ...bare.info, items: given }
  const names = without.slice(0, mostNamed).map((raw) => requests.clean(String(idOf(raw))))
  const more = without.length - names.length
  const parts = plan.included.filter((part) => part !== "raw").join(", ")
  return {
    state: isInVain ? withoutParts(state) : state,
    info,
    rows: readRows(plan.endpoint, given, twinsHavePlaces(info, slice.size)),
    isStuck: false,
    exceeds: bare.exceeds,
    bare: new Set(without),
    warnings:
      without.length === 0
        ? []
        : [
            warningOf(
              "include_failed",
              isInVain
                ? `${plan.endpoint.route} fails if asked for ${parts}; executions are returned without them from here on. ${failure.message}`
                : `${plan.endpoint.route} fails on the ${parts} of ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}, which are returned without them. ${failure.message}`,
              partOfQuery("include"),
            ),
          ],
  } satisfies Answer
})

/** The page without the items that break it, each of which leaves its place. */
const readAround = Effect.fnUntraced(function* (search: Search, slice: Slice) {
  const { plan, state } = search
  const read = yield* readPieces(search, { ...slice, named: state.named })
  const isAllBroken = read.items.every((raw) => raw === broken)
  // What is wrong with every item is no item's fault.
  if (isAllBroken && !(yield* hasNeighbour(search, slice))) return yield* search.failure
  const items = read.items.map((raw, index) =>
    raw === broken
      ? new BrokenItem(placesOf(state, read.items.slice(0, index), slice), search.failure.message)
      : raw,
  )
  const { more, total, next } = read
  const info = withMore(plan.endpoint.pagination, { items, more, total, next }, slice.size)
  return {
    state,
    info,
    rows: readRows(plan.endpoint, items, twinsHavePlaces(info, slice.size)),
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
    const tried = yield* tryPiece(search, { begin: beside, size: 1, named: search.state.named })
    if (Result.isSuccess(tried) && tried.success.info.items.length > 0) return true
  }
  return false
})

/**
 * Where an item stands that nothing is known of: behind another, which a later window may show as
 * well, and at its number, which pages that overlap have in common.
 */
const placesOf = (
  { bound }: WalkState,
  above: ReadonlyArray<unknown>,
  { begin }: Slice,
): ReadonlyArray<string> => {
  const last = above.findLastIndex((raw) => rawId(raw) !== null)
  const distance = above.length - last
  const number = `at place ${begin + above.length + 1}${bound === null ? "" : ` before ${bound}`}`
  const behind = `behind ${rawId(above[last])}`
  if (last === -1) return [number]
  return [distance === 1 ? behind : `${distance} ${behind}`, number]
}

/** Stands where an item breaks its page. */
const broken = Symbol("broken")

const nothingRead: PieceRead = { items: [], more: null, total: null, next: null, isEnd: false }

const readPiece: (
  search: Search,
  piece: Piece,
) => Effect.Effect<PieceRead, AdapterError, Deadline> = Effect.fnUntraced(
  function* (search, piece) {
    if (yield* isSpent(search)) return yield* leaveRest(search, piece)
    const isOne = piece.size === 1
    const first = yield* tryPiece(search, piece)
    // Of one item it is said only when it was seen twice.
    const read = isOne && Result.isFailure(first) ? yield* tryPiece(search, piece) : first
    if (Result.isSuccess(read)) {
      const { items, ...info } = read.success.info
      search.successes += Math.min(1, items.length)
      const isByCount = isCounted(search.plan.endpoint.pagination)
      const isEnd = isByCount ? !search.hasBare && items.length < piece.size : info.next === null
      return { ...info, items: isByCount ? items.slice(0, piece.size) : items, isEnd }
    }
    if (!breaksPages(read.failure)) return yield* read.failure
    search.failures += 1
    return yield* readPieces(search, piece)
  },
)

/** The pieces of a page, or of a piece, one behind the other. */
const readPieces: (
  search: Search,
  whole: Piece,
) => Effect.Effect<PieceRead, AdapterError, Deadline> = Effect.fnUntraced(
  function* (search, whole) {
    const { pagination } = search.plan.endpoint
    const pieces = piecesOf(pagination, whole)
    if (pieces.length === 0) return yield* stepOver(search, whole)
    const items: Array<unknown> = []
    let read: PieceRead = { ...nothingRead, next: whole.named }
    for (const piece of pieces) {
      if (isCounted(pagination) && piece.begin >= search.end) break
      const { total } = read
      read = yield* readPiece(search, { ...piece, named: read.next })
      items.push(...read.items)
      read = { ...read, total: read.total ?? total }
      if (read.isEnd) break
    }
    return { ...read, items }
  },
)

/** Goes on behind an item that breaks its page. */
const stepOver = Effect.fnUntraced(function* (
  search: Search,
  piece: Piece,
): Effect.fn.Return<PieceRead, AdapterError, Deadline> {
  if (isCounted(search.plan.endpoint.pagination)) {
    return search.hasBare ? nothingRead : { ...nothingRead, items: [broken] }
  }
  if (!search.hasBare) return yield* leaveRest(search, piece)
  const asking = { ...search, state: withoutParts(search.state) }
  const behind = yield* tryPiece(asking, piece)
  // More than one: it does not heed the size, so that no item can be had alone.
  if (Result.isFailure(behind) || behind.success.info.items.length > 1) {
    return { ...nothingRead, isEnd: true }
  }
  const { next } = behind.success.info
  return { ...nothingRead, next, isEnd: next === null }
})

const isSpent = Effect.fnUntraced(function* ({ failures, successes, endsAt, hasBare }: Search) {
  const most = hasBare ? mostInVain.withBare : mostInVain.alone
  return (
    failures >= mostFailures ||
    (successes === 0 && failures >= most) ||
    (yield* elapsedMillis) >= endsAt
  )
})

/** Ends the page before a piece: what follows stays bare, or is read as a page of its own. */
const leaveRest = Effect.fnUntraced(function* (
  search: Search,
  { named }: Piece,
): Effect.fn.Return<PieceRead, AdapterError, Deadline> {
  if (search.hasBare) return { ...nothingRead, isEnd: true }
  if (search.successes === 0) return yield* search.failure
  return { ...nothingRead, more: true, next: named, isEnd: true }
})
