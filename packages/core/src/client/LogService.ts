import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { AdapterError } from "../model/AdapterError.js"
import type { Cursor } from "../model/LogPage.js"
import type { LogQuery } from "../model/LogQuery.js"
import { wholeNumberOption } from "../model/OptionChecks.js"
import { checking } from "../reading/CheckedCall.js"
import type { Entry } from "../reading/MapPage.js"
import type { ExecutionsService } from "./Executions.js"
import { getFromOne } from "./GetFromOne.js"
import type { LogReading, LogStreamOptions, MergedPage } from "./LogFace.js"
import { decodeLogCursor, encodeLogCursor, type LanePosition } from "./LogCursor.js"
import { collectReports, endingBy, listenersFor } from "./LogReports.js"
import { mergeEntries, type Reached } from "./Merge.js"

/** The executions of several connections as one log, as Effects and Streams. */
export interface LogService extends LogReading<"effect"> {}

const defaultPageSize = 100

const start: LanePosition = { cursor: null, hasEnded: false }

/** What stands after the last execution. */
const end = Symbol("end")

/**
 * Reads several connections as one log. Throws `InvalidSettings` when there is none, or when two have
 * the same name.
 */
export const makeLog = (connections: ReadonlyArray<ExecutionsService>): LogService => {
  const labels = connections.map(labelOf)
  checkLabels(labels)

  const positionsAt = (cursor: Cursor | null | undefined): ReadonlyArray<LanePosition> =>
    cursor === undefined || cursor === null
      ? labels.map(() => start)
      : decodeLogCursor(labels, cursor)

  const mergedFrom = (
    from: ReadonlyArray<LanePosition>,
    query: LogQuery,
    { onFailure, cursor: _cursor, ...options }: LogStreamOptions,
  ): Stream.Stream<Entry, AdapterError> => {
    const cursorAfter = (reached: ReadonlyArray<Reached>) =>
      encodeLogCursor(
        labels,
        from.map((position, index) => {
          const { last = null, hasEnded = false } = reached[index] ?? {}
          return {
            cursor: last === null ? position.cursor : last.cursor(),
            hasEnded: position.hasEnded || hasEnded,
          }
        }),
      )
    const sources = connections.map((connection, index) => {
      const { cursor, hasEnded } = from[index] ?? start
      return {
        onFailure: endingBy(onFailure),
        entries: hasEnded
          ? Stream.empty
          : connection.entries(query, {
              ...options,
              ...listenersFor(connection, options),
              cursor,
            }),
      }
    })
    return Stream.map(mergeEntries(sources, query.order), ({ execution, reached }) => ({
      execution,
      cursor: () => cursorAfter(reached),
    }))
  }

  const entries = (
    query: LogQuery = {},
    options: LogStreamOptions = {},
  ): Stream.Stream<Entry, AdapterError> =>
    Effect.map(
      checking(() => positionsAt(options.cursor)),
      (from) => {
        const merged = mergedFrom(from, query, options)
        return options.limit === undefined ? merged : Stream.take(merged, options.limit)
      },
    ).pipe(Stream.unwrap)

  const pages = (
    { pageSize, ...query }: LogQuery = {},
    { cursor, ...options }: { readonly cursor?: Cursor | null | undefined } = {},
  ): Stream.Stream<MergedPage, AdapterError> =>
    Effect.map(
      checking(() => ({
        size: wholeNumberOption("pageSize", pageSize, defaultPageSize, 1),
        from: positionsAt(cursor),
      })),
      ({ size, from }) => {
        const reports = collectReports()
        const due = from.filter(({ hasEnded }) => !hasEnded).length
        let next = () => encodeLogCursor(labels, from)
        return mergedFrom(from, query, { ...options, ...reports.listeners }).pipe(
          Stream.concat(Stream.succeed(end)),
          Stream.rechunk(size),
          Stream.chunks,
          Stream.mapEffect((found) => {
            const given = found.filter((one) => one !== end)
            const isLast = given.length < found.length
            next = given.at(-1)?.cursor ?? next
            const { failed } = reports
            const [failure] = failed
            if (isLast && failure !== undefined && failed.length === due) {
              return Effect.fail(failure)
            }
            return Effect.succeed({
              executions: given.map(({ execution }) => execution),
              ...reports.take(),
              next: isLast && failure === undefined ? null : next(),
            })
          }),
        )
      },
    ).pipe(Stream.unwrap)

  return {
    connections: labels,
    entries,
    executions: (query, options) =>
      Stream.map(entries(query, options), ({ execution }) => execution),
    pages,
    page: (query, cursor) =>
      Stream.runHead(pages(query, { cursor })).pipe(
        // A log of pages holds one at least.
        Effect.map((page) => (page._tag === "Some" ? page.value : emptyPage)),
      ),
    get: getFromOne(connections, labels),
    follow: (query, { onFailure, ...options } = {}) =>
      Stream.mergeAll(
        connections.map((connection) =>
          connection
            .follow(query, { ...options, ...listenersFor(connection, options) })
            .pipe(Stream.catch((error) => Stream.fromEffectDrain(endingBy(onFailure)(error)))),
        ),
        { concurrency: "unbounded" },
      ),
    explain: (query) => Effect.forEach(connections, (connection) => connection.explain(query)),
  }
}

const emptyPage: MergedPage = {
  executions: [],
  rejected: [],
  warnings: [],
  failures: [],
  next: null,
}

/** How a connection is named within a log: its name, else its provider. */
const labelOf = ({ name, provider }: Pick<ExecutionsService, "name" | "provider">): string =>
  name ?? provider

/** Checks that the connections of a log can be told apart. Throws `InvalidSettings`. */
const checkLabels = (labels: ReadonlyArray<string>): void => {
  const twice = labels.find((label, index) => labels.indexOf(label) < index)
  if (labels.length > 0 && twice === undefined) return
  throw new AdapterError({
    reason: "InvalidSettings",
    message:
      twice === undefined
        ? "The log has no connections."
        : `Two connections of the log have the same name, ${twice}.`,
    operation: "settings",
    subject: { kind: "option", name: "name" },
    hint: {
      code: "correct_setting",
      text:
        twice === undefined
          ? "Give createLog at least one client."
          : "Give each client a name of its own: createClient(connection, { name }).",
    },
  })
}
