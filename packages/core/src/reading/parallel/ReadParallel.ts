import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { AdapterError } from "../../model/AdapterError.js"
import { narrowPlan, type Plan } from "../../walk/Plan.js"
import type { Position } from "../../walk/Position.js"
import { isBeyond } from "../../walk/Row.js"
import type { WalkState } from "../../walk/WalkState.js"
import { windowOf } from "../../walk/Window.js"
import type { TakenPage } from "../MapPage.js"
import { continuedFrom } from "./Continuation.js"
import {
  makeSchedule,
  mostPagesOfRange,
  type RangeRead,
  type Schedule,
  type Slot,
  type TimeRange,
} from "./Schedule.js"

/**
 * Parallel windows: reads a walk by windows with several requests in flight, each in a range of
 * listing time of its own, and gives the ranges in the order of the listing. Each page is one that a
 * sequential read could have given, and its cursor resumes sequentially or in parallel.
 */

type Read = (plan: Plan, at: WalkState) => Effect.Effect<TakenPage, AdapterError>

/** Where the reading stands. */
type Phase =
  /** One page after the other; `lastingly` if the server ignores bounds, so that no ranges can be read. */
  | { readonly mode: "sequential"; readonly at: WalkState; readonly lastingly: boolean }
  /** `position` is what was read of the ranges that were given. */
  | { readonly mode: "parallel"; readonly schedule: Schedule; readonly position: Position }
  | { readonly mode: "failed"; readonly error: AdapterError }

/** The pages to give, and the phase that follows. */
type Turn = readonly [ReadonlyArray<TakenPage>, Option.Option<Phase>]

const going = (pages: ReadonlyArray<TakenPage>, phase: Phase): Turn => [pages, Option.some(phase)]

const ended = (pages: ReadonlyArray<TakenPage>): Turn => [pages, Option.none()]

/**
 * Reads with up to `mostInFlight` requests in flight; null if that is one, or if the list cannot be cut
 * into ranges of listing time.
 */
export const readParallel = (
  plan: Plan,
  start: WalkState,
  mostInFlight: number,
  read: Read,
): Stream.Stream<TakenPage, AdapterError> | null => {
  if (mostInFlight < 2 || !hasRanges(plan)) return null
  const pages = (scope: Scope.Scope) => {
    const begin = Effect.fnUntraced(function* (schedule: Schedule): Effect.fn.Return<void> {
      for (const slot of schedule.begin()) yield* Effect.forkIn(readSlot(schedule, slot), scope)
    })
    const readSlot = (schedule: Schedule, slot: Slot) =>
      readRange(plan, slot.range, read).pipe(
        Effect.tap((outcome) => {
          schedule.finish(slot, outcome)
          return begin(schedule)
        }),
        Deferred.into(slot.outcome),
      )

    const readNextPage = Effect.fnUntraced(function* (at: WalkState, lastingly: boolean) {
      const taken = yield* read(plan, at)
      const { next } = taken.step
      if (next === null) return ended([taken])
      const span = lastingly || !isWindowTop(next) ? null : spanOf(taken)
      if (span === null) return going([taken], { mode: "sequential", at: next, lastingly })
      const schedule = makeSchedule(plan, next, { span, mostInFlight })
      yield* begin(schedule)
      return going([taken], { mode: "parallel", schedule, position: next.position })
    })

    const giveFirstRange = Effect.fnUntraced(function* (schedule: Schedule, before: Position) {
      const slot = schedule.first()
      if (slot === null) return ended([])
      const outcome = yield* Deferred.await(slot.outcome)
      schedule.shift()
      const { pages, position } = continuedFrom(plan, outcome, before)
      const { rest, failure, isBoundless } = outcome
      if (failure !== null) return going(pages, { mode: "failed", error: failure })
      if (isBoundless && rest !== null) {
        return going(pages, { mode: "sequential", at: { ...rest, position }, lastingly: true })
      }
      yield* begin(schedule)
      return schedule.first() === null
        ? ended(withoutNext(pages))
        : going(pages, { mode: "parallel", schedule, position })
    })

    const first = { mode: "sequential", at: start, lastingly: false } as const
    return Stream.paginate<Phase, TakenPage, AdapterError>(first, (phase) => {
      switch (phase.mode) {
        case "sequential":
          return readNextPage(phase.at, phase.lastingly)
        case "parallel":
          return giveFirstRange(phase.schedule, phase.position)
        case "failed":
          return Effect.fail(phase.error)
      }
    })
  }
  return Stream.unwrap(Effect.map(Effect.scope, pages))
}

/** Whether the provider can be asked for a range of listing time. */
const hasRanges = ({ ahead, endpoint: { time } }: Plan): boolean =>
  ahead === null && time.walk === "windows" && time.before !== null && time.after !== null

/** Whether a state stands at the beginning of a window, and not inside a listing time. */
const isWindowTop = ({ paging }: WalkState): boolean =>
  (windowOf(paging)?.edge ?? null) !== null && paging.place === 0 && (paging.size ?? null) === null

/** How much listing time the rows of a page cover; null if no row could be read. */
const spanOf = ({ rows }: TakenPage): number | null => {
  const times = rows.flatMap((row) => (row.ok ? [row.at] : []))
  return times.length === 0 ? null : Math.max(...times) - Math.min(...times)
}

/** Reads the pages of one range. Pages that were read before a failure are kept. */
const readRange = Effect.fnUntraced(function* (
  plan: Plan,
  range: TimeRange,
  read: Read,
): Effect.fn.Return<RangeRead> {
  const { start, end } = range
  const narrowed = end === null ? plan : narrowPlan(plan, end)
  const most = end === null ? 1 : mostPagesOfRange
  const pages: Array<TakenPage> = []
  let at: WalkState | null = start
  while (at !== null && pages.length < most) {
    const result: Result.Result<TakenPage, AdapterError> = yield* Effect.result(read(narrowed, at))
    if (Result.isFailure(result)) {
      return { range, pages, rest: at, isBoundless: false, failure: result.failure }
    }
    const taken: TakenPage = result.success
    if (ignoresBounds(plan, taken, end)) {
      return { range, pages, rest: at, isBoundless: true, failure: null }
    }
    pages.push(taken)
    at = taken.step.next
  }
  return { range, pages, rest: at, isBoundless: false, failure: null }
})

/** Whether a page shows that the server ignores a bound. */
const ignoresBounds = (
  { query }: Plan,
  { state, rows, step }: TakenPage,
  end: number | null,
): boolean =>
  windowOf(state.paging) === null ||
  (step.next !== null && windowOf(step.next.paging) === null) ||
  (end !== null && rows.some((row) => row.ok && isBeyond(query.order, row.at, end)))

/** The pages at the end of the walk, of which the last has no next. */
const withoutNext = (pages: ReadonlyArray<TakenPage>): ReadonlyArray<TakenPage> =>
  pages.map((taken, index) =>
    index === pages.length - 1 ? { ...taken, step: { ...taken.step, next: null } } : taken,
  )
