import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AdapterError } from "../model/AdapterError.js"
import type { LogQuery } from "../model/LogQuery.js"
import { encodeLogCursor, type LanePosition } from "./LogCursor.js"
import type { MergedPage } from "./LogFace.js"
import { collectReports } from "./LogReports.js"
import { type Lane, mergedEntries } from "./MergedEntries.js"

/** The position after the last execution. */
const end = Symbol("end")

/**
 * The entries of all connections in pages, at least one. A connection that fails is reported on the next
 * page; the stream fails at its end when all of them did.
 */
export const mergedPages = (
  lanes: ReadonlyArray<Lane>,
  from: ReadonlyArray<LanePosition>,
  query: LogQuery,
  size: number,
): Stream.Stream<MergedPage, AdapterError> => {
  const reports = collectReports()
  const due = from.filter(({ hasEnded }) => !hasEnded).length
  const labels = lanes.map(({ label }) => label)
  let next = () => encodeLogCursor(labels, from)
  return mergedEntries(lanes, from, query, reports.listeners).pipe(
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
