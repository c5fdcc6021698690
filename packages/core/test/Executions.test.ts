import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Executions, fetchTransport, Transport } from "../src/effect.js"
import { isTerminal } from "../src/index.js"
import { sampleFetch, windowsByNumber } from "./SampleProvider.js"

const rows = Array.from({ length: 12 }, (_, index) => ({
  id: `row-${index}`,
  at: 1_700_000_000_000 + index * 1000,
  state: index % 3 === 0 ? "bad" : "ok",
}))

const connection = windowsByNumber({ apiKey: "canary-sample-1" })
const layer = Executions.layer(connection, { name: "shop" })
const transport = fetchTransport(sampleFetch({ rows }))

describe("the Executions service", () => {
  it.effect("streams executions through a custom Transport", () =>
    Effect.gen(function* () {
      const executions = yield* Executions
      const failed = yield* Stream.runCollect(
        executions.executions({ status: ["failed"], pageSize: 2 }),
      )
      assert.deepStrictEqual(
        failed.map(({ id }) => id),
        ["row-9", "row-6", "row-3", "row-0"],
      )
      assert.isTrue(failed.every(({ status }) => isTerminal(status)))
    }).pipe(Effect.provide(layer), Effect.provideService(Transport, transport)),
  )

  it.effect("gives each entry a cursor that resumes after it", () =>
    Effect.gen(function* () {
      const executions = yield* Executions
      const head = yield* Stream.runCollect(executions.entries({ pageSize: 5 }, { limit: 7 }))
      const cursor = head.at(-1)?.cursor()
      const tail = yield* Stream.runCollect(executions.executions({ pageSize: 5 }, { cursor }))
      assert.strictEqual(head.length, 7)
      assert.deepStrictEqual(
        tail.map(({ id }) => id),
        ["row-4", "row-3", "row-2", "row-1", "row-0"],
      )
    }).pipe(Effect.provide(layer), Effect.provideService(Transport, transport)),
  )

  it.effect("fails with an AdapterError that can be caught by its tag", () =>
    Effect.gen(function* () {
      const executions = yield* Executions
      const reason = yield* executions
        .explain({ search: "x" })
        .pipe(Effect.catchTag("AdapterError", (error) => Effect.succeed(error.reason)))
      assert.strictEqual(reason, "Unsupported")
    }).pipe(Effect.provide(layer)),
  )

  it.effect("fails to build when the settings are not valid", () =>
    Effect.gen(function* () {
      const wrong = Executions.layer(connection, { transport: { retries: -1 } })
      const error = yield* Effect.flip(Effect.asVoid(Effect.provide(Executions, wrong)))
      assert.strictEqual(error.reason, "InvalidSettings")
    }),
  )
})

describe("a custom Transport", () => {
  it.effect("receives the names of the headers that hold the key", () =>
    Effect.gen(function* () {
      const executions = yield* Executions
      const seen: Array<ReadonlyArray<string>> = []
      yield* executions.page().pipe(
        Effect.provideService(Transport, {
          exchange: (request) => {
            seen.push(request.secretHeaders)
            return transport.exchange(request)
          },
        }),
      )
      assert.deepStrictEqual(seen, [["authorization"]])
    }).pipe(Effect.provide(layer)),
  )
})
