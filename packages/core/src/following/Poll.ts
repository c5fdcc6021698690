import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type AdapterError, isOfOneExecution } from "../model/AdapterError.js"
import { type Execution, withParts } from "../model/Execution.js"
import { compareListing } from "../model/ExecutionOrder.js"
import { clampInstant } from "../model/Instant.js"
import type { Change, LogPage } from "../model/LogPage.js"
import { type CheckedQuery, type LogQuery, passesFilter } from "../model/LogQuery.js"
import { failureOf, warningOf } from "../model/Warning.js"
import { detailsWarning } from "../reading/Details.js"
import { getsAtOnce } from "../reading/GetRequests.js"
import type { Reader } from "../reading/Reader.js"
import { reportPage } from "../reading/Reporting.js"
import type { QueryPlan } from "../walk/QueryPlan.js"
import type { FirstReports } from "./FirstReports.js"
import { type CheckedFollow, changingFilters } from "./FollowOptions.js"
import { unwatched } from "./OpenQueries.js"
import type { ObservedIn, Tracked } from "./Tracked.js"

/** The methods of a reader that following uses. */
export type Followed = Pick<
  Reader,
  "provider" | "name" | "statuses" | "pages" | "get" | "complete" | "idToGet" | "explain"
>

/** The polls of one call of `follow`: what all share, and what each leaves to the next. */
export interface Polling {
  readonly reader: Followed
  readonly options: CheckedFollow
  readonly plan: QueryPlan
  /** Queries for the unfinished executions when following begins, read by the first poll. */
  readonly openAtFirst: ReadonlyArray<LogQuery>
  /** Unfinished statuses that these queries cannot request. */
  readonly unasked: ReadonlyArray<string>
  /** Queries for the executions that the list omits. */
  readonly omitted: ReadonlyArray<LogQuery>
  readonly tracked: Tracked
  readonly reports: FirstReports
  isFirst: boolean
  /** The latest listing time known, but not later than our clock. */
  head: number
}

/** The result of a poll. */
interface Poll {
  readonly changes: ReadonlyArray<Change>
  /** The failure with which following ends after it; null if it goes on. */
  readonly failure: AdapterError | null
}

/** One poll while it runs. */
interface Current {
  /** The changes of each execution, by its id. */
  readonly changes: Map<string, Array<Change>>
  /** Ids of executions that `get` returned: they are complete. */
  readonly fromGet: Set<string>
  /** Everything listed after this time is read. */
  readonly horizon: number
  latest: number
}

/** Reads what is new since the last poll, and returns the changes that the query asks for. */
export const poll = Effect.fnUntraced(function* (polling: Polling) {
  const current = beginPoll(polling)
  const read = yield* Effect.result(readAll(polling, current))
  const failure = Result.isFailure(read) ? read.failure : null
  if (failure === null) yield* endPoll(polling, current)
  else if (failure.retryable) reportFailure(polling, failure, "The next poll tries again.")
  const changes = yield* completeChanges(polling, current)
  return { changes, failure: failure?.retryable === true ? null : failure } satisfies Poll
})

const beginPoll = ({ tracked, reports, options, head }: Polling): Current => {
  const horizon = clampInstant(head - options.lookBackMs)
  tracked.begin(horizon)
  reports.beginPoll()
  return { changes: new Map(), fromGet: new Set(), horizon, latest: head }
}

const readAll = Effect.fnUntraced(function* (polling: Polling, current: Current) {
  yield* readLists(polling, current)
  yield* getUnlisted(polling, current)
})

/** Reads the lists. Those of omitted executions come first: those that end meanwhile are then in the list. */
const readLists = Effect.fnUntraced(function* (polling: Polling, current: Current) {
  const { reader, options, openAtFirst, omitted, isFirst } = polling
  for (const query of isFirst ? openAtFirst : []) {
    yield* Stream.runForEach(reader.pages(query), (page) =>
      Effect.sync(() => takePage(polling, current, page, "open")),
    )
  }
  for (const query of omitted) {
    yield* Stream.runForEach(reader.pages(query), (page) =>
      Effect.sync(() => takePage(polling, current, page, "wholeList")),
    )
  }
  const pages = reader.pages(options.listQuery, { listedSince: new Date(current.horizon) })
  yield* Stream.runForEach(pages, (page) =>
    Effect.sync(() => {
      takePage(polling, current, page, "list")
      const { listed, requestedAt } = page
      if (listed.to !== null) {
        const seen = Math.min(listed.to.getTime(), requestedAt.getTime())
        current.latest = Math.max(current.latest, seen)
      }
    }),
  )
})

const takePage = (polling: Polling, current: Current, page: LogPage, place: ObservedIn): void => {
  reportPage(page, polling.reports)
  for (const execution of page.executions) {
    take(polling, current, execution, page.requestedAt, place)
  }
}

/** Takes one observation, and keeps the change that it is. */
const take = (
  { tracked }: Polling,
  { changes }: Current,
  execution: Execution,
  observedAt: Date,
  place: ObservedIn,
): void => {
  const change = tracked.observe(execution, observedAt, place)
  if (change === null) return
  const before = changes.get(execution.id)
  if (before === undefined) changes.set(execution.id, [change])
  else before.push(change)
}

/** Requests by their ids the unfinished executions that no list contained. */
const getUnlisted = Effect.fnUntraced(function* (polling: Polling, current: Current) {
  const due = polling.tracked.due(yield* Clock.currentTimeMillis)
  yield* Effect.forEach(due, (unlisted) => getOne(polling, current, unlisted), {
    concurrency: getsAtOnce,
    discard: true,
  })
})

const getOne = Effect.fnUntraced(function* (
  polling: Polling,
  current: Current,
  unlisted: Execution,
) {
  const { reader, options, tracked, reports } = polling
  const include = options.listQuery.include ?? []
  const observedAt = new Date(yield* Clock.currentTimeMillis)
  const { id } = unlisted
  const idOfGet = reader.idToGet(unlisted)
  if (idOfGet === null) return
  const got = yield* Effect.result(
    reader.get(idOfGet, {
      include: include.includes("raw") ? ["raw"] : [],
      onWarning: reports.onWarning,
    }),
  )
  if (Result.isSuccess(got)) {
    current.fromGet.add(id)
    return take(polling, current, withParts(got.success, include), observedAt, "get")
  }
  const { reason, message, retryable } = got.failure
  // Without an endpoint for it, an execution that is no longer listed stays as it was.
  if (reason === "Unsupported") return
  if (reason === "Permission" || isOfOneExecution(got.failure)) {
    tracked.giveUp(id)
    const text = `${message} Execution ${id} is no longer requested.`
    reports.onWarning(warningOf("execution_dropped", text, null, id))
  } else if (retryable) {
    reportFailure(polling, got.failure, "The next poll requests it again.", id)
  } else {
    return yield* got.failure
  }
})

/** Reports a failure that a later poll may not have. */
const reportFailure = (
  { reports }: Polling,
  failure: AdapterError,
  remedy: string,
  ...ids: ReadonlyArray<string>
): void =>
  reports.onWarning(
    warningOf("poll_failed", `${failure.message} ${remedy}`, null, ...ids, ...failureOf(failure)),
  )

/** Ends a poll that read everything: the next one begins where it stopped. */
const endPoll = Effect.fnUntraced(function* (polling: Polling, { latest }: Current) {
  const { plan, unasked, reports, tracked, options } = polling
  if (polling.isFirst && unasked.length > 0) reports.onWarning(unwatched(plan, unasked))
  polling.isFirst = false
  polling.head = latest
  tracked.end(clampInstant(latest - options.lookBackMs), yield* Clock.currentTimeMillis)
})

/** The changes to report, in order and with their details. */
const completeChanges = Effect.fnUntraced(function* (
  { reader, options, reports }: Polling,
  { changes, fromGet }: Current,
) {
  const { details, listQuery, reportQuery } = options
  const found = inOrder(changes).filter(({ execution }) => isReported(reportQuery, execution))
  const toComplete = found.map(({ execution }) => execution).filter(({ id }) => !fromGet.has(id))
  const { executions, incomplete } = yield* reader.complete(toComplete, {
    details,
    include: listQuery.include ?? [],
  })
  const detailed = new Map(toComplete.map((execution, index) => [execution, executions[index]]))
  const warning = detailsWarning(incomplete)
  if (warning !== null) reports.onWarning(warning)
  return found.map(({ execution, ...change }) => ({
    ...change,
    execution: { ...(detailed.get(execution) ?? execution), ...statusOf(execution) },
  }))
})

/** Sorts by listing time, the oldest first; changes of one execution stay together, in their order. */
const inOrder = (changes: ReadonlyMap<string, ReadonlyArray<Change>>): ReadonlyArray<Change> =>
  [...changes.values()]
    .flatMap((ofOne) => ofOne.slice(-1).map(({ execution }) => ({ execution, ofOne })))
    .toSorted((a, b) => compareListing(a.execution, b.execution))
    .flatMap(({ ofOne }) => ofOne)

/** The status that is reported stays, even if the details already show a later one. */
const statusOf = ({ status, providerStatus }: Execution) => ({ status, providerStatus })

const isReported = (query: CheckedQuery, execution: Execution): boolean =>
  changingFilters.every((filter) => passesFilter(execution, query, filter))
