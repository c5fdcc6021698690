import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { AdapterError } from "../model/AdapterError.js"
import type { Rejected } from "../model/LogPage.js"
import type { Order } from "../model/LogQuery.js"
import type { Warning } from "../model/Warning.js"
import type { Entry } from "../reading/MapPage.js"
import { type Report, listenersOr } from "../reading/Reporting.js"
import type { ExecutionsService } from "./Executions.js"
import type { PreparedQuery } from "./Face.js"
import { encodeLogCursor, type LanePosition } from "./LogCursor.js"
import type { ConnectionName, LogListeners, LogStreamOptions, MergedPage } from "./LogFace.js"
import { mergeEntries, type Reached } from "./Merge.js"

/** A connection of a log. */
export interface Lane {
  readonly connection: ExecutionsService
  /** How it is named within the log. */
  readonly label: string
}

/** A connection of a log with a query that was planned for it, or the reason why it was not. */
export interface PreparedLane extends Lane {
  readonly prepared: Result.Result<PreparedQuery<"effect">, AdapterError>
}

/** The entries of all connections from their positions on; each cursor resumes all of them. */
export const mergedEntries = (
  lanes: ReadonlyArray<PreparedLane>,
  from: ReadonlyArray<LanePosition>,
  order: Order | undefined,
  { onFailure, ...options }: Omit<LogStreamOptions, "cursor">,
): Stream.Stream<Entry, AdapterError> => {
  const labels = lanes.map(({ label }) => label)
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
  const sources = lanes.map(({ connection, prepared }, index) => {
    const { cursor = null, hasEnded = false } = from[index] ?? {}
    return {
      onFailure: endingBy(onFailure),
      entries: hasEnded
        ? Stream.empty
        : Result.isFailure(prepared)
          ? Stream.fail(prepared.failure)
          : prepared.success.entries({ ...options, ...listenersFor(connection, options), cursor }),
    }
  })
  return Stream.map(mergeEntries(sources, order), ({ execution, reached }) => ({
    execution,
    cursor: () => cursorAfter(reached),
  }))
}

/** Follows the last execution. */
const end = Symbol("end")

/**
 * The entries of all connections in pages, at least one. A connection that fails is reported on the next
 * page; the stream fails at its end when all of them did.
 */
export const mergedPages = (
  lanes: ReadonlyArray<PreparedLane>,
  from: ReadonlyArray<LanePosition>,
  order: Order | undefined,
  size: number,
): Stream.Stream<MergedPage, AdapterError> => {
  const reports = collectReports()
  const due = from.filter(({ hasEnded }) => !hasEnded).length
  const labels = lanes.map(({ label }) => label)
  let next = () => encodeLogCursor(labels, from)
  return mergedEntries(lanes, from, order, reports.listeners).pipe(
    Stream.concat(Stream.succeed(end)),
    Stream.rechunk(size),
    Stream.chunks,
    Stream.mapEffect((found) => {
      const given = found.filter((one) => one !== end)
      const isLast = given.length < found.length
      next = given.at(-1)?.cursor ?? next
      const { failed } = reports
      const [failure] = failed
      if (isLast && failure !== undefined && failed.length === due) return Effect.fail(failure)
      return Effect.succeed({
        executions: given.map(({ execution }) => execution),
        ...reports.take(),
        next: isLast && failure === undefined ? null : next(),
      })
    }),
  )
}

/** The listeners of one connection of a log. */
export const listenersFor = (
  { provider, name: connection }: Pick<ExecutionsService, "provider" | "name">,
  { onRejected, onWarning }: LogListeners,
): Report => {
  const otherwise = listenersOr({ onRejected })
  return {
    onRejected: otherwise.onRejected,
    onWarning: (warning) => {
      if (onWarning !== undefined) return onWarning(warning, { provider, connection })
      // On stderr, only the text can say which connection it is about.
      otherwise.onWarning({ ...warning, text: `${connection ?? provider}: ${warning.text}` })
    },
  }
}

/** Ends one connection of a log by its failure, if somebody is told of it, else the whole log. */
export const endingBy =
  (onFailure: LogListeners["onFailure"]) =>
  (error: AdapterError): Effect.Effect<void, AdapterError> =>
    onFailure === undefined ? Effect.fail(error) : Effect.sync(() => onFailure(error))

/** Collects what is reported between two pages. */
const collectReports = () => {
  let rejected: Array<Rejected> = []
  let warnings: Array<Warning & ConnectionName> = []
  let failures: Array<AdapterError> = []
  const failed: Array<AdapterError> = []
  return {
    listeners: {
      onRejected: (one: Rejected) => void rejected.push(one),
      onWarning: (warning: Warning, about: ConnectionName) =>
        void warnings.push({ ...warning, ...about }),
      onFailure: (error: AdapterError) => {
        failures.push(error)
        failed.push(error)
      },
    },
    /** All failures so far. */
    failed,
    take: (): Pick<MergedPage, "rejected" | "warnings" | "failures"> => {
      const taken = { rejected, warnings, failures }
      rejected = []
      warnings = []
      failures = []
      return taken
    },
  }
}
