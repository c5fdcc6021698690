import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { Connection } from "../src/adapter.js"
import { makeExecutions, Transport, type TransportService } from "../src/effect.js"
import type { AdapterError, Change, FollowOptions, LogQuery } from "../src/index.js"

export const epoch = Date.UTC(2026, 10, 21, 8)
export const minute = 60_000

/** The changes that follow reported, and the failure that ended it. */
interface Followed {
  readonly changes: ReadonlyArray<Change>
  readonly failure: AdapterError
}

const rejected = { status: 401, headers: {}, body: "{}" }

/**
 * Follows a server that changes by one of these steps before each poll, from the second on; when
 * no steps are left, the server rejects the key.
 */
export const followed = (
  connection: Connection,
  served: TransportService,
  steps: ReadonlyArray<(now: number) => void>,
  options: FollowOptions & { readonly query?: LogQuery } = {},
) =>
  Effect.gen(function* () {
    const { query, ...follow } = options
    yield* TestClock.setTime(epoch)
    const executions = makeExecutions(connection, { name: "shop", transport: { retries: 0 } })
    let step = -1
    let lastNow = -1
    const transport = Transport.of({
      exchange: (request) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          // All requests of a poll have the same time of the test clock.
          if (now !== lastNow) {
            if (step >= 0) steps[step]?.(now)
            step += 1
            lastNow = now
          }
          return step > steps.length ? Effect.succeed(rejected) : served.exchange(request)
        }),
    })
    const changes: Array<Change> = []
    const run = Stream.runForEach(executions.follow(query, follow), (change) =>
      Effect.sync(() => changes.push(change)),
    ).pipe(Effect.provideService(Transport, transport), Effect.flip)
    const fiber = yield* Effect.forkChild(run)
    while (fiber.pollUnsafe() === undefined) {
      yield* TestClock.adjust(follow.intervalMs ?? 10_000)
    }
    return { changes, failure: yield* Fiber.join(fiber) } satisfies Followed
  })

/** Changes as short texts: `1 running → failed`. */
export const changeTexts = (changes: ReadonlyArray<Change>): ReadonlyArray<string> =>
  changes.map(({ execution, previous }) =>
    previous === null
      ? `${execution.id} ${execution.status}`
      : `${execution.id} ${previous.status} → ${execution.status}`,
  )
