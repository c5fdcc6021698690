import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import { outlastsDeadline } from "./Deadline.js"

/**
 * Keeps the requests of one connection within its limits: so many in flight, so many starting in a
 * second, and none while the provider has asked to wait.
 */
export interface Pace {
  /** Runs a request when its turn has come. */
  readonly take: <A, E, R>(request: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Runs a request if its turn is now; none where it would have to wait. */
  readonly takeNow: <A, E, R>(
    request: Effect.Effect<A, E, R>,
  ) => Effect.Effect<Option.Option<A>, E, R>
  /** Lets no request start for a while: the provider asked for it. */
  readonly hold: (milliseconds: number) => Effect.Effect<void>
  /** For how many milliseconds none may start. */
  readonly heldFor: Effect.Effect<number>
}

/** A pace for one connection, shared by all its calls. */
export const makePace = (limits: {
  readonly requestsPerSecond: number | null
  readonly maxInFlight: number
}): Pace => {
  const interval = limits.requestsPerSecond === null ? 0 : 1000 / limits.requestsPerSecond
  const places = Semaphore.makeUnsafe(limits.maxInFlight)
  let nextStart = 0
  let heldUntil = 0

  const awaitTurn = Effect.gen(function* () {
    for (;;) {
      const now = yield* Clock.currentTimeMillis
      // A wait beyond the deadline is not waited out: the request runs, and is to refuse by `heldFor`.
      if (heldUntil > now && (yield* outlastsDeadline(heldUntil - now))) return
      const start = Math.max(now, nextStart)
      nextStart = start + interval
      // Who gives up waiting gives the turn back, if nobody has the next one yet.
      const giveBack = Effect.sync(() => {
        if (nextStart === start + interval) nextStart = start
      })
      if (start > now) yield* Effect.onInterrupt(Effect.sleep(start - now), () => giveBack)
      // Held meanwhile: the turn is over, and a new one comes after the wait, at the usual pace.
      if (heldUntil <= start) return
    }
  })

  return {
    take: (request) => places.withPermit(Effect.andThen(awaitTurn, request)),
    takeNow: (request) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const isFree = () => Math.max(nextStart, heldUntil) <= now
        const start = Effect.suspend(() => {
          if (!isFree()) return Effect.andThen(awaitTurn, request)
          nextStart = now + interval
          return request
        })
        return isFree() ? places.withPermitsIfAvailable(1)(start) : Effect.succeedNone
      }),
    heldFor: Effect.map(Clock.currentTimeMillis, (now) => Math.max(0, heldUntil - now)),
    hold: Effect.fnUntraced(function* (milliseconds: number) {
      const now = yield* Clock.currentTimeMillis
      heldUntil = Math.max(heldUntil, now + milliseconds)
      nextStart = Math.max(nextStart, heldUntil)
    }),
  }
}
