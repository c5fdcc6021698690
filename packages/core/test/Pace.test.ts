import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/testing/TestClock"
import { Transport, type TransportService } from "../src/effect.js"
import type { TransportSettings } from "../src/index.js"
import {
  emptyPage,
  scripted,
  executions,
  ask,
  callsOfEachKind,
  inTime,
  failed,
} from "./ScriptedTransport.js"

describe("a provider that requests a wait", () => {
  it.effect.each([
    ["as long as it says", { "retry-after": "60" }, 60_000],
    ["a second when it does not say how long", {}, 1000],
  ] as const)("delays calls of every kind, %s", ([, headers, wait]) =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers }, {}])
      const [asked, ...others] = callsOfEachKind(script, {})
      assert.isDefined(asked)
      const first = yield* Effect.forkChild(asked)
      yield* TestClock.adjust("10 millis")
      const rest = yield* Effect.forkChild(Effect.all(others, { concurrency: "unbounded" }))
      yield* TestClock.adjust("5 minutes")
      yield* Fiber.join(first)
      yield* Fiber.join(rest)
      assert.strictEqual(script.startedAt.length, 1 + others.length + 1)
      assert.isAtLeast(Math.min(...script.startedAt.slice(1)), wait)
    }),
  )

  const threeCalls = (
    script: { readonly service: TransportService },
    settings: TransportSettings,
  ) => {
    const call = executions(settings).page().pipe(Effect.provideService(Transport, script.service))
    return Effect.all([call, call, call], { concurrency: "unbounded" })
  }

  it.effect("delays calls that are already waiting for their turn", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers: { "retry-after": "60" } }, {}])
      const fiber = yield* Effect.forkChild(threeCalls(script, { requestsPerSecond: 1 }))
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(script.urls.length, 1)
      // They keep the rate afterwards.
      yield* TestClock.adjust("2500 millis")
      assert.strictEqual(script.urls.length, 3)
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(fiber)
    }),
  )

  it.effect(
    "fails the next call at once, with the remaining wait, when the wait exceeds the deadline",
    () =>
      Effect.gen(function* () {
        const script = scripted([{ status: 429, headers: { "retry-after": "3600" } }])
        const call = executions().page().pipe(Effect.provideService(Transport, script.service))
        failed(yield* inTime(call))
        const error = failed(yield* Effect.result(call))
        assert.strictEqual(error.reason, "RateLimited")
        assert.strictEqual(error.retryAfterMs, 3_000_010)
        assert.strictEqual(script.urls.length, 1)
      }),
  )

  it.effect.each([
    { "retry-after": "999999999" },
    { "retry-after": "Fri, 31 Dec 9999 23:59:59 GMT" },
    { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999" },
  ])("requests again after an hour when the provider requests a wait of years: %o", (headers) =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers }, {}])
      const call = executions().page().pipe(Effect.provideService(Transport, script.service))
      failed(yield* inTime(call, "1 seconds"))
      const first = failed(yield* inTime(call, "1 seconds"))
      const second = failed(yield* inTime(call, "10 seconds"))
      assert.strictEqual(first.message.slice(-17), second.message.slice(-17))
      yield* TestClock.adjust("1 hours")
      assert.strictEqual(script.urls.length, 1)
      yield* inTime(call)
      assert.strictEqual(script.urls.length, 2)
    }),
  )

  it.effect("gives the turn of an interrupted call to the next one", () =>
    Effect.gen(function* () {
      const script = scripted([{}])
      const service = executions({ requestsPerSecond: 1 })
      const call = service.page().pipe(Effect.provideService(Transport, script.service))
      yield* inTime(call, "1 minutes")
      const waiting = yield* Effect.forkChild(Effect.all([call, call], { concurrency: 2 }))
      yield* TestClock.adjust("20 millis")
      const given = yield* Effect.forkChild(call)
      yield* TestClock.adjust("10 millis")
      yield* Fiber.interrupt(given)
      const last = yield* Effect.forkChild(call)
      yield* TestClock.adjust("2100 millis")
      yield* Fiber.join(waiting)
      yield* Fiber.join(last)
    }),
  )
})

describe("the limits of a connection", () => {
  it.effect("keeps requestsPerSecond over all its calls", () =>
    Effect.gen(function* () {
      const script = scripted([{}])
      const service = executions({ requestsPerSecond: 2 })
      const calls = Array.from({ length: 6 }, () => service.page())
      const fiber = yield* Effect.forkChild(
        Effect.all(calls, { concurrency: "unbounded" }).pipe(
          Effect.provideService(Transport, script.service),
        ),
      )
      yield* TestClock.adjust("999 millis")
      assert.strictEqual(script.urls.length, 2)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(script.urls.length, 4)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
    }),
  )

  it.effect("keeps maxInFlight over all its calls", () =>
    Effect.gen(function* () {
      const script = scripted([{}])
      const service = executions({ maxInFlight: 3 })
      const calls = Array.from({ length: 12 }, () => service.page())
      const fiber = yield* Effect.forkChild(
        Effect.all(calls, { concurrency: "unbounded" }).pipe(
          Effect.provideService(Transport, script.service),
        ),
      )
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      assert.strictEqual(script.mostInFlight(), 3)
    }),
  )

  it.effect(
    "keeps requestsPerSecond over pages, streams and single executions together, retries included",
    () =>
      Effect.gen(function* () {
        const script = scripted([{ status: 503 }, "broken", {}])
        const calls = callsOfEachKind(script, { requestsPerSecond: 2 })
        const all = Effect.all(calls, { concurrency: "unbounded" })
        assert.strictEqual((yield* inTime(all))._tag, "Success")
        assert.strictEqual(script.startedAt.length, calls.length + 2)
        const gaps = script.startedAt
          .slice(1)
          .map((at, index) => at - (script.startedAt[index] ?? 0))
        assert.isAtLeast(Math.min(...gaps), 500)
      }),
  )

  it.effect("keeps maxInFlight over pages, streams and single executions together", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 503 }, "broken", {}])
      const calls = callsOfEachKind(script, { maxInFlight: 2 })
      const all = Effect.all(calls, { concurrency: "unbounded" })
      assert.strictEqual((yield* inTime(all))._tag, "Success")
      assert.strictEqual(script.startedAt.length, calls.length + 2)
      assert.strictEqual(script.mostInFlight(), 2)
    }),
  )

  it.effect("limits each connection on its own", () =>
    Effect.gen(function* () {
      const script = scripted([{}])
      const settings = { requestsPerSecond: 1, maxInFlight: 1 }
      const fiber = yield* Effect.forkChild(
        Effect.all([ask(script, settings), ask(script, settings)], { concurrency: "unbounded" }),
      )
      yield* TestClock.adjust("10 millis")
      yield* Fiber.join(fiber)
      assert.strictEqual(script.mostInFlight(), 2)
    }),
  )
})

describe("a wait that would outlast the deadline", () => {
  it.effect("fails with RateLimited, and tells the caller how long to wait", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers: { "retry-after": "3600" } }])
      const error = failed(yield* inTime(ask(script)))
      assert.strictEqual(error.reason, "RateLimited")
      assert.strictEqual(error.retryAfterMs, 3_600_000)
      assert.include(error.message, "asks to wait 1 hour")
      assert.strictEqual(script.urls.length, 1)
    }),
  )

  it.effect("fails at once when the wait exceeds what is left of the deadline", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers: { "retry-after": "8" } }])
      const fiber = yield* Effect.forkChild(Effect.result(ask(script, { deadlineMs: 15_000 })))
      // The second response arrives after 8 s, and requests more than the 7 s that are left.
      yield* TestClock.adjust("9 seconds")
      const error = failed(yield* Fiber.join(fiber))
      assert.strictEqual(error.reason, "RateLimited")
      assert.strictEqual(error.retryAfterMs, 8000)
      assert.strictEqual(script.urls.length, 2)
    }),
  )

  it.effect("fails a call waiting for its turn as soon as another is told to wait too long", () =>
    Effect.gen(function* () {
      const script = scripted([{}, { status: 429, headers: { "retry-after": "30" } }])
      const service = executions({ deadlineMs: 20_000, requestsPerSecond: 0.2, retries: 0 })
      const call = Effect.result(service.page()).pipe(
        Effect.provideService(Transport, script.service),
      )
      // The calls start at 0 s, 5 s and 10 s; the second is told to wait for 30 s.
      const fiber = yield* Effect.forkChild(
        Effect.all([call, call, call], { concurrency: "unbounded" }),
      )
      yield* TestClock.adjust("11 seconds")
      const [, , third] = yield* Fiber.join(fiber)
      const error = failed(third)
      assert.strictEqual(error.reason, "RateLimited")
      assert.strictEqual(error.retryAfterMs, 25_010)
      assert.strictEqual(script.urls.length, 2)
    }),
  )
})

describe("a connection whose provider has requested a wait", () => {
  it.effect(
    "sends its requests one by one after the wait, and closer together as they succeed",
    () =>
      Effect.gen(function* () {
        const starts: Array<number> = []
        let count = 0
        const exchange: TransportService["exchange"] = Effect.fnUntraced(function* () {
          starts.push(yield* Clock.currentTimeMillis)
          const isFirst = count++ < 4
          return yield* Effect.delay(
            Effect.succeed({ status: isFirst ? 429 : 200, headers: {}, body: emptyPage }),
            10,
          )
        })
        const shared = executions()
        const calls = Array.from({ length: 4 }, () => shared.page())
        const together = Effect.all(calls, { concurrency: "unbounded" })
        const twice = Effect.andThen(together, together).pipe(
          Effect.provideService(Transport, { exchange }),
        )
        assert.strictEqual((yield* inTime(twice))._tag, "Success")
        const waits = starts.slice(1).map((start, index) => start - (starts[index] ?? 0))
        const [afterWait, later] = [waits.slice(4, 7), waits.slice(8)]
        assert.deepStrictEqual([afterWait.length, later.length], [3, 3])
        for (const wait of afterWait) assert.isAtLeast(wait, 50)
        assert.isBelow(Math.max(...later), Math.min(...afterWait))
      }),
  )
})
