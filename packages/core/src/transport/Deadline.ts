import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { AdapterError } from "../model/AdapterError.js"

/**
 * Milliseconds since an arbitrary instant: for waits, unaffected by changes of the system clock.
 */
export const monotonicMilliseconds: Effect.Effect<number> = Effect.map(
  Clock.monotonicTimeNanos,
  // Not rounded down: waits until then would end too early.
  (nanos) => Number(nanos) / 1_000_000,
)

/** The deadline of one page or one `get`, and what happened before it. */
export interface DeadlineState {
  /** The end, in milliseconds of `monotonicMilliseconds`. */
  readonly endsAt: number
  /** The last request that was sent, such as `GET /logs`. */
  lastRequest: string | null
  /** The last failure, which a Timeout then reports. */
  failure: AdapterError | null
}

/** The deadline of the current page or `get`. A request requires one. */
export class Deadline extends Context.Service<Deadline, DeadlineState>()(
  "@execlog/core/Deadline",
) {}

/** A deadline in the given number of milliseconds. */
export const deadlineIn = (milliseconds: number): Effect.Effect<DeadlineState> =>
  Effect.map(monotonicMilliseconds, (now) => ({
    endsAt: now + milliseconds,
    lastRequest: null,
    failure: null,
  }))

/** Whether a wait would last until the deadline or longer, and so be useless. */
export const outlastsDeadline = (milliseconds: number): Effect.Effect<boolean, never, Deadline> =>
  Effect.gen(function* () {
    const { endsAt } = yield* Deadline
    return (yield* monotonicMilliseconds) + milliseconds >= endsAt
  })
