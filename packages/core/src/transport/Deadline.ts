import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { AdapterError } from "../model/AdapterError.js"

/** Milliseconds since some instant: for what is waited, also where the machine's clock is set meanwhile. */
export const elapsedMillis: Effect.Effect<number> = Effect.map(
  Clock.monotonicTimeNanos,
  // Not cut to whole ones: a wait from then on would be too short by what was cut off.
  (nanos) => Number(nanos) / 1_000_000,
)

/** What bounds one page or one `get`, and what happened on the way. */
export interface DeadlineState {
  /** The instant, in milliseconds of `elapsedMillis`. */
  readonly endsAt: number
  /** The request that was sent last, such as `GET /logs`. */
  asked: string | null
  /** The last failure, which a Timeout then names. */
  failure: AdapterError | null
}

/** The deadline of the page or `get` that is under way. Without one, no request can be sent. */
export class Deadline extends Context.Service<Deadline, DeadlineState>()(
  "@execlog/core/Deadline",
) {}

/** A deadline so many milliseconds from here. */
export const deadlineIn = (milliseconds: number): Effect.Effect<DeadlineState> =>
  Effect.map(elapsedMillis, (now) => ({
    endsAt: now + milliseconds,
    asked: null,
    failure: null,
  }))

/** Whether a wait would last until the deadline or longer, so that nothing could come of it. */
export const outlastsDeadline = (milliseconds: number): Effect.Effect<boolean, never, Deadline> =>
  Effect.gen(function* () {
    const { endsAt } = yield* Deadline
    return (yield* elapsedMillis) + milliseconds >= endsAt
  })
