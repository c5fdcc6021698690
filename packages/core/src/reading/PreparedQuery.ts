import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { failingByFaults } from "../adapter/AdapterGuard.js"
import type { Connection } from "../adapter/Connection.js"
import type { AdapterError } from "../model/AdapterError.js"
import type { Cursor, LogPage } from "../model/LogPage.js"
import { type LogQuery, checkQuery } from "../model/LogQuery.js"
import type { Deadline } from "../transport/Deadline.js"
import type { Requests } from "../transport/Requests.js"
import type { CheckedTransportSettings } from "../transport/TransportSettings.js"
import { decodeCursor, encodeCursor } from "../walk/Cursor.js"
import { cursorScope } from "../walk/CursorScope.js"
import { type Plan, planQuery } from "../walk/Plan.js"
import { explainPlan, type QueryPlan } from "../walk/QueryPlan.js"
import { startWalk, type WalkState } from "../walk/WalkState.js"
import { listedSince } from "./ListedSince.js"
import { type TakenPage, type WalkPage, logPageOf, mapPage } from "./MapPage.js"
import { readParallel } from "./parallel/ReadParallel.js"
import { runCheck, type PagesOptions } from "./ReadOptions.js"
import { readPage } from "./ReadPage.js"
import { failingIfAllRejected, pagesDue } from "./WalkLimits.js"
import { withIds } from "./Within.js"

/** The state that all reads of one connection share. */
export interface ReadingContext {
  readonly connection: Connection
  readonly source: Plan["source"]
  readonly requests: Requests
  readonly settings: CheckedTransportSettings
}

/** A query that was checked and planned, and the reading of its list. */
export interface PreparedQuery {
  readonly plan: Plan
  readonly explain: () => QueryPlan
  readonly page: (cursor: Cursor | null | undefined) => Effect.Effect<LogPage, AdapterError>
  /** The pages. A limit tells how many executions are needed; it does not cut the pages. */
  readonly pages: (
    options: PagesOptions & { readonly limit?: number | undefined },
  ) => Stream.Stream<WalkPage, AdapterError>
}

/** Runs a check of what the caller gave, so that it fails as an error of the connection. */
export const checkedBy = <A>(
  { requests }: Pick<ReadingContext, "requests">,
  check: () => A,
): Effect.Effect<A, AdapterError> =>
  Effect.mapError(runCheck(check), (error) => requests.fail(error))

/** Bounds the requests of one page or one `get`; a bug of the adapter fails as an AdapterError. */
export const inTime = <A>(
  { requests }: Pick<ReadingContext, "requests">,
  effect: Effect.Effect<A, AdapterError, Deadline>,
): Effect.Effect<A, AdapterError> =>
  failingByFaults(requests.withDeadline(effect), (error) => requests.fail(error))

/** Checks and plans a query. Fails with `InvalidQuery` or `Unsupported`. */
export const prepareQuery = Effect.fnUntraced(function* (
  context: ReadingContext,
  query: LogQuery = {},
) {
  const now = yield* Clock.currentTimeMillis
  return yield* checkedBy(context, () => {
    const checked = checkQuery(query, now)
    return preparedOf(context, planQuery(context.connection, context.source, checked))
  })
})

const preparedOf = (context: ReadingContext, plan: Plan): PreparedQuery => {
  const { connection, source, requests, settings } = context
  const scope = cursorScope(connection, source.name, plan.endpoint.name, plan.query)
  const write = (at: WalkState) => encodeCursor(scope, at)
  const begin = (cursor: Cursor | null | undefined): WalkState =>
    cursor === undefined || cursor === null ? startWalk(plan) : decodeCursor(scope, cursor, plan)

  const page = Effect.fnUntraced(function* (cursor: Cursor | null | undefined) {
    const state = yield* checkedBy(context, () => begin(cursor))
    const ready = yield* inTime(context, withIds(requests, plan, "list"))
    if (ready.isEmpty) return emptyPage(yield* Clock.currentTimeMillis)
    const taken = yield* inTime(context, readPage(requests, ready, state))
    return logPageOf(mapPage(plan, taken, write, requests.clean))
  })

  const pages: PreparedQuery["pages"] = ({
    cursor,
    parallelWindows = 1,
    listedSince: since,
    limit,
  }) =>
    checkedBy(context, () => ({ state: begin(cursor), ...listedSince(plan, since) })).pipe(
      Effect.bind("ready", ({ plan }) => inTime(context, withIds(requests, plan, "list"))),
      Effect.map(({ state, ready: plan, isBelow }) => {
        if (plan.isEmpty) return emptyWalk(() => write(state))
        const read = (of: Plan, at: WalkState) => inTime(context, readPage(requests, of, at))
        const next = (at: WalkState) => read(plan, at)
        const due = pagesDue(plan, limit)
        const side = Math.min(parallelWindows, settings.maxInFlight, due)
        const walked =
          due === 1
            ? readInTurn(state, next)
            : (readParallel(plan, state, side, read) ?? readAhead(state, next))
        const mapped = Stream.map(walked, (taken) => mapPage(plan, taken, write, requests.clean))
        return failingIfAllRejected(requests, mapped, limit).pipe(
          Stream.takeUntil(({ page }) => isBelow(page)),
        )
      }),
      Stream.unwrap,
    )

  return { plan, explain: () => explainPlan(connection, plan), page, pages }
}

type ReadNext = (at: WalkState) => Effect.Effect<TakenPage, AdapterError>

const readInTurn = (start: WalkState, read: ReadNext): Stream.Stream<TakenPage, AdapterError> =>
  Stream.paginate(start, (at: WalkState) =>
    Effect.map(read(at), (taken) => [[taken], Option.fromNullishOr(taken.step.next)] as const),
  )

/** Requests the next page while this one is mapped and used: one ahead, never more. */
const readAhead = (start: WalkState, read: ReadNext): Stream.Stream<TakenPage, AdapterError> =>
  Effect.scope.pipe(
    Effect.map((scope) =>
      Stream.paginate(
        read(start),
        Effect.fnUntraced(function* (pending: Effect.Effect<TakenPage, AdapterError>) {
          const taken = yield* pending
          const { next } = taken.step
          if (next === null) return [[taken], Option.none()] as const
          const fiber = yield* Effect.forkIn(read(next), scope, { startImmediately: true })
          // fetch writes its request only when the event loop turns, which mapping would hold up.
          if (fiber.pollUnsafe() === undefined) yield* Effect.yieldNow
          return [[taken], Option.some(Fiber.join(fiber))] as const
        }),
      ),
    ),
    Stream.unwrap,
  )

/** The one page of a query that no execution can match. */
const emptyWalk = (cursor: () => Cursor): Stream.Stream<WalkPage> =>
  Stream.map(Stream.fromEffect(Clock.currentTimeMillis), (now) => ({
    page: emptyPage(now),
    next: () => null,
    rowOf: () => 0,
    cursorAfter: cursor,
  }))

const emptyPage = (now: number): LogPage => ({
  executions: [],
  itemIds: [],
  rejected: [],
  warnings: [],
  next: null,
  total: 0,
  requestedAt: new Date(now),
  listed: { from: null, to: null },
})
