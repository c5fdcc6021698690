import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** Milliseconds since some instant: for what is waited, also where the machine's clock is set meanwhile. */
export const elapsedMillis: Effect.Effect<number> = Effect.map(
  Clock.monotonicTimeNanos,
  // Not cut to whole ones: a wait from then on would be too short by what was cut off.
  (nanos) => Number(nanos) / 1_000_000,
)
