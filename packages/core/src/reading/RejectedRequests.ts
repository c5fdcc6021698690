import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type AdapterError, partOfQuery } from "../model/AdapterError.js"
import type { FilterName } from "../model/QueryParts.js"
import { failureOf, type Warning, warningOf } from "../model/Warning.js"
import type { Deadline } from "../transport/Deadline.js"
import { sliceOf } from "../walk/Paging.js"
import type { Plan } from "../walk/Plan.js"
import { withoutFilters } from "../walk/ServerQuirks.js"
import type { WalkState } from "../walk/WalkState.js"
import { boundedBy, boundOf, withoutBound } from "../walk/Window.js"
import { type Answer, type ReadAt, requestText } from "./ReadSlice.js"

/**
 * If a server rejects a request, it is sent again with less. Which filter, parts or page size was the
 * cause is found by trying, since no code reads a message, and is remembered for the walk.
 */

/** A part of a request that can be left out. */
type Part = Exclude<FilterName, "search"> | "include"

/**
 * Ordered by the cost of dropping it, highest first. If either of two parts may be the cause, the first is
 * kept.
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

/** Whether a server rejected a request, and may accept one that asks for less. */
export const isRejectedRequest = ({ reason, status }: AdapterError): boolean =>
  reason === "InvalidQuery" && status !== null

/**
 * Reads at a state whose request was rejected. A request without any parts, for one item, is tried
 * first; if it is rejected too, the rejection is the error. Then one part after the other is requested
 * again, and the page size last, which is halved until it is accepted.
 */
export const readReduced = Effect.fnUntraced(function* (
  plan: Plan,
  state: WalkState,
  rejection: AdapterError,
  read: ReadAt,
): Effect.fn.Return<Answer, AdapterError, Deadline> {
  const full = sliceOf(plan, state).size
  const whole = textOf(plan, state)
  const rejected = new Map([[whole, rejection]])
  const carried = parts.filter(
    (part) => textOf(plan, reducedState(plan, state, { lost: [part], size: full })) !== whole,
  )
  const least: Reduction = { lost: carried, size: 1 }
  const leastState = reducedState(plan, state, least)
  if (textOf(plan, leastState) === whole) return yield* rejection
  const first = yield* Effect.result(read(leastState))
  if (Result.isFailure(first)) return yield* rejection

  let reached = least
  let answer: Answer = first.success
  const reasons = new Map<Part | "size", AdapterError>()
  /** Goes on with a smaller reduction, unless its request is rejected. */
  const tryWith = Effect.fnUntraced(function* (
    wish: Reduction,
    blamed: Part | "size",
  ): Effect.fn.Return<boolean, AdapterError, Deadline> {
    const wished = reducedState(plan, state, wish)
    const text = textOf(plan, wished)
    if (!rejected.has(text)) {
      // The same request was answered before.
      const isAnswered = text === textOf(plan, answer.state)
      const tried = isAnswered
        ? Result.succeed({ ...answer, state: wished })
        : yield* Effect.result(read(wished))
      if (Result.isSuccess(tried)) {
        answer = tried.success
        reached = wish
        return true
      }
      if (!isRejectedRequest(tried.failure)) return yield* tried.failure
      rejected.set(text, tried.failure)
    }
    reasons.set(blamed, reasons.get(blamed) ?? rejected.get(text) ?? rejection)
    return false
  })
  for (const part of carried) {
    yield* tryWith({ ...reached, lost: reached.lost.filter((other) => other !== part) }, part)
  }
  for (let size = full; size > 1; size = Math.floor(size / 2)) {
    if (yield* tryWith({ ...reached, size }, "size")) break
  }
  const lost = reached.lost.map((part) => warningOfLoss(plan, part, reasons.get(part) ?? rejection))
  const hidden =
    reached.lost.includes("status") && hidesWanted(plan) ? [warningOfMissing(plan)] : []
  const smaller =
    reached.size < full
      ? [
          warningOf(
            "page_size_rejected",
            `${plan.endpoint.route} rejected a page size of ${full}; from here on at most ${reached.size} items are requested. ${(reasons.get("size") ?? rejection).message}`,
            partOfQuery("pageSize"),
            plan.endpoint.route,
            full,
            reached.size,
          ),
        ]
      : []
  return { ...answer, warnings: [...lost, ...hidden, ...smaller, ...answer.warnings] }
})

/** The parts that a request omits, and its page size. */
interface Reduction {
  readonly lost: ReadonlyArray<Part>
  readonly size: number
}

const reducedState = (plan: Plan, state: WalkState, { lost, size }: Reduction): WalkState => {
  const filters = lost.filter((part) => part !== "include")
  const losesBound = boundOf(plan, state) !== null && lost.includes(boundedBy(plan, state))
  const base = losesBound ? withoutBound(plan, state) : state
  const isSmaller = size < sliceOf(plan, base).size
  const isBare = lost.includes("include")
  const learned = withoutFilters(base.learned, ...filters)
  return {
    ...base,
    learned:
      isSmaller || isBare
        ? {
            ...learned,
            largestPage: isSmaller ? size : learned.largestPage,
            withoutParts: isBare || learned.withoutParts,
          }
        : learned,
  }
}

const textOf = (plan: Plan, state: WalkState): string =>
  requestText(plan, state, sliceOf(plan, state))

const warningOfLoss = (
  { endpoint: { route, gives }, query }: Plan,
  part: Part,
  rejection: AdapterError,
): Warning => {
  const { message } = rejection
  if (part !== "include") {
    return warningOf(
      "filter_rejected",
      `${route} rejected ${part}; from here on execlog filters by it. ${message}`,
      partOfQuery(part),
      route,
      ...failureOf(rejection),
    )
  }
  const rejected = query.include.filter((one) => one !== "raw" && gives.includes(one))
  return warningOf(
    "include_failed",
    `${route} rejected the request for ${rejected.join(", ")}; executions are returned without them from here on. ${message}`,
    partOfQuery("include"),
    route,
    ...rejected,
    ...failureOf(rejection),
  )
}

/** Whether the list omits executions that a status filter asks for, which the server ignores. */
export const hidesWanted = ({ endpoint: { omits }, query: { status } }: Plan): boolean =>
  status?.some((one) => omits?.statuses.includes(one)) === true

/** The warning that it does. */
export const warningOfMissing = ({ endpoint: { omits, route } }: Plan): Warning =>
  warningOf(
    "executions_omitted",
    `Executions that match the query may be missing: ${omits?.note ?? ""}`,
    partOfQuery("status"),
    route,
  )
