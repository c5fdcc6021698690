import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { guardConnection, failingByFaults } from "../adapter/AdapterGuard.js"
import { connectionOf } from "../adapter/Connection.js"
import type { OpaqueConnection } from "../adapter/OpaqueConnection.js"
import { AdapterError } from "../model/AdapterError.js"
import type { Execution, Include } from "../model/Execution.js"
import type { Json } from "../model/Json.js"
import type { Cursor } from "../model/LogPage.js"
import type { LogQuery } from "../model/LogQuery.js"
import { guardedRedact } from "../model/Masking.js"
import {
  arrayArgument,
  checkArgument,
  checkOptions,
  executionArgument,
  executionsArgument,
  idArgument,
  idsArgument,
  wordOption,
} from "../model/OptionChecks.js"
import { makeRequests } from "../transport/Requests.js"
import type { TransportService } from "../transport/Transport.js"
import { checkPrivacy, checkTransportSettings } from "../transport/TransportSettings.js"
import { serverFingerprint } from "../walk/CursorScope.js"
import { type Complete, completeDetails, completePage, detailsWarning } from "./Details.js"
import { idToGet, makeLookup } from "./ExecutionLookup.js"
import { type WalkPage, entriesOf, logPageOf } from "./MapPage.js"
import { type PreparedQuery, checkedBy, inTime, prepareQuery } from "./PreparedQuery.js"
import { type GetManyOptions, readMany } from "./ReadMany.js"
import { readExecution } from "./ReadOne.js"
import {
  type CompleteOptions,
  type ConnectionOptions,
  Details,
  type GetOptions,
  type PagesOptions,
  type StreamOptions,
} from "./ReadOptions.js"
import { listenersOr, reportPage } from "./Reporting.js"
import { rereadItems } from "./Reread.js"
import { cutAt } from "./WalkLimits.js"

/** The methods that read one connection, except for following it. */
export type Reader = ReturnType<typeof makeReader>

/**
 * Creates the reader of one connection. `transport` replaces that of the environment. Throws
 * `InvalidSettings`.
 */
export const makeReader = (
  given: OpaqueConnection,
  options: ConnectionOptions,
  transport: TransportService | null = null,
) => {
  const contract = connectionOf(given)
  checkOptions("createClient", options)
  const connection = guardConnection(contract)
  const settings = checkTransportSettings(options.transport ?? {})
  checkPrivacy(connection.provider, connection.baseUrl, settings)
  const name = checkName(options.name)
  const requests = makeRequests(connection, name, settings, transport)
  const statuses = [...new Set(Object.values(connection.statuses))]
  const source = {
    provider: connection.provider,
    name,
    statuses: connection.statuses,
    redact: guardedRedact(options.redact),
  }
  const context = { connection, source, requests, settings }

  const lookup = makeLookup(connection, requests, (query, limit) =>
    Effect.map(prepareQuery(context, query), ({ pages }) =>
      Stream.map(pages({ limit }), logPageOf),
    ).pipe(Stream.unwrap),
  )

  const get = Effect.fn("Executions.get")(function* (id: string, options: GetOptions = {}) {
    yield* checkedBy(context, () => {
      checkArgument("get", "id", id, idArgument)
      checkOptions("get", options)
    })
    // Returns every part except `raw`.
    const wanted: ReadonlySet<Include> = new Set([
      ...(["steps", "inputs", "outputs"] as const),
      ...(options.include ?? []),
    ])
    const { onWarning } = listenersOr(options)
    if (lookup.find === null) {
      return yield* inTime(
        context,
        readExecution(connection, requests, source, id, wanted, onWarning),
      )
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
    options: CompleteOptions = {},
  ) {
    const details = yield* checkedBy(context, () => {
      checkArgument("complete", "executions", executions, executionsArgument)
      checkOptions("complete", options)
      return wordOption("details", options.details, "failed", Details.literals)
    })
    const detailsOf = lookup.detailsOf ?? (() => Effect.succeed((id: string) => get(id)))
    return yield* completeDetails(detailsOf, executions, details, options.include)
  })

  const getMany = Effect.fn("Executions.getMany")(function* (
    ids: ReadonlyArray<string>,
    options: GetManyOptions = {},
  ) {
    yield* checkedBy(context, () => {
      checkArgument("getMany", "ids", ids, idsArgument)
      checkOptions("getMany", options)
    })
    const { include = [] } = options
    const { plan } = yield* prepareQuery(context, { include, planned: true })
    const raw = include.includes("raw") ? (["raw"] as const) : []
    const getOne = (id: string) => lookup.find?.(id, include) ?? get(id, { include: raw })
    const many = readMany({ requests, plan, get: getOne }, ids)
    return yield* failingByFaults(many, (error) => requests.fail(error))
  })

  const reread = Effect.fn("Executions.reread")(function* (
    items: ReadonlyArray<Json>,
    query?: LogQuery,
  ) {
    yield* checkedBy(context, () => checkArgument("reread", "items", items, arrayArgument))
    const { plan } = yield* prepareQuery(context, query)
    return yield* inTime(context, rereadItems(requests, plan, items))
  })

  /** The pages of a stream of executions: cut at its limit, completed, and reported. */
  const walk = (
    prepared: PreparedQuery,
    options: StreamOptions = {},
  ): Stream.Stream<WalkPage, AdapterError> =>
    checkedBy(context, () => {
      checkOptions("executions", options)
      const details = wordOption("details", options.details, "none", Details.literals)
      return { limit: options.limit, details, report: listenersOr(options) }
    }).pipe(
      Effect.map(({ limit, details, report }) => {
        const { include } = prepared.plan.query
        const walked = prepared.pages(options)
        const cut = limit === undefined ? walked : cutAt(walked, limit)
        const completed =
          details === "none"
            ? cut
            : Stream.mapEffect(cut, (one) =>
                Effect.map(completePage(complete, one.page, details, include), (page) => ({
                  ...one,
                  page,
                })),
              )
        return Stream.tap(completed, ({ page }) => Effect.sync(() => reportPage(page, report)))
      }),
      Stream.unwrap,
    )

  const reading = (prepared: PreparedQuery) => ({
    executions: (options?: StreamOptions) =>
      elementsOf(walk(prepared, options), ({ page }) => page.executions),
    entries: (options?: StreamOptions) => elementsOf(walk(prepared, options), entriesOf),
    pages: (options: PagesOptions = {}) =>
      Effect.map(
        checkedBy(context, () => checkOptions("pages", options)),
        () => Stream.map(prepared.pages(options), logPageOf),
      ).pipe(Stream.unwrap),
    page: Effect.fn("Executions.page")(function* (cursor?: Cursor | null) {
      return yield* prepared.page(cursor)
    }),
  })

  const preparedReading = (query: LogQuery | undefined) =>
    Effect.map(prepareQuery(context, query), reading)

  return {
    provider: connection.provider,
    name,
    server: serverFingerprint(connection),
    reopens: connection.reopens ?? false,
    statuses,
    prepare: (query?: LogQuery) =>
      Effect.map(prepareQuery(context, query), (prepared) => ({
        plan: prepared.explain(),
        ...reading(prepared),
      })),
    explain: (query?: LogQuery) =>
      Effect.map(prepareQuery(context, query), ({ explain }) => explain()),
    executions: (query?: LogQuery, options?: StreamOptions) =>
      Stream.unwrap(Effect.map(preparedReading(query), ({ executions }) => executions(options))),
    entries: (query?: LogQuery, options?: StreamOptions) =>
      Stream.unwrap(Effect.map(preparedReading(query), ({ entries }) => entries(options))),
    pages: (query?: LogQuery, options?: PagesOptions) =>
      Stream.unwrap(Effect.map(preparedReading(query), ({ pages }) => pages(options))),
    page: (query?: LogQuery, cursor?: Cursor | null) =>
      Effect.flatMap(preparedReading(query), ({ page }) => page(cursor)),
    get,
    getMany,
    complete,
    idToGet: (execution: Pick<Execution, "id" | "attributes">) => {
      checkArgument("idToGet", "execution", execution, executionArgument)
      return idToGet(connection, execution)
    },
    reread,
  }
}

/** The elements of pages. Those of one page are emitted together. */
const elementsOf = <A>(
  pages: Stream.Stream<WalkPage, AdapterError>,
  elements: (page: WalkPage) => ReadonlyArray<A>,
): Stream.Stream<A, AdapterError> =>
  Stream.flattenArray(
    Stream.filter(
      Stream.map(pages, elements),
      (found): found is readonly [A, ...Array<A>] => found.length > 0,
    ),
  )

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
