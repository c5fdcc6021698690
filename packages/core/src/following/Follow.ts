import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type AdapterError, errorWith, isOfOneExecution, mayPass } from "../model/AdapterError.js"
import { type Execution, compareListing, withParts } from "../model/Execution.js"
import { clampInstant } from "../model/Instant.js"
import type { Change, LogPage, Rejected } from "../model/LogPage.js"
import { type CheckedQuery, type LogQuery, passesFilter } from "../model/LogQuery.js"
import { getsAtOnce } from "../reading/AskingOneByOne.js"
import { checking } from "../reading/CheckedCall.js"
import { detailsWarning } from "../reading/Details.js"
import type { Reader } from "../reading/Reader.js"
import { type ReportListeners, listenersOr, reportPage } from "../reading/Reporting.js"
import { sharing } from "../transport/AnswerShare.js"
import { refusedId } from "../walk/Row.js"
import { type FollowOptions, checkFollow, filtersOfWhatIsTold } from "./FollowOptions.js"
import { omittedQueries, openQueries, unwatched } from "./OpenQueries.js"
import { type ObservedIn, makeTracked } from "./Tracked.js"
import { type Warning, warningOf } from "../model/Warning.js"

/** What a poll found, and why no other can follow; null where one can. */
interface Poll {
  readonly changes: ReadonlyArray<Change>
  readonly failure: AdapterError | null
}

/** The reader of a connection, as far as it is needed to follow it. */
type Followed = Pick<
  Reader,
  "provider" | "name" | "statuses" | "pages" | "get" | "complete" | "idToGet" | "explain"
>

/** Asks again and again, and gives each execution that appears or whose status changes. */
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
  const { intervalMs, since, lookBackMs, staleAfterMs, details, asked, told } =
    yield* Effect.mapError(
      checking(() => checkFollow(query, options, now)),
      (error) => errorWith(error, { provider, connection }),
    )
  const plan = yield* reader.explain(asked)
  const omitted = yield* omittedQueries(reader.explain, asked)
  const { queries: openAtFirst, unasked } = yield* openQueries(
    reader.explain,
    asked,
    reader.statuses,
  )
  const tracked = makeTracked({ since, staleAfterMs, keepsTerminal: plan.lists === "events" })
  const reports = makeFirstReports(options)
  const include = asked.include ?? []
  const get = sharing(getsAtOnce, reader.get)
  let isFirst = true
  // The latest listing time that is known; a provider's clock that runs ahead does not count.
  let head = since

  const poll = Effect.gen(function* () {
    const changes = new Map<string, Array<Change>>()
    // What get gave is whole.
    const whole = new Set<string>()
    const horizon = clampInstant(head - lookBackMs)
    let latest = head
    tracked.begin(horizon)
    reports.beginRound()

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
    // What is left out comes first: what ends meanwhile is then found in the list.
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
      const pages = reader.pages(asked, { listedSince: new Date(horizon) })
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
      const asked = reader.idToGet(unlisted)
      if (asked === null) return
      const got = yield* Effect.result(
        get(asked, {
          include: include.includes("raw") ? ["raw"] : [],
          onWarning: reports.onWarning,
        }),
      )
      if (Result.isSuccess(got)) {
        whole.add(id)
        return take(withParts(got.success, include), observedAt, "get")
      }
      const { reason, message } = got.failure
      // Without such an endpoint, what is not listed any more stays as it was.
      if (reason === "Unsupported") return
      if (reason === "Permission" || isOfOneExecution(got.failure)) {
        tracked.giveUp(id)
        reports.onWarning(
          warningOf("execution_dropped", `${message} Execution ${id} is no longer requested.`),
        )
      } else if (mayPass(got.failure)) {
        reports.onWarning(warningOf("poll_failed", `${message} The next poll requests it again.`))
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
      reports.onWarning(warningOf("poll_failed", `${failure.message} The next poll tries again.`))
    }
    const found = inOrder(changes).filter(({ execution }) => isAskedFor(told, execution))
    const listed = found.map(({ execution }) => execution).filter(({ id }) => !whole.has(id))
    const { executions, incomplete } = yield* reader.complete(listed, { details, include })
    const detailed = new Map(listed.map((execution, index) => [execution, executions[index]]))
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

/** In the order of the listing, the oldest first; those of one execution as they came. */
const inOrder = (changes: ReadonlyMap<string, ReadonlyArray<Change>>): ReadonlyArray<Change> =>
  [...changes.values()]
    .flatMap((ofOne) => ofOne.slice(-1).map(({ execution }) => ({ execution, ofOne })))
    .toSorted((a, b) => compareListing(a.execution, b.execution))
    .flatMap(({ ofOne }) => ofOne)

/** What was told is told, though it may have changed again meanwhile. */
const statusOf = ({ status, providerStatus }: Execution) => ({ status, providerStatus })

const isAskedFor = (told: CheckedQuery, execution: Execution): boolean =>
  filtersOfWhatIsTold.every((filter) => passesFilter(execution, told, filter))

/** Suppresses messages that were reported in this round or the one before. */
interface FirstReports extends Required<ReportListeners> {
  readonly onRejected: (rejected: Rejected) => void
  readonly onWarning: (warning: Warning) => void
  /** Begins a round. */
  readonly beginRound: () => void
}

/** Wraps listeners so that a message that lasts is reported once. */
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
    beginRound: () => {
      before = now
      now = new Set()
    },
    onWarning: (warning) => {
      if (isNew(warning.text)) onWarning(warning)
    },
    // Its place on the page moves, so it is known by what it holds.
    onRejected: (rejected) => {
      if (isNew(`${refusedId(rejected)} ${rejected.reason}`)) onRejected(rejected)
    },
  }
}
