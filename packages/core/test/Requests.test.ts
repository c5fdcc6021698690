import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { makeExecutions, Transport } from "../src/effect.js"
import type { TransportRequest } from "../src/transport/Transport.js"
import { own } from "./OwnConnection.js"
import { windowsByNumber } from "./SampleProvider.js"
import { scripted, executions, ask, emptyPage, inTime, failed } from "./ScriptedTransport.js"

describe("a redirect", () => {
  it.effect("follows a redirect within the origin", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 307, headers: { location: "/moved?page=1" } }, {}])
      assert.strictEqual((yield* inTime(ask(script)))._tag, "Success")
      assert.strictEqual(script.urls[1], "https://sample.example/moved?page=1")
    }),
  )

  it.effect.each([
    [303, "GET", null],
    [307, "POST", '{"page":1}'],
    [308, "POST", '{"page":1}'],
  ] as const)("follows a %i after POST with %s", ([status, method, body]) =>
    Effect.gen(function* () {
      const sent: Array<TransportRequest> = []
      const connection = windowsByNumber({ apiKey: "canary-key-123" })
      const request = () => ({ method: "POST" as const, path: "/rows", body: { page: 1 } })
      const service = makeExecutions(own({ ...connection, list: { ...connection.list, request } }))
      const exchange = (one: TransportRequest) =>
        Effect.sync(() => {
          sent.push(one)
          return sent.length === 1
            ? { status, headers: { location: "/api/results/1" }, body: "" }
            : { status: 200, headers: {}, body: emptyPage }
        })
      const page = service.page().pipe(Effect.provideService(Transport, { exchange }))
      assert.strictEqual((yield* inTime(page))._tag, "Success")
      assert.strictEqual(sent[1]?.method, method)
      assert.strictEqual(sent[1]?.body, body)
      assert.strictEqual("content-type" in (sent[1]?.headers ?? {}), body !== null)
      assert.property(sent[1]?.headers, "authorization")
    }),
  )

  it.effect("rejects a redirect to another origin, and does not send the key there", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 302, headers: { location: "https://evil.example/" } }, {}])
      const error = failed(yield* inTime(ask(script)))
      assert.strictEqual(error.reason, "Transport")
      assert.include(error.message, "redirects GET /rows to another origin (https://evil.example)")
      assert.strictEqual(script.urls.length, 1)
    }),
  )

  it.effect("fails when a redirect goes in a loop", () =>
    Effect.gen(function* () {
      const script = scripted([{ status: 302, headers: { location: "/again" } }])
      const error = failed(yield* inTime(ask(script)))
      assert.include(error.message, "redirects GET /rows in a loop")
      assert.strictEqual(script.urls.length, 6)
    }),
  )
})

describe("a response that is not a page", () => {
  it.effect.each([
    ["", "nothing"],
    ["<!doctype html><p>Sign in", "a web page"],
    ['{"rows": [', "invalid or truncated JSON"],
  ] as const)("fails with Decode on %j, and says what was received", ([body, what]) =>
    Effect.gen(function* () {
      const error = failed(yield* inTime(ask(scripted([{ body }]))))
      assert.strictEqual(error.reason, "Decode")
      assert.include(error.message, what)
      assert.include(error.hint?.text ?? "", body.startsWith("{") ? "Try again" : "base URL")
    }),
  )

  it.effect("fails with Decode on a list instead of an object", () =>
    Effect.gen(function* () {
      const error = failed(yield* inTime(ask(scripted([{ body: "[]" }]))))
      assert.strictEqual(error.reason, "Decode")
      assert.include(error.message, "not a page")
    }),
  )

  it.effect("fails when a server says forever that more follows", () =>
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
      assert.include(error.message, "returned no new items in")
    }),
  )
})

describe("the key", () => {
  it.effect("does not appear in an error, even when the provider repeats it", () =>
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

  it.effect("does not appear in a hint, even when the adapter quotes the provider", () =>
    Effect.gen(function* () {
      const connection = windowsByNumber({ apiKey: "canary-key-123" })
      const problem = () => ({ hint: "The key canary-key-123 has run out. Ask for another." })
      const script = scripted([{ status: 401 }])
      const page = makeExecutions(own({ ...connection, problem })).page()
      const error = failed(yield* inTime(Effect.provideService(page, Transport, script.service)))
      assert.strictEqual(error.hint?.text, "The key <redacted> has run out. Ask for another.")
    }),
  )

  it.effect("leaves no half of the key when a long text is cut", () =>
    Effect.gen(function* () {
      for (const length of [480, 790, 795]) {
        const body = JSON.stringify({ message: `${"x".repeat(length)}canary-key-123` })
        const error = failed(yield* inTime(ask(scripted([{ status: 400, body }]))))
        assert.notInclude(`${error.message} ${error.providerMessage}`, "canar")
      }
    }),
  )

  it.effect("does not appear in the reason of a rejected item", () =>
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
  it.effect.each([".", ".."])(
    "rejects an id of %j, which would change the path, without a request",
    (id) =>
      Effect.gen(function* () {
        const script = scripted([{}])
        const connection = windowsByNumber({ apiKey: "canary-key-123" })
        const request = () => ({ method: "GET" as const, path: `/rows/${id}/logs` })
        const service = makeExecutions(
          own({ ...connection, list: { ...connection.list, request } }),
        )
        const page = service.page().pipe(Effect.provideService(Transport, script.service))
        const error = failed(yield* inTime(page))
        assert.strictEqual(error.reason, "InvalidQuery")
        assert.deepStrictEqual(script.urls, [])
      }),
  )
})

describe("the provider's message", () => {
  it.effect("reports the provider's message, cut to a readable length", () =>
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

describe("a response made to slow down regular expressions", () => {
  const spaces = " ".repeat(300_000)
  it.effect.each([
    ["a message of spaces and a letter", { status: 400, body: { message: `${spaces}x` } }],
    ["a message of dots and a letter", { status: 500, body: { error: `${".".repeat(300_000)}x` } }],
    ["a wait of spaces", { status: 429, headers: { "retry-after": `${spaces}x` }, body: {} }],
  ] as const)("reports %s without delay", ([, { body, ...answer }]) =>
    Effect.gen(function* () {
      const started = performance.now()
      const script = scripted([{ ...answer, body: JSON.stringify(body) }])
      failed(yield* inTime(ask(script, { retries: 0 })))
      assert.isBelow(performance.now() - started, 2000)
    }),
  )
})

describe("the hint of an error", () => {
  it.effect("names the requested address when the list is not found", () =>
    Effect.gen(function* () {
      const error = failed(yield* inTime(ask(scripted([{ status: 404 }]))))
      assert.strictEqual(
        error.hint?.text,
        "Check the base URL: https://sample.example/api/rows was requested.",
      )
    }),
  )
})
