import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import { vi } from "vitest"
import type { Connection } from "../src/adapter.js"
import { Auth } from "../src/adapter.js"
import { Executions, fetchTransport, Transport } from "../src/effect.js"
import type { AdapterError } from "../src/index.js"
import { sampleFetch, windowsByNumber } from "./SampleProvider.js"
import { showing } from "./SecretSearch.js"

/** Has characters that URLs, JSON and regular expressions escape. */
const key = 'canary-4f9d"/\\+=%(27)$&-canary'
/** Even half a key must not appear. */
const marks = [key, "canary"]

const connectionWith = (auth: Auth.Auth): Connection => ({
  ...windowsByNumber({ apiKey: key }),
  auth: () => auth,
  get: {
    route: "GET /rows/{id}",
    gives: ["raw"],
    checkId: () => null,
    request: (id) => ({ method: "GET", path: `/rows/${id}` }),
    item: (body) =>
      typeof body === "object" && body !== null && "at" in body
        ? { ok: true, value: null }
        : { ok: false, reason: `at is missing in ${JSON.stringify(body)}` },
    execution: () => ({
      id: "row-0",
      providerStatus: "ok",
      startedAt: null,
      finishedAt: null,
    }),
    joins: [],
  },
})

const connections = {
  "Auth.bearer": connectionWith(Auth.bearer(Redacted.make(key))),
  "Auth.header": connectionWith(Auth.header("X-Sample-Key", Redacted.make(key))),
  "Auth.basic": connectionWith(Auth.basic(Redacted.make(`user:${key}`))),
}

type Fetch = typeof globalThis.fetch
const rows = Array.from({ length: 12 }, (_, index) => ({ id: `row-${index}`, at: 1e12 + index }))
const served = sampleFetch({ rows })
const echoing = { "x-echo": encodeURIComponent(key), "set-cookie": `session=${btoa(key)}` }
const answering =
  (status: number, body: string, headers: Record<string, string> = {}): Fetch =>
  async () =>
    new Response(body, {
      status,
      headers: { "content-type": "application/json", ...echoing, ...headers },
    })
const redirecting = (location: string): Fetch => answering(302, "", { location })
const throwing =
  (thrown: (sent: unknown) => unknown): Fetch =>
  (_input, init) =>
    Promise.reject(thrown(init?.headers))
const sentHeaders = (sent: unknown) => `${JSON.stringify(sent)} ${key}`
/** Texts that are cut, with the key at different places around the cut. */
const long = [460, 490, 770, 790, 799, 5000].map((length) => `${"x".repeat(length)}${key}`)

/** Behaviours of a provider, a proxy or a custom fetch, and whether a list then succeeds. */
const happenings: {
  readonly [what: string]: readonly [Fetch | ReadonlyArray<Fetch>, "Success" | "Failure"]
} = {
  "an answer as it should be": [served, "Success"],
  "rows that hold it where they cannot be read": [
    answering(
      200,
      JSON.stringify({
        rows: [key, ...long, `Bearer ${key}`, btoa(key), { [key]: key }, [[key]]].map(
          (at, index) => ({
            id: index,
            at,
          }),
        ),
        more: false,
      }),
    ),
    "Success",
  ],
  "an error whose message repeats it": [
    [key, ...long, encodeURIComponent(key), btoa(key), JSON.stringify({ key })].flatMap((echo) =>
      [400, 401, 403, 404, 409, 429, 500].map((status) =>
        answering(status, JSON.stringify({ message: `Bad key ${echo}` })),
      ),
    ),
    "Failure",
  ],
  "a web page that repeats it": [answering(401, `<!doctype html><p>${key}</p>`), "Failure"],
  "an answer of a type that repeats it": [
    answering(200, "no", { "content-type": `text/${encodeURIComponent(key)}` }),
    "Failure",
  ],
  "a time to wait that repeats it": [answering(429, "{}", { "retry-after": key }), "Failure"],
  "a page of another shape": [answering(200, JSON.stringify({ rows: key })), "Failure"],
  "a long page of another shape": [
    answering(200, JSON.stringify({ rows: long[3], [key]: key })),
    "Failure",
  ],
  "a page that says what is wrong": [
    answering(200, JSON.stringify({ message: `Bad key ${key}` })),
    "Failure",
  ],
  "half an answer": [answering(200, JSON.stringify({ rows: [key] }).slice(0, -3)), "Failure"],
  "a redirect to another origin": [
    redirecting(`https://elsewhere.example/${key}?key=${encodeURIComponent(key)}#${key}`),
    "Failure",
  ],
  "a redirect to another origin with a password": [
    redirecting(`https://user:${encodeURIComponent(key)}@elsewhere.example/`),
    "Failure",
  ],
  "a redirect to nowhere": [redirecting(`http://[${key}`), "Failure"],
  "a redirect in a loop": [redirecting(`/api/rows?key=${encodeURIComponent(key)}`), "Failure"],
  "a fetch that fails with it": [
    throwing((sent) => new Error(`cannot send ${sentHeaders(sent)}`)),
    "Failure",
  ],
  "a fetch that fails with it in the cause": [
    throwing((sent) => new TypeError("fetch failed", { cause: new Error(sentHeaders(sent)) })),
    "Failure",
  ],
  "a fetch that fails with it in one of several causes": [
    throwing(
      (sent) =>
        new TypeError("fetch failed", {
          cause: new AggregateError([new Error(sentHeaders(sent))]),
        }),
    ),
    "Failure",
  ],
  "a fetch that throws a text": [throwing(sentHeaders), "Failure"],
  "a fetch that throws what it was to send": [throwing((sent) => ({ sent, key })), "Failure"],
  "an answer that never comes": [() => new Promise(() => {}), "Failure"],
}

type Call = Effect.Effect<unknown, AdapterError, Executions>
const calls: { readonly [name: string]: Call } = {
  page: Effect.flatMap(Executions, ({ page }) => page()),
  pages: Effect.flatMap(Executions, ({ pages }) => Stream.runCollect(pages({ pageSize: 5 }))),
  executions: Effect.flatMap(Executions, ({ executions }) =>
    Stream.runCollect(executions({ pageSize: 5 })),
  ),
  entries: Effect.flatMap(Executions, ({ entries }) =>
    Stream.runCollect(Stream.map(entries({ pageSize: 5 }), ({ cursor }) => cursor())),
  ),
  get: Effect.flatMap(Executions, ({ get }) => get("row-0")),
  explain: Effect.flatMap(Executions, ({ explain }) => explain({ status: ["failed"] })),
}

/** Ignores the raw value of a rejected item, which may contain anything; its reason may not. */
const withoutRaw = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (name, inner) => (name === "raw" ? undefined : inner)) ?? "null")

const fromBase64 = (text: string): string =>
  Buffer.from(text.replace(/^[^.]*\./, ""), "base64url").toString("latin1")

/** Runs a call in a program that traces and logs everything, and returns all that becomes visible. */
const run = Effect.fnUntraced(function* (connection: Connection, fetch: Fetch, call: Call) {
  const spans: Array<Tracer.NativeSpan> = []
  const lines: Array<unknown> = []
  const said: Array<unknown> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    },
  })
  const collected = Logger.make(({ message, cause }) => {
    lines.push(message, cause, Cause.pretty(cause))
  })
  const written = Logger.map(Logger.formatJson, (line) => void lines.push(line))
  const console = vi.spyOn(globalThis.console, "error").mockImplementation((...given) => {
    said.push(...given)
  })
  const program = call.pipe(
    Effect.tapCause((cause) => Effect.logTrace("the call failed", cause)),
    Effect.withSpan("program"),
    Effect.provide(Executions.layer(connection, { name: "shop", transport: { retries: 1 } })),
    Effect.provide(Logger.layer([collected, written])),
    Effect.provideService(References.MinimumLogLevel, "All"),
    Effect.provideService(Tracer.Tracer, tracer),
    Effect.provideService(Transport, fetchTransport(fetch)),
  )
  const fiber = yield* Effect.forkChild(Effect.exit(program))
  // Responses arrive between steps of the clock, which advances until the call ends.
  while (fiber.pollUnsafe() === undefined) {
    yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
    yield* TestClock.adjust("1 minute")
  }
  const exit = yield* Fiber.join(fiber)
  console.mockRestore()
  const value = Exit.isSuccess(exit) ? withoutRaw(exit.value) : null
  return {
    exit,
    spans,
    lines,
    reported: {
      value,
      "the cursors": [...(JSON.stringify(value) ?? "").matchAll(/[\w.-]{20,}/g)].map(([text]) =>
        fromBase64(text),
      ),
      "the failure": Exit.isFailure(exit) ? exit.cause : null,
      "the error": Exit.isFailure(exit) ? Cause.squash(exit.cause) : null,
      "the log": lines,
      "the console": said,
      "the spans": spans.map(({ name, attributes, events, links, annotations }) => ({
        name,
        attributes,
        events,
        links,
        annotations,
      })),
      "the ends of the spans": spans.map(({ status }) =>
        status._tag === "Ended" && Exit.isFailure(status.exit) ? status.exit.cause : null,
      ),
    },
  }
})

describe.each(Object.entries(connections))("a key in %s", (_, connection) => {
  it.effect.each(Object.entries(happenings))(
    "appears in nothing that a program can trace, log or catch: %s",
    ([, [given, end]]) =>
      Effect.gen(function* () {
        for (const fetch of Array.isArray(given) ? given : [given]) {
          for (const [name, call] of Object.entries(calls)) {
            const { exit, spans, lines, reported } = yield* run(connection, fetch, call)
            assert.deepStrictEqual(showing(reported, marks), [], name)
            if (name !== "explain" && name !== "get") assert.strictEqual(exit._tag, end, name)
            assert.isAbove(spans.length, 0)
            if (exit._tag === "Failure") assert.isAbove(lines.length, 0)
          }
        }
      }),
  )

  it("does not appear in a printed connection", () => {
    assert.deepStrictEqual(showing({ connection }, marks), [])
  })
})
