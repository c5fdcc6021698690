import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"

/**
 * Keeps the requests of one connection within its limits: so many in flight, so many starting in a
 * second, and none while the provider has asked to wait.
 */
export interface Pace {
  /** Runs a request when its turn has come. */
  readonly take: <A, E, R>(request: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Lets no request start for a while: the provider asked for it. */
  readonly hold: (milliseconds: number) => Effect.Effect<void>
}

/** A pace for one connection, shared by all its calls. */
export const makePace = (limits: {
  readonly requestsPerSecond: number | null
  readonly maxInFlight: number
}): Pace => {
  const interval = limits.requestsPerSecond === null ? 0 : 1000 / limits.requestsPerSecond
  const places = Semaphore.makeUnsafe(limits.maxInFlight)
  let nextStart = 0

  const awaitTurn = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const start = Math.max(now, nextStart)
    nextStart = start + interval
    if (start > now) yield* Effect.sleep(start - now)
  })

  return {
    take: (request) => places.withPermit(Effect.andThen(awaitTurn, request)),
    hold: Effect.fnUntraced(function* (milliseconds: number) {
      const now = yield* Clock.currentTimeMillis
      nextStart = Math.max(nextStart, now + milliseconds)
    }),
  }
}
