import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { AdapterError } from "../model/AdapterError.js"
import { placed } from "../model/CallerStack.js"
import type { Cursor } from "../model/LogPage.js"
import { wholeNumberOption } from "../model/OptionChecks.js"
import { checkOptions } from "../model/OptionNames.js"
import { runCheck } from "../reading/CheckedCall.js"
import type { ExecutionsService } from "./Executions.js"
import { getFromOne } from "./GetFromOne.js"
import { decodeLogCursor, type LanePosition } from "./LogCursor.js"
import type { LogReading, MergedPage } from "./LogFace.js"
import { endingBy, listenersFor } from "./LogReports.js"
import { mergedEntries } from "./MergedEntries.js"
import { mergedPages } from "./MergedPages.js"

/** The executions of several connections as one log, as Effects and Streams. */
export interface LogService extends LogReading<"effect"> {}

const defaultPageSize = 100

/**
 * Reads several connections as one log. Throws `InvalidSettings` when there is none, or when two have
 * the same name.
 */
export const makeLog = (connections: ReadonlyArray<ExecutionsService>): LogService => {
  const lanes = connections.map((connection) => ({ connection, label: labelOf(connection) }))
  const labels = lanes.map(({ label }) => label)
  placed(makeLog, () => checkLabels(labels))

  const positionsAt = (cursor: Cursor | null | undefined): ReadonlyArray<LanePosition> =>
    cursor === undefined || cursor === null
      ? labels.map(() => ({ cursor: null, hasEnded: false }))
      : decodeLogCursor(labels, cursor)

  const entries: LogService["entries"] = (query = {}, options = {}) =>
    Effect.map(
      runCheck(() => {
        checkOptions("log.executions", options)
        return positionsAt(options.cursor)
      }),
      (from) => {
        const { cursor: _cursor, ...rest } = options
        const merged = mergedEntries(lanes, from, query, rest)
        return options.limit === undefined ? merged : Stream.take(merged, options.limit)
      },
    ).pipe(Stream.unwrap)

  const pages: LogService["pages"] = ({ pageSize, ...query } = {}, options = {}) =>
    Effect.map(
      runCheck(() => {
        checkOptions("log.pages", options)
        return {
          size: wholeNumberOption("pageSize", pageSize, defaultPageSize, 1),
          from: positionsAt(options.cursor),
        }
      }),
      ({ size, from }) => mergedPages(lanes, from, query, size),
    ).pipe(Stream.unwrap)

  return {
    connections: labels,
    entries,
    executions: (query, options) =>
      Stream.map(entries(query, options), ({ execution }) => execution),
    pages,
    page: (query, cursor) =>
      Stream.runHead(pages(query, { cursor })).pipe(
        // There is at least one.
        Effect.map((page) => (page._tag === "Some" ? page.value : emptyPage)),
      ),
    get: getFromOne(lanes),
    follow: (query, options = {}) =>
      Effect.map(
        runCheck(() => checkOptions("log.follow", options)),
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
  if (labels.length === 0) {
    throw invalidLog("The log has no connections.", "Give createLog at least one client.")
  }
  const twice = labels.find((label, index) => labels.indexOf(label) < index)
  if (twice === undefined) return
  throw invalidLog(
    `Two connections of the log have the same name, ${twice}.`,
    "Give each client a name of its own: createClient(connection, { name }).",
  )
}

const invalidLog = (message: string, hint: string): AdapterError =>
  new AdapterError({
    reason: "InvalidSettings",
    message,
    operation: "settings",
    subject: { kind: "option", name: "name" },
    hint: { code: "correct_setting", text: hint },
  })
