import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import { type Deadline, monotonicMilliseconds, outlastsDeadline } from "./Deadline.js"

/**
 * Keeps the requests of one connection within its limits: the number in flight, the number started
 * per second, and none while the provider has asked to wait.
 */
export interface Pace {
  /** Runs a request when it is its turn. */
  readonly take: <A, E, R>(request: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R | Deadline>
  /** Runs a request if it can start now; none if it would have to wait. */
  readonly takeNow: <A, E, R>(
    request: Effect.Effect<A, E, R>,
  ) => Effect.Effect<Option.Option<A>, E, R | Deadline>
  /** Starts no request for a while, an hour at most, as the provider requested. */
  readonly pause: (milliseconds: number) => Effect.Effect<void>
  /** Reports that the provider responded: the gap between requests may shrink again. */
  readonly ease: Effect.Effect<void>
  /** The milliseconds until a request may start. */
  readonly remainingPause: Effect.Effect<number>
}

/** The gap between two requests after the provider asked to wait, in milliseconds. */
const shortestGap = 100
const longestGap = 1000

/**
 * The longest wait that is respected, in milliseconds. A header in the wrong unit would block a
 * connection for years, so after this time the server is asked again.
 */
const longestPause = 3_600_000

/** Creates the pace of one connection, shared by all its calls. */
export const makePace = (limits: {
  readonly requestsPerSecond: number | null
  readonly maxInFlight: number
}): Pace => {
  const interval = limits.requestsPerSecond === null ? 0 : 1000 / limits.requestsPerSecond
  const places = Semaphore.makeUnsafe(limits.maxInFlight)
  let nextStart = 0
  let pausedUntil = 0
  // After the provider asks to wait, requests run one by one; the gap grows each time it asks.
  let gap = 0
  const spacing = () => Math.max(interval, gap)

  const awaitTurn = Effect.gen(function* () {
    for (;;) {
      const now = yield* monotonicMilliseconds
      // A wait beyond the deadline is useless: the request runs, and must fail by `remainingPause`.
      if (pausedUntil > now && (yield* outlastsDeadline(pausedUntil - now))) return
      const start = Math.max(now, nextStart)
      const next = start + spacing()
      nextStart = next
      // An interrupted wait returns its turn, unless the next turn is already taken.
      const giveBack = Effect.sync(() => {
        if (nextStart === next) nextStart = start
      })
      if (start > now) yield* Effect.onInterrupt(Effect.sleep(start - now), () => giveBack)
      // A pause began during the wait: take a new turn after it, at the usual pace.
      if (pausedUntil <= start) return
    }
  })

  return {
    take: (request) => places.withPermit(Effect.andThen(awaitTurn, request)),
    takeNow: (request) =>
      Effect.flatMap(monotonicMilliseconds, (now) => {
        const isFree = () => Math.max(nextStart, pausedUntil) <= now
        const start = Effect.suspend(() => {
          if (!isFree()) return Effect.andThen(awaitTurn, request)
          nextStart = now + spacing()
          return request
        })
        return isFree() ? places.withPermitsIfAvailable(1)(start) : Effect.succeedNone
      }),
    remainingPause: Effect.map(monotonicMilliseconds, (now) => Math.max(0, pausedUntil - now)),
    ease: Effect.sync(() => {
      gap = gap < shortestGap / 4 ? 0 : 0.9 * gap
    }),
    pause: Effect.fnUntraced(function* (milliseconds: number) {
      const now = yield* monotonicMilliseconds
      // Requests in flight together receive the same rejection: widen the gap once.
      if (pausedUntil <= now) gap = Math.min(longestGap, Math.max(shortestGap, 2 * gap))
      pausedUntil = Math.max(pausedUntil, now + Math.min(milliseconds, longestPause))
      nextStart = Math.max(nextStart, pausedUntil)
    }),
  }
}
