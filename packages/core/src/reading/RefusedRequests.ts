import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type AdapterError, partOfQuery } from "../model/AdapterError.js"
import type { FilterName } from "../model/QueryParts.js"
import type { Deadline } from "../transport/Deadline.js"
import { sliceOf } from "../walk/Overlap.js"
import type { Plan } from "../walk/Plan.js"
import { type Answer, type ReadAt, requestText } from "./ReadSlice.js"
import { boundedBy, withoutWindows } from "../walk/Walk.js"
import type { WalkState } from "../walk/WalkState.js"
import { type Warning, warningOf } from "../model/Warning.js"

/**
 * A request that the server refuses is asked again with less: which of its filters, parts or page
 * size it was is found by trying, since no code reads a message, and is learned for the walk.
 */

/** A part of a request that can be done without. */
type Part = Exclude<FilterName, "search"> | "include"

/**
 * In the order in which they are given back: what costs most to do without comes first, so that of
 * two that could be to blame it is kept.
 */
const parts: ReadonlyArray<Part> = [
  "since",
  "until",
  "finishedSince",
  "finishedUntil",
  "planned",
  "workflowId",
  "actorId",
  "tag",
  "attributes",
  "include",
  "providerStatus",
  "status",
]

/** Whether a server refused what it was asked, and might take less. */
export const isRefused = ({ reason, status }: AdapterError): boolean =>
  reason === "InvalidQuery" && status !== null

/**
 * Reads at a state whose request was refused. The first thing tried is a request for the least; where
 * that is refused as well, the refusal stands. Else part after part is asked for again, the page
 * size last: about as many requests as there are parts, and as the size can be halved.
 */
export const readRefused = Effect.fnUntraced(function* (
  plan: Plan,
  state: WalkState,
  refusal: AdapterError,
  read: ReadAt,
): Effect.fn.Return<Answer, AdapterError, Deadline> {
  const full = sliceOf(plan, state).size
  const whole = textOf(plan, state)
  const refused = new Map([[whole, refusal]])
  const carried = parts.filter(
    (part) => textOf(plan, reducedState(plan, state, { lost: [part], size: full })) !== whole,
  )
  const least: Reduction = { lost: carried, size: 1 }
  const leastState = reducedState(plan, state, least)
  if (textOf(plan, leastState) === whole) return yield* refusal
  const first = yield* Effect.result(read(leastState))
  if (Result.isFailure(first)) return yield* refusal

  let reached = least
  let answer: Answer = first.success
  const reasons = new Map<Part | "size", AdapterError>()
  /** Goes on with less of a reduction, unless that is refused. */
  const tryWith = Effect.fnUntraced(function* (
    wish: Reduction,
    blamed: Part | "size",
  ): Effect.fn.Return<boolean, AdapterError, Deadline> {
    const wished = reducedState(plan, state, wish)
    const text = textOf(plan, wished)
    if (!refused.has(text)) {
      // What asks for the same is answered already.
      const isAnswered = text === textOf(plan, answer.state)
      const tried = isAnswered
        ? Result.succeed({ ...answer, state: wished })
        : yield* Effect.result(read(wished))
      if (Result.isSuccess(tried)) {
        answer = tried.success
        reached = wish
        return true
      }
      if (!isRefused(tried.failure)) return yield* tried.failure
      refused.set(text, tried.failure)
    }
    reasons.set(blamed, reasons.get(blamed) ?? refused.get(text) ?? refusal)
    return false
  })
  for (const part of carried) {
    yield* tryWith({ ...reached, lost: reached.lost.filter((other) => other !== part) }, part)
  }
  for (let size = full; size > 1; size = Math.floor(size / 2)) {
    if (yield* tryWith({ ...reached, size }, "size")) break
  }
  const lost = reached.lost.map((part) => warningOfLoss(plan, part, reasons.get(part) ?? refusal))
  const hidden =
    reached.lost.includes("status") && hidesWanted(plan) ? [warningOfMissing(plan)] : []
  const smaller =
    reached.size < full
      ? [
          warningOf(
            "page_size_refused",
            `${plan.endpoint.route} rejected a page size of ${full}; from here on at most ${reached.size} items are requested. ${(reasons.get("size") ?? refusal).message}`,
            partOfQuery("pageSize"),
          ),
        ]
      : []
  return { ...answer, warnings: [...lost, ...hidden, ...smaller, ...answer.warnings] }
})

/** What a request is asked without. */
interface Reduction {
  readonly lost: ReadonlyArray<Part>
  readonly size: number
}

const reducedState = (plan: Plan, state: WalkState, { lost, size }: Reduction): WalkState => {
  const filters = lost.filter((part) => part !== "include")
  const losesBound = state.bound !== null && lost.includes(boundedBy(plan, state))
  const base = losesBound ? withoutWindows(plan, state) : state
  const isSmaller = size < sliceOf(plan, base).size
  const isBare = lost.includes("include")
  return {
    ...base,
    ignored: [...new Set([...base.ignored, ...filters])],
    learned:
      isSmaller || isBare
        ? {
            ...base.learned,
            largestPage: isSmaller ? size : base.learned.largestPage,
            withoutParts: isBare || base.learned.withoutParts,
          }
        : base.learned,
  }
}

const textOf = (plan: Plan, state: WalkState): string =>
  requestText(plan, state, sliceOf(plan, state))

const warningOfLoss = (
  { endpoint: { route, gives }, query }: Plan,
  part: Part,
  { message }: AdapterError,
): Warning => {
  if (part !== "include") {
    return warningOf(
      "filter_refused",
      `${route} rejected ${part}; from here on execlog filters by it. ${message}`,
      partOfQuery(part),
    )
  }
  const refused = query.include.filter((one) => one !== "raw" && gives.includes(one)).join(", ")
  return warningOf(
    "include_failed",
    `${route} rejected the request for ${refused}; executions are returned without them from here on. ${message}`,
    partOfQuery("include"),
  )
}

/** Whether the list leaves out what a status filter, which the server does not heed, asks for. */
export const hidesWanted = ({ endpoint: { omits }, query: { status } }: Plan): boolean =>
  status?.some((one) => omits?.statuses.includes(one)) === true

/** What is to be said where it does. */
export const warningOfMissing = ({ endpoint: { omits } }: Plan): Warning =>
  warningOf(
    "executions_left_out",
    `Executions that match the query may be missing: ${omits?.note ?? ""}`,
    partOfQuery("status"),
  )
