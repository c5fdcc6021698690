import { assert } from "@effect/vitest"
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import {
  makeExecutions,
  Transport,
  TransportFailure,
  type TransportService,
} from "../src/effect.js"
import type { AdapterError, TransportSettings } from "../src/index.js"
import { windowsByNumber } from "./SampleProvider.js"

export type Answer =
  | { status?: number; headers?: Record<string, string>; body?: string }
  | "broken"
  | "silent"

export const emptyPage = JSON.stringify({ rows: [], more: false, total: 0 })

/** A transport that returns the responses in turn, then the last one forever, and counts requests. */
export const scripted = (answers: ReadonlyArray<Answer>) => {
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

export const executions = (transport: TransportSettings = {}) =>
  makeExecutions(windowsByNumber({ apiKey: "canary-key-123" }), { name: "shop", transport })

export const ask = (
  script: { readonly service: TransportService },
  transport: TransportSettings = {},
) => executions(transport).page().pipe(Effect.provideService(Transport, script.service))

/** Calls of one connection, two of each kind. */
export const callsOfEachKind = (
  script: { readonly service: TransportService },
  transport: TransportSettings,
) => {
  const draft = { id: "1", providerStatus: null, startedAt: null, finishedAt: null }
  const get = {
    route: "GET /rows/{id}",
    gives: [],
    checkId: () => null,
    request: (id: string) => ({ method: "GET" as const, path: `/rows/${id}` }),
    item: (value: unknown) => ({ ok: true as const, value }),
    execution: () => draft,
    joins: [],
  }
  const connection = { ...windowsByNumber({ apiKey: "canary-key-123" }), get }
  const service = makeExecutions(connection, { name: "shop", transport })
  const calls: ReadonlyArray<Effect.Effect<unknown, AdapterError>> = [
    service.get("1"),
    service.page(),
    Stream.runDrain(service.pages()),
    service.get("2"),
    Stream.runDrain(service.executions()),
    service.page(),
  ]
  return calls.map((call) => Effect.provideService(call, Transport, script.service))
}

/** Runs an effect to its end while the test clock advances as far as needed. */
export const inTime = <A>(
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

export const failed = (result: { readonly _tag: string }): AdapterError => {
  const failure = reasonOf(result)
  assert.isNotNull(failure, "the request was expected to fail")
  return failure as AdapterError
}
