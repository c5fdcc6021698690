import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import {
  type AdapterError,
  makeExecutions,
  Transport,
  TransportFailure,
  type TransportService,
  type TransportSettings,
} from "../src/index.js"
import { windowsByNumber } from "./SampleProvider.js"

type Answer =
  | { status?: number; headers?: Record<string, string>; body?: string }
  | "broken"
  | "silent"

const emptyPage = JSON.stringify({ rows: [], more: false, total: 0 })

/** A transport that gives the answers in turn, the last one for ever, and counts. */
const scripted = (answers: ReadonlyArray<Answer>) => {
  const urls: Array<string> = []
  const startedAt: Array<number> = []
  let inFlight = 0
  let mostInFlight = 0
  const service: TransportService = {
    exchange: (request) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        startedAt.push(now)
        const answer = answers[Math.min(urls.length, answers.length - 1)]
        urls.push(request.url)
        inFlight += 1
        mostInFlight = Math.max(mostInFlight, inFlight)
        if (answer === "silent") return Effect.never
        if (answer === "broken") {
          return Effect.fail(new TransportFailure({ kind: "broken", message: "ECONNRESET" }))
        }
        return Effect.delay(
          Effect.succeed({
            status: answer?.status ?? 200,
            headers: answer?.headers ?? {},
            body: answer?.body ?? emptyPage,
          }),
          10,
        )
      }).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            inFlight -= 1
          }),
        ),
      ),
  }
  return { service, urls, startedAt, inFlight: () => inFlight, mostInFlight: () => mostInFlight }
}

const executions = (transport: TransportSettings = {}) =>
  makeExecutions(windowsByNumber({ apiKey: "canary-key-123" }), { name: "shop", transport })

const ask = (script: { readonly service: TransportService }, transport: TransportSettings = {}) =>
  executions(transport).page().pipe(Effect.provideService(Transport, script.service))

/** Calls of one connection, two of each kind. */
const callsOfEachKind = (
  script: { readonly service: TransportService },
  transport: TransportSettings,
) => {
  const draft = { id: "1", providerStatus: null, startedAt: null, finishedAt: null }
  const get = {
    route: "GET /rows/{id}",
    gives: [],
    refuse: () => null,
    request: (id: string) => ({ method: "GET" as const, path: `/rows/${id}` }),
    item: (value: unknown) => ({ ok: true as const, value }),
    execution: () => draft,
  }
  const connection = { ...windowsByNumber({ apiKey: "canary-key-123" }), get }
  const service = makeExecutions(connection, { name: "shop", transport })
  const calls: ReadonlyArray<Effect.Effect<unknown, AdapterError>> = [
    service.get("1"),
    service.page(),
    Stream.runDrain(service.pages()),
    service.get("2"),
    Stream.runDrain(service.stream()),
    service.page(),
  ]
  return calls.map((call) => Effect.provideService(call, Transport, script.service))
}

/** Runs to the end while the test's clock goes on by as much as is needed. */
const inTime = <A>(
  effect: Effect.Effect<A, AdapterError>,
  duration: Duration.Input = "10 minutes",
) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.result(effect))
    yield* TestClock.adjust(duration)
    return yield* Fiber.join(fiber)
  })

const reasonOf = (result: { readonly _tag: string }): unknown =>
  "failure" in result ? result.failure : null

const failed = (result: { readonly _tag: string }): AdapterError => {
  const failure = reasonOf(result)
  assert.isNotNull(failure, "the request was expected to fail")
  return failure as AdapterError
}

describe("a request that fails in passing", () => {
  it.effect.each([408, 425, 429, 500, 502, 503, 504])("is repeated after %i", (status) =>
    Effect.gen(function* () {
      const script = scripted([{ status }, { status }, {}])
      const result = yield* inTime(ask(script))
      assert.strictEqual(result._tag, "Success")
      assert.strictEqual(script.urls.length, 3)
    }),
  )

  it.effect("is repeated after a broken connection", () =>
    Effect.gen(function* () {
      const script = scripted(["broken", {}])
      assert.strictEqual((yield* inTime(ask(script)))._tag, "Success")
    }),
  )

  it.effect("is given up after the retries, with the last answer's reason", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 503, body: '{"message":"down"}' }])
      const error = failed(yield* inTime(ask(script, { retries: 2 })))
      assert.strictEqual(error.reason, "Unavailable")
      assert.strictEqual(error.status, 503)
      assert.strictEqual(script.urls.length, 3)
    }),
  )

  it.effect.each([400, 401, 403, 404, 422])(
    "is not repeated after %i, which will not pass",
    (status) =>
      Effect.gen(function* () {
        const script = scripted([{ status }])
        failed(yield* inTime(ask(script)))
        assert.strictEqual(script.urls.length, 1)
      }),
  )

  it.effect("is repeated after longer and longer waits, of which no two are alike", () =>
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

  it.effect("waits as long as Retry-After says in seconds, and not less", () =>
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
  ] as const)("reads %j in Retry-After for a wait of %j ms", ([value, wait]) =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers: { "retry-after": value } }])
      const error = failed(yield* inTime(ask(script, { retries: 0 })))
      assert.strictEqual(error.retryAfterMs, wait)
    }),
  )

  it.effect("waits until the date that Retry-After names", () =>
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

  it.effect("holds back the other calls of the connection after a 429", () =>
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

describe("a provider that asks to wait", () => {
  it.effect.each([
    ["as long as it says", { "retry-after": "60" }, 60_000],
    ["a second where it does not say how long", {}, 1000],
  ] as const)("slows calls of every kind, %s", ([, headers, wait]) =>
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

  it.effect("holds back also the calls that wait for their turn already", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers: { "retry-after": "60" } }, {}])
      const fiber = yield* Effect.forkChild(threeCalls(script, { requestsPerSecond: 1 }))
      yield* TestClock.adjust("59 seconds")
      assert.strictEqual(script.urls.length, 1)
      // And afterwards they do not come all at once.
      yield* TestClock.adjust("2500 millis")
      assert.strictEqual(script.urls.length, 3)
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(fiber)
    }),
  )

  it.effect("for longer than a call may take fails the next call at once, saying how long", () =>
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

  it.effect("is not asked for a turn that somebody gave up", () =>
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

describe("a request that hangs", () => {
  it.effect("ends with Timeout after timeoutMs, and nothing is left behind", () =>
    Effect.gen(function* () {
      const script = scripted(["silent"])
      const error = failed(yield* inTime(ask(script, { retries: 0, timeoutMs: 1000 })))
      assert.strictEqual(error.reason, "Timeout")
      assert.include(error.message, "1000 ms")
      assert.strictEqual(script.inFlight(), 0)
    }),
  )

  it.effect("says at the deadline what failed last", () =>
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

  it.effect("ends at the deadline, though one request may take longer", () =>
    Effect.gen(function* () {
      const script = scripted(["silent"])
      const settings = { timeoutMs: 60_000, deadlineMs: 5000 }
      const fiber = yield* Effect.forkChild(Effect.result(ask(script, settings)))
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(script.inFlight(), 0)
      assert.include(failed(yield* Fiber.join(fiber)).message, "within 5000 ms")
    }),
  )

  it.effect("ends at the deadline, whatever retries are left", () =>
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

describe("the limits of a connection", () => {
  it.effect("hold over all its calls: so many requests in a second", () =>
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

  it.effect("hold over all its calls: so many in flight", () =>
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

  it.effect("hold over pages, streams and single executions together, repeats included", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 503 }, "broken", {}])
      const calls = callsOfEachKind(script, { requestsPerSecond: 2 })
      const all = Effect.all(calls, { concurrency: "unbounded" })
      assert.strictEqual((yield* inTime(all))._tag, "Success")
      assert.strictEqual(script.startedAt.length, calls.length + 2)
      const gaps = script.startedAt.slice(1).map((at, index) => at - (script.startedAt[index] ?? 0))
      assert.isAtLeast(Math.min(...gaps), 500)
    }),
  )

  it.effect("hold over pages, streams and single executions together: so many in flight", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 503 }, "broken", {}])
      const calls = callsOfEachKind(script, { maxInFlight: 2 })
      const all = Effect.all(calls, { concurrency: "unbounded" })
      assert.strictEqual((yield* inTime(all))._tag, "Success")
      assert.strictEqual(script.startedAt.length, calls.length + 2)
      assert.strictEqual(script.mostInFlight(), 2)
    }),
  )

  it.effect("are those of one connection, not of all", () =>
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

describe("a redirect", () => {
  it.effect("is followed within the origin", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 307, headers: { location: "/moved?page=1" } }, {}])
      assert.strictEqual((yield* inTime(ask(script)))._tag, "Success")
      assert.strictEqual(script.urls[1], "https://sample.example/moved?page=1")
    }),
  )

  it.effect("is refused when it leads to another origin, and the key is not sent there", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 302, headers: { location: "https://evil.example/" } }, {}])
      const error = failed(yield* inTime(ask(script)))
      assert.strictEqual(error.reason, "Transport")
      assert.include(error.message, "redirects GET /rows to another origin (https://evil.example)")
      assert.strictEqual(script.urls.length, 1)
    }),
  )

  it.effect("ends when it goes in a circle", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 302, headers: { location: "/again" } }])
      const error = failed(yield* inTime(ask(script)))
      assert.include(error.message, "redirects GET /rows in a circle")
      assert.strictEqual(script.urls.length, 6)
    }),
  )
})

describe("an answer that is no page", () => {
  it.effect.each([
    ["", "nothing"],
    ["<!doctype html><p>Sign in", "a web page"],
    ['{"rows": [', "JSON that is broken or was cut off"],
  ] as const)("such as %j is a Decode error that says what came", ([body, what]) =>
    Effect.gen(function* () {
      const error = failed(yield* inTime(ask(scripted([{ body }]))))
      assert.strictEqual(error.reason, "Decode")
      assert.include(error.message, what)
      assert.include(error.hint ?? "", body.startsWith("{") ? "Try again" : "base URL")
    }),
  )

  it.effect("such as a list where an object is due is a Decode error", () =>
    Effect.gen(function* () {
      const error = failed(yield* inTime(ask(scripted([{ body: "[]" }]))))
      assert.strictEqual(error.reason, "Decode")
      assert.include(error.message, "not a page")
    }),
  )

  it.effect("that says for ever that more follows ends with an error", () =>
    Effect.gen(function* () {
      const body = JSON.stringify({ rows: [], more: true })
      const script = scripted([{ body }])
      const service = executions()
      const drain = Effect.gen(function* () {
        let cursor: string | null = null
        for (;;) {
          const page: { readonly next: string | null } = yield* service.page({}, cursor)
          if (page.next === null) return
          cursor = page.next
        }
      }).pipe(Effect.provideService(Transport, script.service))
      const error = failed(yield* inTime(drain))
      assert.strictEqual(error.reason, "Decode")
      assert.include(error.message, "gave the same, or nothing")
    }),
  )
})

describe("a key", () => {
  it.effect("is in no error, also where the provider's answer repeats it", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 401, body: '{"message":"unknown key canary-key-123"}' }])
      const error = failed(yield* inTime(ask(script)))
      const shown = [
        error.message,
        String(error.providerMessage),
        JSON.stringify(error),
        error.stack,
      ]
      assert.include(error.message, "<redacted>")
      assert.notInclude(shown.join(), "canary")
    }),
  )

  it.effect("is in no hint, also where an adapter quotes the provider in it", () =>
    Effect.gen(function* () {
      const connection = windowsByNumber({ apiKey: "canary-key-123" })
      const problem = () => ({ hint: "The key canary-key-123 has run out. Ask for another." })
      const script = scripted([{ status: 401 }])
      const page = makeExecutions({ ...connection, problem }).page()
      const error = failed(yield* inTime(Effect.provideService(page, Transport, script.service)))
      assert.strictEqual(error.hint, "The key <redacted> has run out. Ask for another.")
    }),
  )

  it.effect("leaves no half of itself where a long text is cut", () =>
    Effect.gen(function* () {
      for (const length of [480, 790, 795]) {
        const body = JSON.stringify({ message: `${"x".repeat(length)}canary-key-123` })
        const error = failed(yield* inTime(ask(scripted([{ status: 400, body }]))))
        assert.notInclude(`${error.message} ${error.providerMessage}`, "canar")
      }
    }),
  )

  it.effect("is not in the reason why an item was rejected, which quotes the item", () =>
    Effect.gen(function* () {
      const body = JSON.stringify({ rows: [{ id: "1", at: "Bearer canary-key-123" }], more: false })
      const page = yield* inTime(ask(scripted([{ body }])))
      assert.strictEqual(page._tag, "Success")
      const [rejected] = "success" in page ? page.success.rejected : []
      assert.strictEqual(rejected?.reason, 'at: Expected number, got "Bearer <redacted>"')
    }),
  )
})

describe("an id that would lead to another path", () => {
  it.effect.each([".", ".."])("such as %j is refused without asking", (id) =>
    Effect.gen(function* () {
      const script = scripted([{}])
      const connection = windowsByNumber({ apiKey: "canary-key-123" })
      const request = () => ({ method: "GET" as const, path: `/rows/${id}/logs` })
      const service = makeExecutions({ ...connection, list: { ...connection.list, request } })
      const page = service.page().pipe(Effect.provideService(Transport, script.service))
      const error = failed(yield* inTime(page))
      assert.strictEqual(error.reason, "InvalidQuery")
      assert.deepStrictEqual(script.urls, [])
    }),
  )
})

describe("what a provider says", () => {
  it.effect("is told, but no longer than a person reads", () =>
    Effect.gen(function* () {
      const body = JSON.stringify({ message: `Down for repair. ${"x".repeat(100_000)}` })
      const error = failed(yield* inTime(ask(scripted([{ status: 400, body }]))))
      for (const text of [error.message, error.providerMessage ?? ""]) {
        assert.include(text, "Down for repair.")
        assert.isAtMost(text.length, 801)
      }
    }),
  )
})

describe("an error says what to do", () => {
  it.effect("where the list is not found: which address was asked", () =>
    Effect.gen(function* () {
      const error = failed(yield* inTime(ask(scripted([{ status: 404 }]))))
      assert.strictEqual(
        error.hint,
        "Check the base URL: https://sample.example/api/rows was asked.",
      )
    }),
  )
})

describe("a wait that would outlast the deadline", () => {
  it.effect("is left to the caller, who is told how long", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers: { "retry-after": "3600" } }])
      const error = failed(yield* inTime(ask(script)))
      assert.strictEqual(error.reason, "RateLimited")
      assert.strictEqual(error.retryAfterMs, 3_600_000)
      assert.include(error.message, "asks to wait 3600 s")
      assert.strictEqual(script.urls.length, 1)
    }),
  )

  it.effect("is measured by what is left of the deadline, and fails at once", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 429, headers: { "retry-after": "8" } }])
      const fiber = yield* Effect.forkChild(Effect.result(ask(script, { deadlineMs: 15_000 })))
      // The second answer comes after 8 s, and asks for more than the 7 s that are left.
      yield* TestClock.adjust("9 seconds")
      const error = failed(yield* Fiber.join(fiber))
      assert.strictEqual(error.reason, "RateLimited")
      assert.strictEqual(error.retryAfterMs, 8000)
      assert.strictEqual(script.urls.length, 2)
    }),
  )

  it.effect("fails a call that waits for its turn, as soon as another is told to wait", () =>
    Effect.gen(function* () {
      const script = scripted([{}, { status: 429, headers: { "retry-after": "30" } }])
      const service = executions({ deadlineMs: 20_000, requestsPerSecond: 0.2, retries: 0 })
      const call = Effect.result(service.page()).pipe(
        Effect.provideService(Transport, script.service),
      )
      // One starts at 0 s, one at 5 s, which is told to wait for 30 s, and one would at 10 s.
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

describe("a connection whose provider has asked to wait", () => {
  it.effect("sends its requests one by one from then on, and closer together as they succeed", () =>
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
