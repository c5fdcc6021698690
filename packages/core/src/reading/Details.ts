import * as Effect from "effect/Effect"
import { type AdapterError, isOfOneExecution } from "../model/AdapterError.js"
import { type Execution, type Include, isTerminal, withParts } from "../model/Execution.js"
import { mergeObservation } from "../model/Observation.js"
import { failureOf, type Warning, warningOf } from "../model/Warning.js"
import { sharing } from "../transport/AnswerShare.js"
import { getsAtOnce } from "./GetRequests.js"
import type { WalkPage } from "./MapPage.js"
import type { CompleteOptions, Details } from "./ReadOptions.js"

/** A list of executions, some of them completed. */
export interface DetailedExecutions {
  /** All executions, in their order. */
  readonly executions: ReadonlyArray<Execution>
  /** The ids of the completed executions. */
  readonly completed: ReadonlyArray<string>
  /** Executions that could not be completed, with the reason. */
  readonly incomplete: ReadonlyArray<{ readonly id: string; readonly error: AdapterError }>
}

/** Whether `get` should complete a listed execution. */
export const lacksDetails = (
  { status, error }: Pick<Execution, "status" | "error">,
  details: Details,
): boolean => {
  if (details === "none") return false
  if (details === "all") return isTerminal(status)
  return error === null && (status === "failed" || status === "timed_out" || status === "partial")
}

/** Completes listed executions. */
export type Complete = (
  executions: ReadonlyArray<Execution>,
  options?: CompleteOptions,
) => Effect.Effect<DetailedExecutions, AdapterError>

/** Reads one execution by its id, with everything that the provider has about it. */
export type AskOne = (id: string) => Effect.Effect<Execution, AdapterError>

/**
 * Completes listed executions with `get`. It never fails: an execution that cannot be completed
 * stays as listed. After a failure that affects all executions, the rest is not requested.
 */
export const completeDetails = Effect.fnUntraced(function* (
  detailsOf: (executions: ReadonlyArray<Execution>) => Effect.Effect<AskOne>,
  executions: ReadonlyArray<Execution>,
  details: Details,
  include: ReadonlyArray<Include> = [],
) {
  // `raw` stays the item of the list, as in every later walk.
  const parts = include.filter((part) => part !== "raw")
  const ask = yield* detailsOf(executions.filter((listed) => lacksDetails(listed, details)))
  const askOne = sharing(getsAtOnce, ask)
  const completed: Array<string> = []
  const incomplete: Array<DetailedExecutions["incomplete"][number]> = []
  let failureOfAll: AdapterError | null = null
  const complete = Effect.fnUntraced(function* (listed: Execution) {
    const { id } = listed
    if (!lacksDetails(listed, details)) return listed
    if (failureOfAll !== null) {
      incomplete.push({ id, error: failureOfAll })
      return listed
    }
    const got = yield* Effect.result(askOne(id))
    if (got._tag === "Success") {
      completed.push(id)
      return mergeObservation(listed, withParts(got.success, parts))
    }
    if (!isOfOneExecution(got.failure)) failureOfAll = got.failure
    incomplete.push({ id, error: got.failure })
    return listed
  })
  const all = yield* Effect.forEach(executions, complete, { concurrency: getsAtOnce })
  return { executions: all, completed, incomplete } satisfies DetailedExecutions
})

/** The warning for executions that could not be completed; null if there is nothing to report. */
export const detailsWarning = (incomplete: DetailedExecutions["incomplete"]): Warning | null => {
  const [first] = incomplete
  // The plan says that no endpoint returns them: nothing is wrong.
  if (first === undefined || first.error.reason === "Unsupported") return null
  const which =
    incomplete.length === 1 ? first.id : `${incomplete.length} executions, such as ${first.id},`
  return warningOf(
    "details_failed",
    `The details of ${which} could not be read: ${first.error.message}`,
    null,
    first.id,
    incomplete.length,
    ...failureOf(first.error),
  )
}

/** Completes the executions of a page; those that could not be completed are one warning. */
export const completePage = Effect.fnUntraced(function* (
  complete: Complete,
  page: WalkPage["page"],
  details: Details,
  include: ReadonlyArray<Include> | undefined,
) {
  const { executions, incomplete } = yield* complete(page.executions, { details, include })
  const warning = detailsWarning(incomplete)
  return {
    ...page,
    executions,
    warnings: [...page.warnings, ...(warning === null ? [] : [warning])],
  }
})
