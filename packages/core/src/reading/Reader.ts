import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { AdapterError } from "../model/AdapterError.js"
import { failingByFaults, guardConnection } from "../adapter/AdapterGuard.js"
import { checking } from "./CheckedCall.js"
import { type Connection, checkConnection } from "../adapter/Connection.js"
import { decodeCursor, encodeCursor } from "../walk/Cursor.js"
import { cursorScope, serverFingerprint } from "../walk/CursorScope.js"
import type { Cursor, LogPage } from "../model/LogPage.js"
import { type Complete, completeDetails, completePage, detailsWarning } from "./Details.js"
import { type Execution, type ExecutionStatus, type Include } from "../model/Execution.js"
import { idToGet, makeLookup } from "./ExecutionLookup.js"
import { checkRedact } from "../model/Masking.js"
import { readExecution } from "./ReadOne.js"
import type { Json } from "../model/Json.js"
import type { Deadline } from "../transport/Deadline.js"
import { cutAt, failingIfUnreadable, pagesDue } from "./LimitedWalk.js"
import { listedSince } from "./ListedSince.js"
import { type LogQuery, checkQuery } from "../model/LogQuery.js"
import { readParallel } from "./parallel/ReadParallel.js"
import type { GotMany } from "./AskingOneByOne.js"
import { type GetManyOptions, readMany } from "./ReadMany.js"
import { type TakenPage, type WalkPage, logPageOf, mapPage } from "./MapPage.js"
import { readPage } from "./ReadPage.js"
import { wholeNumberOption } from "../model/OptionChecks.js"
import { checkOptionNames, type Method } from "../model/OptionNames.js"
import { type Plan, planQuery } from "../walk/Plan.js"
import { explainPlan, type QueryPlan } from "../walk/QueryPlan.js"
import type {
  CompleteOptions,
  ConnectionOptions,
  GetOptions,
  PagesOptions,
  StreamOptions,
} from "./ReadOptions.js"
import { listenersOr, reportPage } from "./Reporting.js"
import { makeRequests } from "../transport/Requests.js"
import { type Reread, rereadItems } from "./Reread.js"
import { checkPrivacy, checkTransportSettings } from "../transport/TransportSettings.js"
import { startWalk, type WalkState } from "../walk/WalkState.js"

/** What reads one connection: the ground of the service and of the promise client. */
export interface Reader {
  /** The adapter's id. */
  readonly provider: string
  /** The connection's name; null when it has none. */
  readonly name: string | null
  /**
   * A fingerprint of the base URL and the settings that determine what is read there, none of them
   * secret.
   */
  readonly server: string
  /** One page: the first, or the one at a cursor. */
  readonly page: (query?: LogQuery, cursor?: Cursor | null) => Effect.Effect<LogPage, AdapterError>
  /** All pages. The next one is fetched while one is processed. */
  readonly pages: (query?: LogQuery, options?: PagesOptions) => Stream.Stream<LogPage, AdapterError>
  /** One execution with everything that the provider has about it; `raw` only if requested. */
  readonly get: (id: string, options?: GetOptions) => Effect.Effect<Execution, AdapterError>
  /** Executions by their ids, in as few requests as the provider allows. */
  readonly getMany: (
    ids: ReadonlyArray<string>,
    options?: GetManyOptions,
  ) => Effect.Effect<GotMany, AdapterError>
  /**
   * Completes listed executions with data from `get`, or from the log of their workflow if no
   * endpoint returns one by its id. One that cannot be completed stays unchanged.
   */
  readonly complete: Complete
  /** The id to pass to `get` for a listed execution; null if the list contains none. */
  readonly idToGet: (execution: Pick<Execution, "id" | "attributes">) => string | null
  /** Whether a finished execution may run again under the same id. */
  readonly reopens: boolean
  /** The statuses that the provider has words for. */
  readonly statuses: ReadonlyArray<ExecutionStatus>
  /** How a query will be answered, without a request to the provider. */
  readonly explain: (query?: LogQuery) => Effect.Effect<QueryPlan, AdapterError>
  /**
   * Decodes rejected items again, for example after a fix to the adapter, without requesting them.
   * Rows of joined endpoints are requested.
   */
  readonly reread: (
    items: ReadonlyArray<Json>,
    query?: LogQuery,
  ) => Effect.Effect<ReadonlyArray<Reread>, AdapterError>
  /** Pages for a stream of executions: cut at its limit, with what they report told. */
  readonly walk: (
    query?: LogQuery,
    options?: StreamOptions,
  ) => Stream.Stream<WalkPage, AdapterError>
}

/** The reader of one connection. Throws `InvalidSettings`. */
export const makeReader = (given: Connection, options: ConnectionOptions): Reader => {
  checkConnection(given)
  checkOptionNames("createClient", options)
  const connection = guardConnection(given)
  const settings = checkTransportSettings(options.transport ?? {})
  checkPrivacy(connection.provider, connection.baseUrl, settings)
  const name = checkName(options.name)
  const requests = makeRequests(connection, name, settings)
  const source = {
    provider: connection.provider,
    name,
    statuses: connection.statuses,
    redact: checkRedact(options.redact),
  }

  const prepare = Effect.fnUntraced(function* (query: LogQuery = {}, cursor?: Cursor | null) {
    const now = yield* Clock.currentTimeMillis
    return yield* checking(() => {
      const checked = checkQuery(query, now)
      const plan = planQuery(connection, source, checked)
      const scope = cursorScope(connection, name, plan.endpoint.name, checked)
      const state =
        cursor === undefined || cursor === null
          ? startWalk(plan)
          : decodeCursor(scope, cursor, plan)
      const write = (at: WalkState) => encodeCursor(scope, at)
      return { plan, state, write }
    }).pipe(Effect.mapError((error) => requests.fail(error)))
  })

  const inTime = <A>(
    effect: Effect.Effect<A, AdapterError, Deadline>,
  ): Effect.Effect<A, AdapterError> =>
    failingByFaults(requests.withDeadline(effect), (error) => requests.fail(error))

  const read = Effect.fnUntraced(function* (plan: Plan, start: WalkState) {
    return yield* inTime(readPage(requests, plan, start))
  })

  const page = Effect.fn("Executions.page")(function* (query?: LogQuery, cursor?: Cursor | null) {
    const { plan, state, write } = yield* prepare(query, cursor)
    if (plan.isEmpty) return emptyPage(yield* Clock.currentTimeMillis)
    const taken = yield* read(plan, state)
    return logPageOf(mapPage(plan, taken, write, requests.clean))
  })

  const checkOptions = (method: Method, options: object): Effect.Effect<void, AdapterError> =>
    Effect.mapError(
      checking(() => checkOptionNames(method, options)),
      (error) => requests.fail(error),
    )

  const checkCount = (name: string, count: number | undefined): Effect.Effect<void, AdapterError> =>
    Effect.mapError(
      checking(() => void wholeNumberOption(name, count, 1, 1)),
      (error) => requests.fail(error),
    )

  const walkPages = (
    query: LogQuery | undefined,
    options: StreamOptions,
  ): Stream.Stream<WalkPage, AdapterError> =>
    Effect.andThen(checkCount("parallelWindows", options.parallelWindows), () =>
      prepare(query, options.cursor),
    ).pipe(
      Effect.andThen((prepared) =>
        Effect.mapError(
          checking(() => ({ ...prepared, ...listedSince(prepared.plan, options.listedSince) })),
          (error) => requests.fail(error),
        ),
      ),
      Effect.map(({ plan, state, write, isBelow }) => {
        if (plan.isEmpty)
          return Stream.map(Stream.fromEffect(Clock.currentTimeMillis), (now): WalkPage => ({
            page: emptyPage(now),
            next: () => null,
            rowOf: () => 0,
            cursorAfter: () => write(state),
          }))
        const next = (at: WalkState) => read(plan, at)
        const due = pagesDue(plan, options.limit)
        const side = Math.min(options.parallelWindows ?? 1, settings.maxInFlight, due)
        const walked =
          due === 1
            ? readInTurn(state, next)
            : (readParallel(plan, state, side, read) ?? readAhead(state, next))
        const mapped = Stream.map(walked, (taken) => mapPage(plan, taken, write, requests.clean))
        return failingIfUnreadable(requests, mapped, options.limit).pipe(
          Stream.takeUntil(({ page }) => isBelow(page)),
        )
      }),
      Stream.unwrap,
    )

  const pages = (query?: LogQuery, options: PagesOptions = {}) =>
    Effect.map(checkOptions("pages", options), () =>
      Stream.map(walkPages(query, options), logPageOf),
    ).pipe(Stream.unwrap)

  const lookup = makeLookup(connection, requests, (query, limit) =>
    Stream.map(walkPages(query, { limit }), logPageOf),
  )

  const get = Effect.fn("Executions.get")(function* (id: string, options: GetOptions = {}) {
    yield* checkOptions("get", options)
    // All that it gives is given, but for what the provider sent.
    const wanted: ReadonlySet<Include> = new Set([
      ...(["steps", "inputs", "outputs"] as const),
      ...(options.include ?? []),
    ])
    const { onWarning } = listenersOr(options)
    if (lookup.find === null) {
      return yield* inTime(readExecution(connection, requests, source, id, wanted, onWarning))
    }
    const found = yield* lookup.find(id, options.include ?? [])
    const { executions, incomplete } = yield* complete([found], {
      details: "all",
      include: lookup.logParts,
    })
    const warning = detailsWarning(incomplete)
    if (warning !== null) onWarning(warning)
    return executions[0] ?? found
  })

  const complete: Complete = Effect.fn("Executions.complete")(function* (
    executions: ReadonlyArray<Execution>,
    { details = "failed", include = [] }: CompleteOptions = {},
  ) {
    const detailsOf = lookup.detailsOf ?? (() => Effect.succeed((id: string) => get(id)))
    return yield* completeDetails(detailsOf, executions, details, include)
  })

  const walk = (
    query?: LogQuery,
    options: StreamOptions = {},
  ): Stream.Stream<WalkPage, AdapterError> => {
    const { limit, details = "none" } = options
    const walked = walkPages(query, options)
    const cut = limit === undefined ? walked : cutAt(walked, limit)
    const given =
      details === "none"
        ? cut
        : Stream.mapEffect(cut, (one) =>
            Effect.map(completePage(complete, one.page, details, query?.include), (page) => ({
              ...one,
              page,
            })),
          )
    return Effect.map(
      Effect.andThen(checkOptions("executions", options), checkCount("limit", limit)),
      () => {
        const report = listenersOr(options)
        return Stream.tap(given, ({ page }) => Effect.sync(() => reportPage(page, report)))
      },
    ).pipe(Stream.unwrap)
  }

  const getMany = Effect.fn("Executions.getMany")(function* (
    ids: ReadonlyArray<string>,
    options: GetManyOptions = {},
  ) {
    yield* checkOptions("getMany", options)
    const { include = [] } = options
    const { plan } = yield* prepare({ include, planned: true })
    const raw = include.includes("raw") ? (["raw"] as const) : []
    const getOne = (id: string) => lookup.find?.(id, include) ?? get(id, { include: raw })
    const many = readMany({ requests, plan, get: getOne }, ids)
    return yield* failingByFaults(many, (error) => requests.fail(error))
  })

  const explain = Effect.fn("Executions.explain")(function* (query?: LogQuery) {
    const { plan } = yield* prepare(query)
    return explainPlan(connection, plan)
  })

  const reread = Effect.fn("Executions.reread")(function* (
    items: ReadonlyArray<Json>,
    query?: LogQuery,
  ) {
    const { plan } = yield* prepare(query)
    return yield* inTime(rereadItems(requests, plan, items))
  })

  const server = serverFingerprint(connection)
  const { provider, reopens = false } = connection
  const statuses = [...new Set(Object.values(connection.statuses))]
  return {
    provider,
    name,
    server,
    reopens,
    statuses,
    page,
    pages,
    walk,
    get,
    getMany,
    complete,
    idToGet: (execution) => idToGet(connection, execution),
    explain,
    reread,
  }
}

type ReadNext = (at: WalkState) => Effect.Effect<TakenPage, AdapterError>

const readInTurn = (start: WalkState, read: ReadNext): Stream.Stream<TakenPage, AdapterError> =>
  Stream.paginate(start, (at: WalkState) =>
    Effect.map(read(at), (taken) => [[taken], Option.fromNullishOr(taken.step.next)] as const),
  )

/** The next page travels while this one is mapped and used: one ahead, and never more. */
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

const checkName = (name: string | undefined): string | null => {
  if (name === undefined) return null
  if (name !== "") return name
  throw new AdapterError({
    reason: "InvalidSettings",
    message: "The name of the connection is empty.",
    operation: "settings",
    subject: { kind: "option", name: "name" },
    hint: { code: "correct_setting", text: "Leave the name out, or give one." },
  })
}
