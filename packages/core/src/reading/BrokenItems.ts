import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { isCounted, piecesOf, type Slice } from "../adapter/Pagination.js"
import type { AdapterError } from "../model/AdapterError.js"
import { Deadline, monotonicMilliseconds } from "../transport/Deadline.js"
import { isServerFault, type Requests } from "../transport/Requests.js"
import { renamed } from "../walk/Paging.js"
import type { Plan } from "../walk/Plan.js"
import type { WalkState } from "../walk/WalkState.js"
import { type Answer, readSlice } from "./ReadSlice.js"

// Finds the items that break a page by halving it, until each piece can be read or is one item.

/** Failures on the pieces of one page after which the rest of it is left as it is. */
const mostFailures = 100
/** The same if nothing could be read: then it is not a single item that breaks the page. */
const mostInVain = { withBare: 40, alone: 20 }

/** A page requested at a state. */
export interface RequestedPage {
  readonly requests: Requests
  readonly plan: Plan
  readonly state: WalkState
}

/** A part of a page, and its name if pages are not counted. */
interface Piece extends Slice {
  readonly name: string | null
}

/** The items read from a piece. */
interface PieceRead extends Pick<Answer["info"], "items" | "more" | "total" | "next"> {
  /** Nothing of the page can be read behind it. */
  readonly isEnd: boolean
}

/** A search in one page, and how it has gone so far. */
export interface Search extends RequestedPage {
  /** Why the page could not be read. */
  readonly failure: AdapterError
  /** The page was read without the parts of `include`: only parts are missing, and not items. */
  readonly hasBare: boolean
  /** Where the page ends in the list, if pages are counted. */
  readonly end: number
  /** When to stop: half of the time that is left for the page. */
  readonly endsAt: number
  failures: number
  successes: number
}

/** Stands in a page for an item that breaks it. */
export const broken = Symbol("broken")

/** Whether an item on a page may be the cause of a failure. */
export const breaksPages = (failure: AdapterError): boolean =>
  isServerFault(failure) || failure.reason === "Decode" || failure.reason === "TooLarge"

/** A state whose pages are requested without the parts of `include`. */
export const withoutParts = (state: WalkState): WalkState => ({
  ...state,
  learned: { ...state.learned, withoutParts: true },
})

/** Begins a search; `bare` is the page without parts, if it could be read so. */
export const beginSearch = Effect.fnUntraced(function* (
  page: RequestedPage,
  slice: Slice,
  failure: AdapterError,
  bare: Answer | null,
) {
  const { endsAt } = yield* Deadline
  const now = yield* monotonicMilliseconds
  return {
    ...page,
    failure,
    hasBare: bare !== null,
    end: slice.begin + (bare?.info.items.length ?? slice.size),
    endsAt: now + (endsAt - now) / 2,
    failures: 0,
    successes: 0,
  } satisfies Search
})

/** Whether the search found nothing that could be read. */
export const isInVain = ({ failures, successes, hasBare }: Search): boolean =>
  successes === 0 && failures >= (hasBare ? mostInVain.withBare : mostInVain.alone)

/** Requests a part of the page once. */
export const tryPiece = ({ requests, plan, state }: RequestedPage, { name, ...slice }: Piece) => {
  const named = { ...state, paging: renamed(state.paging, name) }
  return Effect.result(readSlice(requests, plan, named, slice, { isTrial: true }))
}

const nothingRead: PieceRead = { items: [], more: null, total: null, next: null, isEnd: false }

const readPiece: (
  search: Search,
  piece: Piece,
) => Effect.Effect<PieceRead, AdapterError, Deadline> = Effect.fnUntraced(
  function* (search, piece) {
    if (yield* isSpent(search)) return yield* leaveRest(search, piece)
    const isOne = piece.size === 1
    const first = yield* tryPiece(search, piece)
    // A single item is blamed only if it fails twice.
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

/** Reads the pieces of a page, or of a piece, one after the other. */
export const readPieces: (
  search: Search,
  whole: Piece,
) => Effect.Effect<PieceRead, AdapterError, Deadline> = Effect.fnUntraced(
  function* (search, whole) {
    const { pagination } = search.plan.endpoint
    const pieces = piecesOf(pagination, whole)
    if (pieces.length === 0) return yield* stepOver(search, whole)
    const items: Array<unknown> = []
    let read: PieceRead = { ...nothingRead, next: whole.name }
    for (const piece of pieces) {
      if (isCounted(pagination) && piece.begin >= search.end) break
      const { total } = read
      read = yield* readPiece(search, { ...piece, name: read.next })
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
  const bare = { ...search, state: withoutParts(search.state) }
  const behind = yield* tryPiece(bare, piece)
  // More than one item: the server ignores the size, so that none can be requested alone.
  if (Result.isFailure(behind) || behind.success.info.items.length > 1) {
    return { ...nothingRead, isEnd: true }
  }
  const { next } = behind.success.info
  return { ...nothingRead, next, isEnd: next === null }
})

const isSpent = Effect.fnUntraced(function* (search: Search) {
  return (
    search.failures >= mostFailures ||
    isInVain(search) ||
    (yield* monotonicMilliseconds) >= search.endsAt
  )
})

/** Ends the page before a piece: what follows stays bare, or is read as a page of its own. */
const leaveRest = Effect.fnUntraced(function* (
  search: Search,
  { name }: Piece,
): Effect.fn.Return<PieceRead, AdapterError, Deadline> {
  if (search.hasBare) return { ...nothingRead, isEnd: true }
  if (search.successes === 0) return yield* search.failure
  return { ...nothingRead, more: true, next: name, isEnd: true }
})
