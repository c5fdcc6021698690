import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { partOfQuery } from "../model/AdapterError.js"
import { makeWarnings, warningOf } from "../model/Warning.js"
import type { Requests } from "../transport/Requests.js"
import { exceedsCursor } from "../walk/Cursor.js"
import { withoutPair } from "../walk/Overlap.js"
import { sliceOf } from "../walk/Paging.js"
import type { Plan } from "../walk/Plan.js"
import { readRows } from "../walk/Row.js"
import { type ServerQuirks, withoutFilters } from "../walk/ServerQuirks.js"
import { beginsAs, mostStalledPages } from "../walk/Stall.js"
import { type Taken, takePage } from "../walk/Walk.js"
import { isByPlace, type StateByPlace, type WalkState } from "../walk/WalkState.js"
import { isAhead } from "../walk/Window.js"
import { readUnbroken } from "./BrokenPages.js"
import { type TakenPage, ignoredFilters } from "./MapPage.js"
import { faultOfNext, stalled } from "./NextPageFaults.js"
import { type JoinedRows, nothingJoined, readJoins } from "./ReadJoins.js"
import { type Answer, type ReadAt, duplicatesHavePlaces } from "./ReadSlice.js"
import {
  hidesWanted,
  isRejectedRequest,
  warningOfMissing,
  readReduced,
} from "./RejectedRequests.js"

/** Reads the next page of a walk; requests again if an answer does not continue what was read. */
export const readPage = Effect.fnUntraced(function* (
  requests: Requests,
  plan: Plan,
  start: WalkState,
) {
  const { endpoint } = plan
  let at = start
  const requestedAt = yield* Clock.currentTimeMillis
  const warnings = makeWarnings()
  let askedAgain = 0
  for (;;) {
    const answer = yield* readAllowed(requests, plan, at)
    const { state, info, rows, isStuck, exceeds } = answer
    const step = takePage(plan, state, info, rows)
    warnings.add(...answer.warnings, ...step.warnings)
    if (exceeds !== null) {
      warnings.add(
        warningOf(
          "page_size_ignored",
          `${endpoint.route} returned more than the ${exceeds} items requested: its page size parameter may have another name.`,
          null,
          endpoint.route,
          exceeds,
        ),
      )
    }
    if (isStuck && step.taken && step.next === null) {
      warnings.add(
        warningOf(
          "pages_not_adjacent",
          `${endpoint.route} returned the same page for two page numbers; executions may be missing.`,
          null,
          endpoint.route,
          "same page",
        ),
      )
    }
    if (!step.taken) {
      if (++askedAgain > mostStalledPages)
        return yield* requests.fail(stalled(requests, endpoint.route))
      at = step.state
      continue
    }
    if (isSkipped(plan, state, step)) {
      at = step.next
      continue
    }
    const joined =
      plan.joins.length === 0 || step.found.length === 0
        ? nothingJoined
        : yield* readJoins(
            requests,
            plan.joins,
            step.found.map(({ item }) => item),
            "list",
            state.learned,
          )
    warnings.add(...joined.warnings)
    const given = { joined: joined.rows, bare: answer.bare }
    const { ignored: lost, mapped } = ignoredFilters(plan, state, step.found, given)
    for (const filter of lost) {
      warnings.add(
        warningOf(
          "filter_ignored",
          `${endpoint.route} returned executions that ${filter} excludes; from here on execlog filters by it.`,
          partOfQuery(filter),
          endpoint.route,
        ),
      )
      if (filter === "status" && hidesWanted(plan)) {
        warnings.add(warningOfMissing(plan))
      }
    }
    const learn = (at: WalkState): WalkState => ({
      ...at,
      learned: withoutFilters(withJoins(at.learned, joined), ...lost),
    })
    const next = step.next === null ? null : learn(step.next)
    const fault = next === null ? null : faultOfNext(requests, endpoint, state, next)
    if (fault !== null) return yield* requests.fail(fault)
    if (next !== null && exceedsCursor(next)) {
      warnings.add(
        warningOf(
          "cursor_overflow",
          "More executions share one instant than a cursor can hold: a walk resumed here may return some twice.",
        ),
      )
    }
    return {
      state: learn(state),
      info,
      rows,
      step: { ...step, next, warnings: warnings.all() },
      joined,
      bare: answer.bare,
      mapped,
      requestedAt,
    } satisfies TakenPage
  }
})

const withJoins = (learned: ServerQuirks, joined: JoinedRows): ServerQuirks => {
  if (joined === nothingJoined) return learned
  const { joinKeys, failingJoins } = joined.learned
  const isKnown =
    [...joinKeys].every(([name, most]) => learned.joinKeys.get(name) === most) &&
    failingJoins.join() === learned.failingJoins.join()
  return isKnown ? learned : { ...learned, joinKeys, failingJoins }
}

/** The page at a state; if its request is rejected, one that asks for less. */
const readAllowed = Effect.fnUntraced(function* (requests: Requests, plan: Plan, state: WalkState) {
  const read: ReadAt = (at) =>
    isByPlace(at) && at.paging.overlap === "pair"
      ? readPair(requests, plan, at)
      : readFilled(requests, plan, at)
  return yield* read(state).pipe(
    Effect.catchIf(isRejectedRequest, (rejection) => readReduced(plan, state, rejection, read)),
  )
})

/** The page at a state. If it is empty although more is said to follow, it is requested once more. */
const readFilled = Effect.fnUntraced(function* (requests: Requests, plan: Plan, state: WalkState) {
  const slice = sliceOf(plan, state)
  const answer = yield* readUnbroken(requests, plan, state, slice)
  const { more, total } = answer.info
  const isOddlyEmpty = answer.rows.length === 0 && (more ?? (total ?? 0) > slice.begin)
  return isOddlyEmpty ? yield* readUnbroken(requests, plan, state, slice) : answer
})

/**
 * Two pages that do not overlap. They continue each other if the first one is the same before and
 * after the second was read; if not, only the first is taken.
 */
const readPair = Effect.fnUntraced(function* (requests: Requests, plan: Plan, state: StateByPlace) {
  const size = state.paging.leastGiven
  const { begin } = sliceOf(plan, state)
  const first = { begin, size }
  const before = yield* readUnbroken(requests, plan, state, first)
  const behind = yield* readUnbroken(requests, plan, state, { begin: begin + size, size })
  const again = yield* readUnbroken(requests, plan, state, first)
  // This shows rows that came or went in between, and a server that returns one page for all numbers.
  const isStuck = behind.rows.length > 0 && beginsAs(before.rows, behind.rows)
  if (isStuck || !beginsAs(before.rows, again.rows)) {
    return { ...again, state: withoutPair(state), isStuck } satisfies Answer
  }
  const items = [...before.info.items, ...behind.info.items]
  return {
    state,
    info: { ...behind.info, items },
    rows: readRows(plan.endpoint, items, duplicatesHavePlaces({ ...behind.info, items }, 2 * size)),
    isStuck: false,
    exceeds: before.exceeds ?? behind.exceeds,
    bare: new Set([...before.bare, ...behind.bare]),
    warnings: [...before.warnings, ...behind.warnings],
  } satisfies Answer
})

/**
 * Whether a page without anything new is not given to the caller. While a walk reads again what its
 * cursor could not hold, a caller that resumes after each page would never get on; above now, most
 * windows contain only what is planned.
 */
const isSkipped = (
  plan: Plan,
  state: WalkState,
  step: Taken,
): step is Taken & { readonly next: WalkState } =>
  (state.position.rereadFrom !== null || isAhead(plan, state)) &&
  step.next !== null &&
  step.found.length + step.rejected.length === 0
