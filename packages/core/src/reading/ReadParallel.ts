import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { AdapterError } from "../model/AdapterError.js"
import type { TakenPage } from "./MapPage.js"
import { narrowPlan, type Plan } from "../walk/Plan.js"
import {
  makeTimeRanges,
  mostPages,
  type Slot,
  stateBelow,
  type TimeRange,
  type TimeRangeRead,
  type TimeRanges,
} from "./TimeRanges.js"
import { stateWithin, takePage } from "../walk/Walk.js"
import type { WalkState } from "../walk/WalkState.js"

type Read = (plan: Plan, at: WalkState) => Effect.Effect<TakenPage, AdapterError>

/** What passes from page to page, whichever range it is of. */
type Thread = Pick<WalkState, "key" | "refused" | "partlyRead">

/** Where the reading stands. */
type Place =
  /** One page after the other, `wholly` where the server knows no bounds. */
  | { readonly mode: "inTurn"; readonly at: WalkState; readonly wholly: boolean }
  | { readonly mode: "sideBySide"; readonly ranges: TimeRanges; readonly thread: Thread }
  | { readonly mode: "failed"; readonly error: AdapterError }

type Turn = readonly [ReadonlyArray<TakenPage>, Option.Option<Place>]

/** Whether the walk of a plan can be cut into ranges of listing time at all. */
export const canPart = ({ ahead, endpoint: { time }, query }: Plan): boolean =>
  ahead === null &&
  time.walk === "windows" &&
  time.before !== null &&
  time.after !== null &&
  query.order === "newest"

/**
 * Reads a walk by windows with several requests in flight: ranges of listing time side by side,
 * given in the order of the listing. Each page is one that reading in turn could have given, and
 * its cursor goes on from there as well.
 */
export const readSideBySide = (
  plan: Plan,
  start: WalkState,
  mostInFlight: number,
  read: Read,
): Stream.Stream<TakenPage, AdapterError> =>
  Effect.scope.pipe(
    Effect.map((scope) => {
      const begin = Effect.fnUntraced(function* (ranges: TimeRanges): Effect.fn.Return<void> {
        for (const slot of ranges.begin()) {
          yield* Effect.forkIn(readSlot(ranges, slot), scope)
        }
      })
      const readSlot = (ranges: TimeRanges, slot: Slot) =>
        readTimeRange(plan, slot.range, read).pipe(
          Effect.tap((outcome) => {
            ranges.finish(slot, outcome)
            return begin(ranges)
          }),
          Deferred.into(slot.outcome),
        )

      const readInTurn = Effect.fnUntraced(function* (at: WalkState, wholly: boolean) {
        const taken = yield* read(plan, at)
        const { next } = taken.step
        if (next === null) return ended([taken])
        const span = wholly || !isWindowStart(next) ? null : spanOf(taken)
        if (span === null) return going([taken], { mode: "inTurn", at: next, wholly })
        const ranges = makeTimeRanges(plan, next, { span, mostInFlight })
        yield* begin(ranges)
        return going([taken], { mode: "sideBySide", ranges, thread: next })
      })

      const giveFirst = Effect.fnUntraced(function* (ranges: TimeRanges, before: Thread) {
        const slot = ranges.first()
        if (slot === null) return ended([])
        const outcome = yield* Deferred.await(slot.outcome)
        ranges.shift()
        const { pages, thread } = inOrder(plan, outcome, before)
        const { rest, failure, isBoundless } = outcome
        if (failure !== null) return going(pages, { mode: "failed", error: failure })
        if (isBoundless && rest !== null) {
          return going(pages, { mode: "inTurn", at: { ...rest, ...thread }, wholly: true })
        }
        yield* begin(ranges)
        return ranges.first() === null
          ? ended(withoutNext(pages))
          : going(pages, { mode: "sideBySide", ranges, thread })
      })

      const first = { mode: "inTurn", at: start, wholly: false } as const
      return Stream.paginate<Place, TakenPage, AdapterError>(first, (place) => {
        switch (place.mode) {
          case "inTurn":
            return readInTurn(place.at, place.wholly)
          case "sideBySide":
            return giveFirst(place.ranges, place.thread)
          case "failed":
            return Effect.fail(place.error)
        }
      })
    }),
    Stream.unwrap,
  )

const going = (pages: ReadonlyArray<TakenPage>, place: Place): Turn => [pages, Option.some(place)]

const ended = (pages: ReadonlyArray<TakenPage>): Turn => [pages, Option.none()]

/** Whether a state stands at the beginning of a window rather than inside an instant. */
const isWindowStart = ({ walk, bound, place, size }: WalkState): boolean =>
  walk === "windows" && bound !== null && place === 0 && size === null

/** How much listing time the rows of a page cover; null where that cannot be told. */
const spanOf = ({ rows }: TakenPage): number | null => {
  const times = rows.flatMap((row) => (row.ok ? [row.at] : []))
  return times.length === 0 ? null : Math.max(...times) - Math.min(...times)
}

/** Reads the pages of one range. What was read before a failure is not lost. */
const readTimeRange = Effect.fnUntraced(function* (
  plan: Plan,
  range: TimeRange,
  read: Read,
): Effect.fn.Return<TimeRangeRead> {
  const { start, floor } = range
  const narrowed = floor === null ? plan : narrowPlan(plan, floor)
  const most = floor === null ? 1 : mostPages
  const pages: Array<TakenPage> = []
  let at: WalkState | null = start
  while (at !== null && pages.length < most) {
    const result: Result.Result<TakenPage, AdapterError> = yield* Effect.result(read(narrowed, at))
    if (Result.isFailure(result)) {
      return { range, pages, rest: at, isBoundless: false, failure: result.failure }
    }
    const taken: TakenPage = result.success
    if (exceeds(taken, floor)) {
      return { range, pages, rest: at, isBoundless: true, failure: null }
    }
    pages.push(taken)
    at = taken.step.next
  }
  return { range, pages, rest: at, isBoundless: false, failure: null }
})

/** Whether an answer shows that the server ignores a bound. */
const exceeds = ({ state, rows, step }: TakenPage, floor: number | null): boolean =>
  state.walk !== "windows" ||
  (step.next !== null && step.next.walk !== "windows") ||
  (floor !== null && rows.some((row) => row.ok && row.at < floor))

/**
 * The pages of a range as they follow on those above it. Events of one execution may stand in
 * several ranges, so what a fold owes passes from one to the next, as does what was refused.
 */
const inOrder = (
  plan: Plan,
  { range, pages, rest }: TimeRangeRead,
  before: Thread,
): { readonly pages: ReadonlyArray<TakenPage>; readonly thread: Thread } => {
  const { floor } = range
  const narrowed = floor === null ? plan : narrowPlan(plan, floor)
  let thread = before
  const ordered: Array<TakenPage> = []
  for (const [index, read] of pages.entries()) {
    const isApart = plan.endpoint.fold === null && thread.refused.size === 0
    const taken = isApart ? read : takenAfter(narrowed, read, thread)
    const { state, rows, step } = taken
    thread = threadOf(
      step.next ?? stateWithin(narrowed, state, rows, step.deferred, Number.POSITIVE_INFINITY),
    )
    const following = index === pages.length - 1 ? rest : read.step.next
    const next =
      following !== null
        ? { ...following, ...thread }
        : floor === null
          ? null
          : { ...stateBelow(state, floor, plan.endpoint.time.tick), partlyRead: thread.partlyRead }
    ordered.push({ ...taken, step: { ...step, next } })
  }
  return { pages: ordered, thread }
}

const threadOf = ({ key, refused, partlyRead }: Thread): Thread => ({ key, refused, partlyRead })

/** Takes a page again, after those above it that were read at the same time. */
const takenAfter = (plan: Plan, taken: TakenPage, thread: Thread): TakenPage => {
  const state = { ...taken.state, ...threadOf(thread) }
  const step = takePage(plan, state, taken.info, taken.rows)
  // It was taken once at this place, and only what was given above it differs.
  return step.taken ? { ...taken, state, step: { ...step, warnings: taken.step.warnings } } : taken
}

const withoutNext = (pages: ReadonlyArray<TakenPage>): ReadonlyArray<TakenPage> =>
  pages.map((taken, index) =>
    index === pages.length - 1 ? { ...taken, step: { ...taken.step, next: null } } : taken,
  )
