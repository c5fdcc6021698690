import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import { Transport } from "../src/effect.js"
import { AdapterError } from "../src/index.js"
import { scripted, executions, ask, inTime, failed } from "./ScriptedTransport.js"

describe("error.retryable", () => {
  it.each([
    ["RateLimited", true],
    ["Unavailable", true],
    ["Timeout", true],
    ["Transport", true],
    ["Authentication", false],
    ["NotFound", false],
    ["InvalidQuery", false],
    ["Decode", false],
  ] as const)("sets retryable of a %s error to %s", (reason, retryable) => {
    const error = new AdapterError({ reason, message: "It failed." })
    assert.strictEqual(error.retryable, retryable)
    assert.notInclude(JSON.stringify(error), "retryable")
  })
})

describe("a request that fails temporarily", () => {
  it.effect.each([408, 425, 429, 500, 502, 503, 504])("retries after %i", (status) =>
    Effect.gen(function* () {
      const script = scripted([{ status }, { status }, {}])
      const result = yield* inTime(ask(script))
      assert.strictEqual(result._tag, "Success")
      assert.strictEqual(script.urls.length, 3)
    }),
  )

  it.effect("retries after a broken connection", () =>
    Effect.gen(function* () {
      const script = scripted(["broken", {}])
      assert.strictEqual((yield* inTime(ask(script)))._tag, "Success")
    }),
  )

  it.effect("fails with the last response's reason when the retries are used up", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 503, body: '{"message":"down"}' }])
      const error = failed(yield* inTime(ask(script, { retries: 2 })))
      assert.strictEqual(error.reason, "Unavailable")
      assert.strictEqual(error.status, 503)
      assert.strictEqual(error.attempts, 3)
      // Then one request far behind the page, and one for its first item only, both without a retry.
      assert.strictEqual(script.urls.length, 5)
    }),
  )

  it.effect.each([401, 403, 404])("does not retry after %i", (status) =>
    Effect.gen(function* () {
      const script = scripted([{ status }])
      failed(yield* inTime(ask(script)))
      assert.strictEqual(script.urls.length, 1)
    }),
  )

  it.effect.each([400, 422])("tries a page of one item once after %i, and nothing more", (status) =>
    Effect.gen(function* () {
      const script = scripted([{ status }])
      const error = failed(yield* inTime(ask(script)))
      assert.strictEqual(error.status, status)
      assert.strictEqual(script.urls.length, 2)
      assert.include(script.urls[1], "size=1&")
    }),
  )

  it.effect("waits longer before each retry, with random differences", () =>
    Effect.gen(function* () {
      const scripts = Array.from({ length: 8 }, () => scripted(["broken"]))
      const calls = scripts.map((script) => Effect.result(ask(script)))
      yield* inTime(Effect.all(calls, { concurrency: "unbounded" }))
      const waits = scripts.map(({ startedAt }) =>
        startedAt.slice(1).map((at, index) => at - (startedAt[index] ?? 0)),
      )
      for (const [retry, base] of [200, 400, 800, 1600].entries()) {
        const taken = waits.map((wait) => wait[retry] ?? 0)
        assert.isAtLeast(Math.min(...taken), 0.8 * base)
        assert.isAtMost(Math.max(...taken), 1.2 * base)
        assert.strictEqual(new Set(taken).size, taken.length)
      }
    }).pipe(Random.withSeed("execlog")),
  )

  it.effect("waits the seconds of Retry-After, and not less", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers: { "retry-after": "60" } }, {}])
      const fiber = yield* Effect.forkChild(ask(script))
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(script.urls.length, 1)
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(fiber)
      assert.strictEqual(script.urls.length, 2)
    }),
  )

  it.effect.each([
    ["1.5", 1500],
    ["0", 0],
    ["-5", null],
    ["soon", null],
    ["9".repeat(400), null],
  ] as const)("reads %j in Retry-After as a wait of %j ms", ([value, wait]) =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers: { "retry-after": value } }])
      const error = failed(yield* inTime(ask(script, { retries: 0 })))
      assert.strictEqual(error.retryAfterMs, wait)
    }),
  )

  it.effect("waits until the date in Retry-After", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-11-21T08:00:00Z"))
      const date = "Sat, 21 Nov 2026 08:00:30 GMT"
      const script = scripted([{ status: 503, headers: { "retry-after": date } }, {}])
      const fiber = yield* Effect.forkChild(ask(script))
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(script.urls.length, 1)
      yield* TestClock.adjust("2 seconds")
      yield* Fiber.join(fiber)
    }),
  )

  it.effect.each([
    ["X-RateLimit-Reset in seconds", { "x-ratelimit-reset": "30" }],
    ["X-RateLimit-Reset in seconds since 1970", { "x-ratelimit-reset": "1795248030" }],
    ["RateLimit-Reset", { "ratelimit-remaining": "0", "ratelimit-reset": "30" }],
    ["RateLimit-Reset as a date", { "ratelimit-reset": "Sat, 21 Nov 2026 08:00:30 GMT" }],
    ["RateLimit", { ratelimit: "limit=100, remaining=0, reset=30" }],
    ["RateLimit without spaces", { ratelimit: "limit=100,remaining=0,reset=30" }],
    ["RateLimit by policy", { ratelimit: '"per minute, t=9";r=0;t=30' }],
    ["the policies that are used up", { ratelimit: '"a";r=0;t=2, "b";r=0;t=30,"c";r=9;t=900' }],
    ["both kinds", { "x-ratelimit-reset": "2", ratelimit: "limit=1, remaining=0, reset=30" }],
    ["Retry-After before all others", { "retry-after": "30", "x-ratelimit-reset": "900" }],
    [
      "another header when Retry-After is unreadable",
      { "retry-after": "soon", "x-ratelimit-reset": "30" },
    ],
  ] as const)("waits as long as %s says, after 429, 503 and 403", ([, headers]) =>
    Effect.gen(function* () {
      for (const status of [429, 503, 403]) {
        yield* TestClock.setTime(Date.parse("2026-11-21T08:00:00Z"))
        const more = status === 403 ? { "x-ratelimit-remaining": "0" } : {}
        const script = scripted([{ status, headers: { ...headers, ...more } }, {}])
        const fiber = yield* Effect.forkChild(ask(script))
        yield* TestClock.adjust("29 seconds")
        assert.strictEqual(script.urls.length, 1)
        yield* TestClock.adjust("2 seconds")
        yield* Fiber.join(fiber)
        assert.strictEqual(script.urls.length, 2)
      }
    }),
  )

  it.effect.each([
    ["30", 30_000],
    ["1.5", 1500],
    ["0", 0],
    ["1795247000", 0],
    ["9999999999", 8_204_751_999_000],
    ["-5", null],
    ["soon", null],
    ["", null],
    ["1795248030000000", null],
    ["9".repeat(400), null],
  ] as const)("reads %j in X-RateLimit-Reset as a wait of %j ms", ([reset, wait]) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.parse("2026-11-21T08:00:00Z") - 10)
      const headers = { "x-ratelimit-reset": reset, "x-ratelimit-remaining": "0" }
      const script = scripted([{ status: 429, headers }])
      const error = failed(yield* inTime(ask(script, { retries: 0 })))
      assert.strictEqual(error.reason, "RateLimited")
      assert.strictEqual(error.retryAfterMs, wait)
    }),
  )

  it.effect.each([
    { "x-ratelimit-remaining": "12", "x-ratelimit-reset": "3600" },
    { ratelimit: "limit=100, remaining=12, reset=3600" },
    { ratelimit: '"hourly";r=12;t=3600' },
    { ratelimit: '";;;,,r=0;t=\u00ff' },
  ])("does not wait for a limit that is not used up: %j", (headers) =>
    Effect.gen(function* () {
      const script = scripted([{ status: 503, headers }, {}])
      assert.strictEqual((yield* inTime(ask(script), "5 seconds"))._tag, "Success")
      assert.strictEqual(script.urls.length, 2)
    }),
  )

  it.effect("treats a 403 as a rate limit when no request is left", () =>
    Effect.gen(function* () {
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "3600" }
      const script = scripted([{ status: 403, headers }])
      const service = executions()
      const call = service.page().pipe(Effect.provideService(Transport, script.service))
      const error = failed(yield* inTime(call, "1 second"))
      assert.strictEqual(error.reason, "RateLimited")
      assert.strictEqual(error.status, 403)
      assert.strictEqual(error.retryAfterMs, 3_600_000)
      assert.include(error.message, "with 403, and asks to wait 1 hour")
      // The connection's other calls are delayed, as after a 429.
      assert.strictEqual(failed(yield* Effect.result(call)).reason, "RateLimited")
      assert.strictEqual(script.urls.length, 1)
    }),
  )

  it.effect("treats a 403 as missing permission when requests are left", () =>
    Effect.gen(function* () {
      const headers = { "x-ratelimit-remaining": "59", "x-ratelimit-reset": "30" }
      const script = scripted([{ status: 403, headers }])
      const error = failed(yield* inTime(ask(script)))
      assert.strictEqual(error.reason, "Permission")
      assert.strictEqual(error.retryAfterMs, null)
      assert.strictEqual(script.urls.length, 1)
    }),
  )

  it.effect("delays the other calls of the connection after a 429", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers: { "retry-after": "60" } }, {}])
      const service = executions()
      const call = service.page().pipe(Effect.provideService(Transport, script.service))
      const first = yield* Effect.forkChild(call)
      yield* TestClock.adjust("1 second")
      const second = yield* Effect.forkChild(call)
      yield* TestClock.adjust("50 seconds")
      assert.strictEqual(script.urls.length, 1)
      yield* TestClock.adjust("20 seconds")
      yield* Fiber.join(first)
      yield* Fiber.join(second)
    }),
  )
})

describe("a request that hangs", () => {
  it.effect("fails with Timeout after timeoutMs, and leaves no request open", () =>
    Effect.gen(function* () {
      const script = scripted(["silent"])
      const error = failed(yield* inTime(ask(script, { retries: 0, timeoutMs: 1000 })))
      assert.strictEqual(error.reason, "Timeout")
      assert.include(error.message, "within 1 second")
      assert.strictEqual(script.inFlight(), 0)
    }),
  )

  it.effect("names the last failure when the deadline passes", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 503, body: '{"message":"down for repair"}' }, "silent"])
      const error = failed(yield* inTime(ask(script, { timeoutMs: 1e9, deadlineMs: 5000 })))
      assert.strictEqual(error.reason, "Timeout")
      assert.strictEqual(error.status, 503)
      assert.include(
        error.message,
        "The last failure: Sample answered GET /rows with 503: down for repair",
      )
    }),
  )

  it.effect("fails at the deadline even when one request may take longer", () =>
    Effect.gen(function* () {
      const script = scripted(["silent"])
      const settings = { timeoutMs: 60_000, deadlineMs: 5000 }
      const fiber = yield* Effect.forkChild(Effect.result(ask(script, settings)))
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(script.inFlight(), 0)
      assert.include(failed(yield* Fiber.join(fiber)).message, "within 5 seconds")
    }),
  )

  it.effect("fails at the deadline even when retries are left", () =>
    Effect.gen(function* () {
      const script = scripted(["silent"])
      const settings = { retries: 100, timeoutMs: 1000, deadlineMs: 5000 }
      const fiber = yield* Effect.forkChild(Effect.result(ask(script, settings)))
      yield* TestClock.adjust("5 seconds")
      const error = failed(yield* Fiber.join(fiber))
      assert.strictEqual(error.reason, "Timeout")
      assert.include(error.message, "retries included")
      assert.strictEqual(script.inFlight(), 0)
    }),
  )
})
