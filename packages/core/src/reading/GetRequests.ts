import * as Effect from "effect/Effect"
import {
  type AdapterError,
  type AdapterErrorReason,
  isOfOneExecution,
} from "../model/AdapterError.js"
import type { Execution } from "../model/Execution.js"
import { sharing } from "../transport/AnswerShare.js"

/** Executions that are requested in parallel, if each takes a request. */
export const getsAtOnce = 8

/** Failures in a row after which the server is assumed to fail on all executions. */
const mostInARow = 3

/** One failure of these reasons is enough to assume that. */
const failsOnAll: ReadonlySet<AdapterErrorReason> = new Set(["RateLimited", "Permission"])

/**
 * The result of requesting executions by their ids. Each id is in exactly one of the four lists.
 */
export interface GotMany {
  readonly executions: ReadonlyArray<Execution>
  /** Ids that the provider does not have. */
  readonly absent: ReadonlyArray<string>
  /** Executions that could not be read. */
  readonly failures: ReadonlyArray<{ readonly id: string; readonly error: AdapterError }>
  /** Ids that were not requested because all earlier requests failed; the last failure says why. */
  readonly unasked: ReadonlyArray<string>
}

/** The result if nothing was requested. */
export const gotNone: GotMany = { executions: [], absent: [], failures: [], unasked: [] }

/** Combines results. */
export const joined = (got: ReadonlyArray<GotMany>): GotMany => ({
  executions: got.flatMap(({ executions }) => executions),
  absent: got.flatMap(({ absent }) => absent),
  failures: got.flatMap(({ failures }) => failures),
  unasked: got.flatMap(({ unasked }) => unasked),
})

/**
 * Requests executions one by one: sequentially until one is answered, then in parallel; not at all
 * once the server seems to be down. A failure that neither passes nor concerns one execution alone
 * fails the whole, except for a key without the permission, which may still read lists.
 */
export const makeGetRequests = (get: (id: string) => Effect.Effect<Execution, AdapterError>) => {
  const getOne = sharing(getsAtOnce, get)
  let hasAnswered = false
  let failedInARow = 0
  let isDown = false

  const answered = (): void => {
    hasAnswered = true
    failedInARow = 0
  }
  const failed = (error: AdapterError): void => {
    failedInARow += 1
    isDown ||= failsOnAll.has(error.reason) || failedInARow >= mostInARow
  }
  const one = (id: string) =>
    Effect.suspend((): Effect.Effect<GotMany, AdapterError> =>
      isDown
        ? Effect.succeed({ ...gotNone, unasked: [id] })
        : Effect.matchEffect(getOne(id), {
            onSuccess: (execution): Effect.Effect<GotMany> => {
              answered()
              return Effect.succeed({ ...gotNone, executions: [execution] })
            },
            onFailure: (error): Effect.Effect<GotMany, AdapterError> => {
              if (error.retryable || error.reason === "Permission") failed(error)
              else if (isOfOneExecution(error)) answered()
              else return Effect.fail(error)
              return Effect.succeed(
                error.reason === "NotFound"
                  ? { ...gotNone, absent: [id] }
                  : { ...gotNone, failures: [{ id, error }] },
              )
            },
          }),
    )
  const each = Effect.fnUntraced(function* (
    ids: ReadonlyArray<string>,
  ): Effect.fn.Return<GotMany, AdapterError> {
    const got: Array<GotMany> = []
    for (const id of ids) {
      if (hasAnswered || isDown) break
      got.push(yield* one(id))
    }
    const rest = yield* Effect.forEach(ids.slice(got.length), one, { concurrency: getsAtOnce })
    return joined([...got, ...rest])
  })
  return { each, isDown: () => isDown }
}
