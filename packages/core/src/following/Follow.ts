import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type AdapterError, errorWith, isOfOneExecution, mayPass } from "../model/AdapterError.js"
import { type Execution, withParts } from "../model/Execution.js"
import { compareListing } from "../model/ExecutionOrder.js"
import { clampInstant } from "../model/Instant.js"
import type { Change, LogPage, Rejected } from "../model/LogPage.js"
import { type CheckedQuery, type LogQuery, passesFilter } from "../model/LogQuery.js"
import { getsAtOnce } from "../reading/GetRequests.js"
import { runCheck } from "../reading/CheckedCall.js"
import { detailsWarning } from "../reading/Details.js"
import type { Reader } from "../reading/Reader.js"
import { type ReportListeners, listenersOr, reportPage } from "../reading/Reporting.js"
import { sharing } from "../transport/AnswerShare.js"
import { rejectedIds } from "../walk/Row.js"
import { type FollowOptions, checkFollow, changingFilters } from "./FollowOptions.js"
import { omittedQueries, openQueries, unwatched } from "./OpenQueries.js"
import { type ObservedIn, makeTracked } from "./Tracked.js"
import { failureOf, type Warning, warningKey, warningOf } from "../model/Warning.js"

/** The result of a poll. */
interface Poll {
  readonly changes: ReadonlyArray<Change>
  /** Why following ends after it; null if it goes on. */
  readonly failure: AdapterError | null
}

/** The part of a reader that following uses. */
type Followed = Pick<
  Reader,
  "provider" | "name" | "statuses" | "pages" | "get" | "complete" | "idToGet" | "explain"
>

/** Polls repeatedly, and gives each execution that appears or whose status changes. */
export const followChanges = (
  reader: Followed,
  query: LogQuery = {},
  options: FollowOptions = {},
): Stream.Stream<Change, AdapterError> =>
  Effect.map(preparePoll(reader, query, options), ({ poll, intervalMs }) => {
    const begin: { readonly wait: number; readonly failure: AdapterError | null } = {
      wait: 0,
      failure: null,
    }
    return Stream.paginate(
      begin,
      Effect.fnUntraced(function* ({ wait, failure }) {
        if (failure !== null) return yield* failure
        yield* Effect.sleep(wait)
        const found = yield* poll
        const next = { wait: intervalMs, failure: found.failure }
        return [found.changes, Option.some(next)] as const
      }),
    )
  }).pipe(Stream.unwrap)

const preparePoll = Effect.fnUntraced(function* (
  reader: Followed,
  query: LogQuery,
  options: FollowOptions,
) {
  const { provider, name: connection } = reader
  const now = yield* Clock.currentTimeMillis
  const { intervalMs, since, lookBackMs, staleAfterMs, details, listQuery, reportQuery } =
    yield* Effect.mapError(
      runCheck(() => checkFollow(query, options, now)),
      (error) => errorWith(error, { provider, connection }),
    )
  const plan = yield* reader.explain(listQuery)
  const omitted = yield* omittedQueries(reader.explain, listQuery)
  const { queries: openAtFirst, unasked } = yield* openQueries(
    reader.explain,
    listQuery,
    reader.statuses,
  )
  const tracked = makeTracked({ since, staleAfterMs, keepsTerminal: plan.lists === "events" })
  const reports = makeFirstReports(options)
  const include = listQuery.include ?? []
  const get = sharing(getsAtOnce, reader.get)
  let isFirst = true
  // The latest listing time known, but not later than our clock.
  let head = since

  const poll = Effect.gen(function* () {
    const changes = new Map<string, Array<Change>>()
    // Ids of executions that `get` returned: they are complete.
    const fromGet = new Set<string>()
    const horizon = clampInstant(head - lookBackMs)
    let latest = head
    tracked.begin(horizon)
    reports.beginPoll()

    const take = (execution: Execution, observedAt: Date, place: ObservedIn): void => {
      const change = tracked.observe(execution, observedAt, place)
      if (change === null) return
      const { id } = execution
      const before = changes.get(id)
      if (before === undefined) changes.set(id, [change])
      else before.push(change)
    }
    const takePage = (page: LogPage, place: ObservedIn): void => {
      reportPage(page, reports)
      for (const execution of page.executions) take(execution, page.requestedAt, place)
    }
    // Executions that the list omits come first: those that end meanwhile are then in the list.
    const readLists = Effect.gen(function* () {
      for (const one of isFirst ? openAtFirst : []) {
        yield* Stream.runForEach(reader.pages(one), (page) =>
          Effect.sync(() => takePage(page, "open")),
        )
      }
      for (const one of omitted) {
        yield* Stream.runForEach(reader.pages(one), (page) =>
          Effect.sync(() => takePage(page, "wholeList")),
        )
      }
      const pages = reader.pages(listQuery, { listedSince: new Date(horizon) })
      yield* Stream.runForEach(pages, (page) =>
        Effect.sync(() => {
          takePage(page, "list")
          const { listed, requestedAt } = page
          if (listed.to !== null) {
            latest = Math.max(latest, Math.min(listed.to.getTime(), requestedAt.getTime()))
          }
        }),
      )
    })
    const getOne = Effect.fnUntraced(function* (unlisted: Execution) {
      const observedAt = new Date(yield* Clock.currentTimeMillis)
      const { id } = unlisted
      const idOfGet = reader.idToGet(unlisted)
      if (idOfGet === null) return
      const got = yield* Effect.result(
        get(idOfGet, {
          include: include.includes("raw") ? ["raw"] : [],
          onWarning: reports.onWarning,
        }),
      )
      if (Result.isSuccess(got)) {
        fromGet.add(id)
        return take(withParts(got.success, include), observedAt, "get")
      }
      const { reason, message } = got.failure
      // Without an endpoint for it, an execution that is no longer listed stays as it was.
      if (reason === "Unsupported") return
      if (reason === "Permission" || isOfOneExecution(got.failure)) {
        tracked.giveUp(id)
        reports.onWarning(
          warningOf(
            "execution_dropped",
            `${message} Execution ${id} is no longer requested.`,
            null,
            id,
          ),
        )
      } else if (mayPass(got.failure)) {
        reports.onWarning(
          warningOf(
            "poll_failed",
            `${message} The next poll requests it again.`,
            null,
            id,
            ...failureOf(got.failure),
          ),
        )
      } else {
        return yield* got.failure
      }
    })
    const readAll = Effect.gen(function* () {
      yield* readLists
      const due = tracked.due(yield* Clock.currentTimeMillis)
      yield* Effect.forEach(due, getOne, { concurrency: getsAtOnce, discard: true })
    })

    const read = yield* Effect.result(readAll)
    const failure = Result.isFailure(read) ? read.failure : null
    if (failure === null) {
      if (isFirst && unasked.length > 0) reports.onWarning(unwatched(plan, unasked))
      isFirst = false
      head = latest
      tracked.end(clampInstant(head - lookBackMs), yield* Clock.currentTimeMillis)
    } else if (mayPass(failure)) {
      reports.onWarning(
        warningOf(
          "poll_failed",
          `${failure.message} The next poll tries again.`,
          null,
          ...failureOf(failure),
        ),
      )
    }
    const found = inOrder(changes).filter(({ execution }) => isReported(reportQuery, execution))
    const toComplete = found.map(({ execution }) => execution).filter(({ id }) => !fromGet.has(id))
    const { executions, incomplete } = yield* reader.complete(toComplete, { details, include })
    const detailed = new Map(toComplete.map((execution, index) => [execution, executions[index]]))
    const warning = detailsWarning(incomplete)
    if (warning !== null) reports.onWarning(warning)
    return {
      changes: found.map(({ execution, ...change }) => ({
        ...change,
        execution: { ...(detailed.get(execution) ?? execution), ...statusOf(execution) },
      })),
      failure: failure !== null && mayPass(failure) ? null : failure,
    } satisfies Poll
  })
  return { poll, intervalMs }
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

/** Listeners that suppress what was reported in this poll or the one before. */
interface FirstReports extends Required<ReportListeners> {
  readonly onRejected: (rejected: Rejected) => void
  readonly onWarning: (warning: Warning) => void
  /** Begins a poll. */
  readonly beginPoll: () => void
}

/** Wraps listeners so that a report which comes with every poll is reported once. */
const makeFirstReports = (listeners: ReportListeners): FirstReports => {
  const { onRejected, onWarning } = listenersOr(listeners)
  let before: ReadonlySet<string> = new Set()
  let now = new Set<string>()
  const isNew = (key: string): boolean => {
    const isKnown = before.has(key) || now.has(key)
    now.add(key)
    return !isKnown
  }
  return {
    beginPoll: () => {
      before = now
      now = new Set()
    },
    onWarning: (warning) => {
      if (isNew(warningKey(warning))) onWarning(warning)
    },
    // Its place on the page changes, so it is recognized by its content.
    onRejected: (rejected) => {
      if (isNew(keyOfRejected(rejected))) onRejected(rejected)
    },
  }
}

const keyOfRejected = ({ cause, issues, isJoined, ...rejected }: Rejected): string =>
  JSON.stringify([rejectedIds(rejected), cause, issues, isJoined])
