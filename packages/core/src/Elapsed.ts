import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** Milliseconds since some instant: for what is waited, also where the machine's clock is set meanwhile. */
export const elapsedMillis: Effect.Effect<number> = Effect.map(Clock.monotonicTimeNanos, (nanos) =>
  Number(nanos / 1_000_000n),
)
