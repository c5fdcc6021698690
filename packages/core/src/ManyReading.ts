import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import type { AdapterError, AdapterErrorReason } from "./AdapterError.js"
import { explainUnwritten } from "./AnswerErrors.js"
import type { ByIds } from "./Connection.js"
import type { Execution } from "./Execution.js"
import { withParts } from "./ExecutionParts.js"
import { isOfOneExecution } from "./FailureKind.js"
import type { Json, JsonObject } from "./Json.js"
import type { Include } from "./LogQuery.js"
import { decodeListPage } from "./PageDecoding.js"
import type { Plan } from "./QueryPlan.js"
import { rereadItems } from "./Rereading.js"
import type { Requests } from "./Requests.js"
import { guarded, rawId, Unreadable } from "./Row.js"

/** What came of asking for executions by their ids. Each id is in one of the three. */
export interface GotMany {
  readonly executions: ReadonlyArray<Execution>
  /** The provider has no executions of these ids. */
  readonly absent: ReadonlyArray<string>
  /** What could not be had, where others could. */
  readonly failures: ReadonlyArray<{ readonly id: string; readonly error: AdapterError }>
}

/** How executions are asked for by their ids. */
export interface GetManyOptions {
  /** What to give beside the summary of each, as a list does. */
  readonly include?: ReadonlyArray<Include> | undefined
}

/** So many executions are asked for by their ids at a time, where each takes a request. */
export const getsAtOnce = 8

/** What executions are asked for with. */
export interface ManyReading {
  readonly requests: Requests
  /** A query without filters, with the parts that are wanted. */
  readonly plan: Plan
  readonly get: (id: string) => Effect.Effect<Execution, AdapterError>
}

/** Asks for executions by their ids: by few requests where the list takes a set of ids, else one by one. */
export const readMany = Effect.fnUntraced(function* (
  reading: ManyReading,
  ids: ReadonlyArray<string>,
) {
  const { byIds } = reading.plan.endpoint
  const unique = [...new Set(ids)]
  if (byIds === null || byIds === undefined) return yield* readEach(reading, unique)
  const read = yield* Effect.forEach(Arr.chunksOf(unique, byIds.most), (some) =>
    readSome(reading, byIds, some),
  )
  return joined(read)
})

const joined = (read: ReadonlyArray<GotMany>): GotMany => ({
  executions: read.flatMap(({ executions }) => executions),
  absent: read.flatMap(({ absent }) => absent),
  failures: read.flatMap(({ failures }) => failures),
})

/** What a server or a key fails on here, and need not elsewhere. */
const isOfGet: ReadonlySet<AdapterErrorReason> = new Set(["Unavailable", "Permission"])

const readEach = Effect.fnUntraced(function* (
  { get, plan }: ManyReading,
  ids: ReadonlyArray<string>,
): Effect.fn.Return<GotMany, AdapterError> {
  const got = yield* Effect.forEach(
    ids,
    (id) =>
      Effect.matchEffect(get(id), {
        onSuccess: (execution) =>
          Effect.succeed({
            executions: [withParts(execution, plan.query.include)],
            absent: [],
            failures: [],
          }),
        onFailure: (error): Effect.Effect<GotMany, AdapterError> => {
          if (error.reason === "NotFound") {
            return Effect.succeed({ executions: [], absent: [id], failures: [] })
          }
          // A server may fail on one execution, and on that each time.
          return isOfOneExecution(error) || isOfGet.has(error.reason)
            ? Effect.succeed({ executions: [], absent: [], failures: [{ id, error }] })
            : Effect.fail(error)
        },
      }),
    { concurrency: getsAtOnce },
  )
  return joined(got)
})

/** As many as one request takes. A server may give fewer of them at once: the rest is asked for again. */
const readSome = Effect.fnUntraced(function* (
  reading: ManyReading,
  byIds: ByIds,
  ids: ReadonlyArray<string>,
): Effect.fn.Return<GotMany, AdapterError> {
  const { requests, plan } = reading
  const found = new Map<string, Execution>()
  const failures: Array<GotMany["failures"][number]> = []
  let left = ids
  while (left.length > 0) {
    const asked = left
    const answer = yield* Effect.result(readAnswer(requests, plan, byIds.params(asked)))
    if (answer._tag === "Failure") {
      const { reason } = answer.failure
      if (asked.length === 1 || (reason !== "InvalidQuery" && reason !== "TooLarge")) {
        return yield* answer.failure
      }
      // It takes fewer ids at a time than it is said to.
      const half = Math.ceil(asked.length / 2)
      const halves = yield* Effect.forEach(Arr.chunksOf(asked, half), (some) =>
        readSome(reading, byIds, some),
      )
      return joined([{ executions: [...found.values()], absent: [], failures }, ...halves])
    }
    const wanted = new Set(asked)
    const read = yield* rereadItems(requests, plan, answer.success)
    for (const [index, one] of read.entries()) {
      const id = one.ok ? one.execution.id : rawId(answer.success[index])
      // It takes no notice of the ids: what is not on this page may be there all the same.
      if (id === null || !ids.includes(id)) return yield* readEach(reading, ids)
      wanted.delete(id)
      if (one.ok) found.set(id, one.execution)
      else
        failures.push({
          id,
          error: requests.fail({ reason: "Decode", message: one.reason, operation: "get" }),
        })
    }
    left = [...wanted]
    if (left.length === asked.length) break
  }
  return { executions: [...found.values()], absent: left, failures }
})

const readAnswer = Effect.fnUntraced(function* (
  requests: Requests,
  { endpoint, query, pageSize }: Plan,
  params: JsonObject,
) {
  const spec = guarded((all: JsonObject) => endpoint.request(query, all), params)
  if (spec instanceof Unreadable) {
    return yield* requests.fail(explainUnwritten(endpoint.route, "get", spec.reason))
  }
  const { body } = yield* requests.withDeadline(requests.send(spec, "get"))
  const page = yield* decodeListPage(requests, endpoint, pageSize, { body, operation: "get" })
  // What a page holds came from JSON.parse, so it is JSON.
  return page.items as ReadonlyArray<Json>
})
