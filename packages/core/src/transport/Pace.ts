import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import { type Deadline, elapsedMillis, outlastsDeadline } from "./Deadline.js"

/**
 * Keeps the requests of one connection within its limits: so many in flight, so many starting in a
 * second, and none while the provider has asked to wait.
 */
export interface Pace {
  /** Runs a request when its turn has come. */
  readonly take: <A, E, R>(request: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R | Deadline>
  /** Runs a request if its turn is now; none where it would have to wait. */
  readonly takeNow: <A, E, R>(
    request: Effect.Effect<A, E, R>,
  ) => Effect.Effect<Option.Option<A>, E, R | Deadline>
  /** Lets no request start for a while, an hour at most: the provider asked for it. */
  readonly hold: (milliseconds: number) => Effect.Effect<void>
  /** Says that the provider has answered: requests may come closer together again. */
  readonly ease: Effect.Effect<void>
  /** For how many milliseconds none may start. */
  readonly heldFor: Effect.Effect<number>
}

/** Between two requests after the provider has asked to wait, in milliseconds. */
const shortestGap = 100
const longestGap = 1000

/**
 * A server that asks for a longer wait is asked again after this one: a header in the wrong unit would
 * silence a connection for years. In milliseconds.
 */
const longestHold = 3_600_000

/** A pace for one connection, shared by all its calls. */
export const makePace = (limits: {
  readonly requestsPerSecond: number | null
  readonly maxInFlight: number
}): Pace => {
  const interval = limits.requestsPerSecond === null ? 0 : 1000 / limits.requestsPerSecond
  const places = Semaphore.makeUnsafe(limits.maxInFlight)
  let nextStart = 0
  let heldUntil = 0
  // A provider that has asked to wait gets its requests one by one, further apart each time it asks.
  let gap = 0
  const spacing = () => Math.max(interval, gap)

  const awaitTurn = Effect.gen(function* () {
    for (;;) {
      const now = yield* elapsedMillis
      // A wait beyond the deadline is not waited out: the request runs, and is to refuse by `heldFor`.
      if (heldUntil > now && (yield* outlastsDeadline(heldUntil - now))) return
      const start = Math.max(now, nextStart)
      const next = start + spacing()
      nextStart = next
      // Who gives up waiting gives the turn back, if nobody has the next one yet.
      const giveBack = Effect.sync(() => {
        if (nextStart === next) nextStart = start
      })
      if (start > now) yield* Effect.onInterrupt(Effect.sleep(start - now), () => giveBack)
      // Held meanwhile: the turn is over, and a new one comes after the wait, at the usual pace.
      if (heldUntil <= start) return
    }
  })

  return {
    take: (request) => places.withPermit(Effect.andThen(awaitTurn, request)),
    takeNow: (request) =>
      Effect.flatMap(elapsedMillis, (now) => {
        const isFree = () => Math.max(nextStart, heldUntil) <= now
        const start = Effect.suspend(() => {
          if (!isFree()) return Effect.andThen(awaitTurn, request)
          nextStart = now + spacing()
          return request
        })
        return isFree() ? places.withPermitsIfAvailable(1)(start) : Effect.succeedNone
      }),
    heldFor: Effect.map(elapsedMillis, (now) => Math.max(0, heldUntil - now)),
    ease: Effect.sync(() => {
      gap = gap < shortestGap / 4 ? 0 : 0.9 * gap
    }),
    hold: Effect.fnUntraced(function* (milliseconds: number) {
      const now = yield* elapsedMillis
      // Those that were under way together are answered together: that is asking once.
      if (heldUntil <= now) gap = Math.min(longestGap, Math.max(shortestGap, 2 * gap))
      heldUntil = Math.max(heldUntil, now + Math.min(milliseconds, longestHold))
      nextStart = Math.max(nextStart, heldUntil)
    }),
  }
}
