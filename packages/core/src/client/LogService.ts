import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { AdapterError, type Subject } from "../model/AdapterError.js"
import { withCallerStack } from "../model/CallerStack.js"
import type { Cursor } from "../model/LogPage.js"
import { checkQuery, invalidQuery, type LogQuery } from "../model/LogQuery.js"
import { checkArgument, checkOptions, idArgument } from "../model/OptionChecks.js"
import { runCheck } from "../reading/ReadOptions.js"
import type { ExecutionsService } from "./Executions.js"
import { decodeLogCursor, type LanePosition } from "./LogCursor.js"
import type {
  LogGetOptions,
  LogPrepareOptions,
  LogReading,
  MergedPage,
  PreparedLog,
} from "./LogFace.js"
import {
  endingBy,
  type Lane,
  type PreparedLane,
  listenersFor,
  mergedEntries,
  mergedPages,
} from "./MergedReading.js"

/** The executions of several connections as one log, as Effects and Streams. */
export interface LogService extends LogReading<"effect"> {}

const defaultPageSize = 100

/**
 * Reads several connections as one log. Throws `InvalidSettings` when there is none, or when two have
 * the same name.
 */
export const makeLog: (connections: ReadonlyArray<ExecutionsService>) => LogService = (
  connections: ReadonlyArray<ExecutionsService>,
  ...[options]: ReadonlyArray<object>
) =>
  withCallerStack(makeLog, () => {
    checkServices(connections)
    return logOf("connections", connections, options)
  })

/** The log of services, which are the given argument. Throws `InvalidSettings`. */
export const logOf = (
  argument: "connections" | "clients",
  connections: ReadonlyArray<ExecutionsService>,
  options: object | undefined,
): LogService => {
  // It has none: they belong to its methods.
  checkOptions("createLog", options)
  const lanes = connections.map((connection) => ({ connection, label: labelOf(connection) }))
  const labels = lanes.map(({ label }) => label)
  checkLabels(argument, labels)

  const positionsAt = (cursor: Cursor | null | undefined): ReadonlyArray<LanePosition> =>
    cursor === undefined || cursor === null
      ? labels.map(() => ({ cursor: null, hasEnded: false }))
      : decodeLogCursor(labels, cursor)

  const lanesFor = (query: LogQuery): Effect.Effect<ReadonlyArray<PreparedLane>> =>
    Effect.forEach(lanes, (lane) =>
      Effect.map(Effect.result(lane.connection.prepare(query)), (prepared) => ({
        ...lane,
        prepared,
      })),
    )

  /** Plans a query for each connection; one that cannot answer it fails when it is read. */
  const preparedFor = Effect.fnUntraced(function* (query: LogQuery = {}) {
    yield* checkedQuery(query)
    const listed = yield* lanesFor(query)
    // `pageSize` is that of the merged pages, whose executions come from larger ones.
    const { pageSize, ...unsized } = query
    const paged = pageSize === undefined ? listed : yield* lanesFor(unsized)
    const entries: PreparedLog<"effect">["entries"] = (options = {}) =>
      Effect.map(
        runCheck(() => {
          checkOptions("log.executions", options)
          return positionsAt(options.cursor)
        }),
        (from) => {
          const { cursor: _cursor, ...rest } = options
          const merged = mergedEntries(listed, from, query.order, rest)
          return options.limit === undefined ? merged : Stream.take(merged, options.limit)
        },
      ).pipe(Stream.unwrap)
    const pages: PreparedLog<"effect">["pages"] = (options = {}) =>
      Effect.map(
        runCheck(() => {
          checkOptions("log.pages", options)
          return positionsAt(options.cursor)
        }),
        (from) => mergedPages(paged, from, query.order, pageSize ?? defaultPageSize),
      ).pipe(Stream.unwrap)
    return {
      entries,
      executions: (options) => Stream.map(entries(options), ({ execution }) => execution),
      pages,
      page: (cursor) =>
        Stream.runHead(pages({ cursor })).pipe(
          // There is at least one.
          Effect.map((page) => (page._tag === "Some" ? page.value : emptyPage)),
        ),
      plans: listed.flatMap(({ prepared }) =>
        Result.isSuccess(prepared) ? [prepared.success.plan] : [],
      ),
      failures: listed.flatMap(({ prepared }) =>
        Result.isFailure(prepared) ? [prepared.failure] : [],
      ),
    } satisfies PreparedLog<"effect"> & { readonly failures: ReadonlyArray<AdapterError> }
  })

  const prepare = Effect.fnUntraced(function* (query?: LogQuery, options: LogPrepareOptions = {}) {
    yield* runCheck(() => checkOptions("log.prepare", options))
    const { failures, ...prepared } = yield* preparedFor(query)
    for (const failure of failures) yield* endingBy(options.onFailure)(failure)
    return prepared
  })

  return {
    connections: labels,
    prepare,
    entries: (query, options) =>
      Stream.unwrap(Effect.map(preparedFor(query), ({ entries }) => entries(options))),
    executions: (query, options) =>
      Stream.unwrap(Effect.map(preparedFor(query), ({ executions }) => executions(options))),
    pages: (query, options) =>
      Stream.unwrap(Effect.map(preparedFor(query), ({ pages }) => pages(options))),
    page: (query, cursor) => Effect.flatMap(preparedFor(query), ({ page }) => page(cursor)),
    get: getFromOne(lanes),
    follow: (query = {}, options = {}) =>
      Effect.map(
        Effect.andThen(
          runCheck(() => checkOptions("log.follow", options)),
          checkedQuery(query),
        ),
        () => {
          const { onFailure, ...rest } = options
          const followed = connections.map((connection) =>
            connection
              .follow(query, { ...rest, ...listenersFor(connection, options) })
              .pipe(Stream.catch((error) => Stream.fromEffectDrain(endingBy(onFailure)(error)))),
          )
          return Stream.mergeAll(followed, { concurrency: "unbounded" })
        },
      ).pipe(Stream.unwrap),
    explain: (query) => Effect.map(prepare(query), ({ plans }) => plans),
  }
}

/** Reads one execution of several connections: of the one that is named, else of the one that has it. */
const getFromOne = (lanes: ReadonlyArray<Lane>) =>
  Effect.fnUntraced(function* (id: string, given: LogGetOptions = {}) {
    yield* runCheck(() => {
      checkArgument("log.get", "id", id, idArgument)
      checkOptions("log.get", given)
    })
    const { connection: name, ...options } = given
    const asked = lanes.filter(({ label }) => name === undefined || label === name)
    if (asked.length === 0) {
      return yield* invalidQuery(`The log has no connection "${name}".`, {
        subject: { kind: "option", name: "connection" },
        hint: {
          code: "change_name",
          text: `Its connections are ${lanes.map(({ label }) => label).join(", ")}.`,
        },
      })
    }
    const answers = yield* Effect.forEach(
      asked,
      ({ connection, label }) =>
        Effect.map(Effect.result(connection.get(id, options)), (answer) => ({ answer, label })),
      { concurrency: "unbounded" },
    )
    const found = answers.flatMap(({ answer, label }) =>
      Result.isSuccess(answer) ? [{ execution: answer.success, label }] : [],
    )
    const [first, second] = found
    if (second !== undefined) {
      return yield* invalidQuery(
        `Several connections have an execution ${id}: ${found.map(({ label }) => label).join(", ")}.`,
        {
          subject: { kind: "option", name: "connection" },
          hint: { code: "change_name", text: "Name the one you mean with the option connection." },
        },
      )
    }
    const failures = answers.flatMap(({ answer }) =>
      Result.isFailure(answer) ? [answer.failure] : [],
    )
    // One that could not be asked may have it, or may have one of the same id.
    const failure = failures.find((error) => !lacksIt(error))
    if (failure !== undefined) return yield* failure
    if (first !== undefined) return first.execution
    const able = failures.filter(({ reason }) => reason !== "Unsupported")
    const [only] = able.length === 0 ? failures : able
    if (only !== undefined && able.length < 2) return yield* only
    return yield* new AdapterError({
      reason: "NotFound",
      message: `No connection of the log has an execution ${id}.`,
      operation: "get",
      hint: "check_id",
    })
  })

/** Whether a connection is known not to return an execution of this id. */
const lacksIt = ({ reason, subject }: AdapterError): boolean =>
  reason === "NotFound" || reason === "Unsupported" || subject?.kind === "argument"

const emptyPage: MergedPage = {
  executions: [],
  rejected: [],
  warnings: [],
  failures: [],
  next: null,
}

/** Checks a query: what is wrong with it is wrong for all connections. */
const checkedQuery = (query: LogQuery): Effect.Effect<void, AdapterError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    Effect.asVoid(runCheck(() => checkQuery(query, now))),
  )

/** How a connection is named within a log: its name, else its provider. */
const labelOf = ({ name, provider }: Pick<ExecutionsService, "name" | "provider">): string =>
  name ?? provider

/** Checks that the connections of a log can be told apart. Throws `InvalidSettings`. */
const checkLabels = (argument: string, labels: ReadonlyArray<string>): void => {
  if (labels.length === 0) {
    throw invalidLog(
      { kind: "argument", name: argument },
      "The log has no connections.",
      "Give it at least one.",
    )
  }
  const twice = labels.find((label, index) => labels.indexOf(label) < index)
  if (twice === undefined) return
  throw invalidLog(
    { kind: "option", name: "name" },
    `Two connections of the log have the same name, ${twice}.`,
    "Give each client a name of its own: createClient(connection, { name }).",
  )
}

/** Checks that the connections of a log are services. Throws `InvalidSettings`. */
const checkServices = (connections: ReadonlyArray<ExecutionsService>): void => {
  // Plain JavaScript may pass anything.
  const given: unknown = connections
  if (Array.isArray(given) && given.every(isService)) return
  throw invalidLog(
    { kind: "argument", name: "connections" },
    "makeLog takes an array of the services of connections.",
    "makeLog([makeExecutions(connection, { name }), client.effect])",
  )
}

/** Whether a value is the service of a connection, and not a client, which has one. */
const isService = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "complete" in value && !("effect" in value)

/** An `InvalidSettings` error about the connections that a log is made of. */
export const invalidLog = (subject: Subject, message: string, hint: string): AdapterError =>
  new AdapterError({
    reason: "InvalidSettings",
    message,
    operation: "settings",
    subject,
    hint: { code: "correct_setting", text: hint },
  })
