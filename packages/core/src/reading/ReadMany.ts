import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { ByIds } from "../adapter/Connection.js"
import type { AdapterError } from "../model/AdapterError.js"
import { DecodeFault, guarded } from "../model/DecodeFault.js"
import { type Execution, type Include, withParts } from "../model/Execution.js"
import type { Json, JsonObject } from "../model/Json.js"
import { explainUnwritten } from "../transport/Answers.js"
import type { Requests } from "../transport/Requests.js"
import type { Plan } from "../walk/Plan.js"
import { rawId } from "../walk/Row.js"
import { decodeListPage } from "./DecodePage.js"
import { type GotMany, gotNone, joined, makeGetRequests } from "./GetRequests.js"
import { rereadItems } from "./Reread.js"
import { withIds } from "./Within.js"

/** Options for reading executions by their ids. */
export interface GetManyOptions {
  /** Parts to return besides the summary of each, as in a list. */
  readonly include?: ReadonlyArray<Include> | undefined
}

/** The connection and plan to request executions by their ids. */
export interface ManyReading {
  readonly requests: Requests
  /** The plan of a query without filters, with the parts to return. */
  readonly plan: Plan
  readonly get: (id: string) => Effect.Effect<Execution, AdapterError>
}

/** Reads executions by their ids: in few requests if the list accepts a set of ids, else one by one. */
export const readMany = Effect.fnUntraced(function* (
  given: ManyReading,
  ids: ReadonlyArray<string>,
) {
  const { get } = given
  const { byIds } = given.plan.endpoint
  const unique = [...new Set(ids)]
  const gets = makeGetRequests((id) =>
    Effect.map(get(id), (execution) => withParts(execution, given.plan.query.include)),
  )
  if (byIds === null || byIds === undefined || unique.length === 0) return yield* gets.each(unique)
  const plan = yield* withIds(given.requests, given.plan, "get").pipe(
    given.requests.withDeadline,
    Effect.catchIf(isRetryable, () => Effect.succeed({ ...given.plan, isEmpty: true })),
  )
  if (plan.isEmpty) return yield* gets.each(unique)
  const reading = { ...given, plan }
  const read = yield* Effect.forEach(Arr.chunksOf(unique, byIds.most), (some) =>
    gets.isDown()
      ? Effect.succeed({ ...gotNone, unasked: some })
      : Effect.catchIf(readSome(reading, byIds, gets.each, some), isRetryable, () =>
          // It may fail on one of them.
          gets.each(some),
        ),
  )
  return joined(read)
})

const isRetryable = ({ retryable }: AdapterError): boolean => retryable

/** Reads as many as one request accepts. A server may return fewer: the rest is requested again. */
const readSome = Effect.fnUntraced(function* (
  reading: ManyReading,
  byIds: ByIds,
  each: (ids: ReadonlyArray<string>) => Effect.Effect<GotMany, AdapterError>,
  ids: ReadonlyArray<string>,
): Effect.fn.Return<GotMany, AdapterError> {
  const { requests, plan } = reading
  const found = new Map<string, Execution>()
  const failures: Array<GotMany["failures"][number]> = []
  let left = ids
  while (left.length > 0) {
    const requested = left
    const answer = yield* readAnswer(requests, plan, byIds.params(requested)).pipe(
      requests.withDeadline,
      Effect.result,
    )
    if (answer._tag === "Failure") {
      const { reason } = answer.failure
      if (requested.length === 1 || (reason !== "InvalidQuery" && reason !== "TooLarge")) {
        return yield* answer.failure
      }
      // It accepts fewer ids than the adapter says.
      const half = Math.ceil(requested.length / 2)
      const halves = yield* Effect.forEach(Arr.chunksOf(requested, half), (some) =>
        readSome(reading, byIds, each, some),
      )
      return joined([{ ...gotNone, executions: [...found.values()], failures }, ...halves])
    }
    const wanted = new Set(requested)
    const { items, read } = answer.success
    for (const [index, one] of read.entries()) {
      const id = one.ok ? one.execution.id : rawId(items[index])
      // The server ignores the ids, so what is missing on this page may exist.
      if (id === null || !ids.includes(id)) return yield* each(ids)
      wanted.delete(id)
      if (one.ok) found.set(id, one.execution)
      else
        failures.push({
          id,
          error: requests.fail({ reason: "Decode", message: one.reason, operation: "get" }),
        })
    }
    left = [...wanted]
    if (left.length === requested.length) break
  }
  return { ...gotNone, executions: [...found.values()], absent: left, failures }
})

const readAnswer = Effect.fnUntraced(function* (
  requests: Requests,
  plan: Plan,
  params: JsonObject,
) {
  const { endpoint, query, within } = plan
  const spec = guarded((all: JsonObject) => endpoint.request(query, all, within), params)
  if (spec instanceof DecodeFault) {
    return yield* requests.fail(explainUnwritten(endpoint.route, "get", spec.reason))
  }
  const { body } = yield* requests.send(spec, "get")
  const page = yield* decodeListPage(requests, plan.endpoint, plan.pageSize, {
    body,
    operation: "get",
  })
  // Items come from JSON.parse, so they are JSON.
  const items = page.items as ReadonlyArray<Json>
  return { items, read: yield* rereadItems(requests, plan, items) }
})
