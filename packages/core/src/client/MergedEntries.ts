import * as Stream from "effect/Stream"
import type { AdapterError } from "../model/AdapterError.js"
import type { LogQuery } from "../model/LogQuery.js"
import type { Entry } from "../reading/MapPage.js"
import type { ExecutionsService } from "./Executions.js"
import { encodeLogCursor, type LanePosition } from "./LogCursor.js"
import type { LogStreamOptions } from "./LogFace.js"
import { endingBy, listenersFor } from "./LogReports.js"
import { mergeEntries, type Reached } from "./Merge.js"

/** A connection of a log. */
export interface Lane {
  readonly connection: ExecutionsService
  /** How it is named within the log. */
  readonly label: string
}

/** The entries of all connections from their positions on; each cursor resumes all of them. */
export const mergedEntries = (
  lanes: ReadonlyArray<Lane>,
  from: ReadonlyArray<LanePosition>,
  query: LogQuery,
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
  const sources = lanes.map(({ connection }, index) => {
    const { cursor = null, hasEnded = false } = from[index] ?? {}
    return {
      onFailure: endingBy(onFailure),
      entries: hasEnded
        ? Stream.empty
        : connection.entries(query, { ...options, ...listenersFor(connection, options), cursor }),
    }
  })
  return Stream.map(mergeEntries(sources, query.order), ({ execution, reached }) => ({
    execution,
    cursor: () => cursorAfter(reached),
  }))
}
