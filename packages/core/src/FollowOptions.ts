import { isCredible } from "./Instant.js"
import { checkQuery, invalidQuery, type LogQuery } from "./LogQuery.js"
import type { ReportListeners } from "./Reporting.js"

/** How executions are followed. All may be left out. */
export interface FollowOptions extends ReportListeners {
  /** Milliseconds from the end of one poll to the beginning of the next. Default 10,000. */
  readonly intervalMs?: number | undefined
  /**
   * What was listed before is the ground from which changes are told, and no change itself. Default:
   * when following begins.
   */
  readonly since?: Date | undefined
  /**
   * How many milliseconds each poll reads back below the latest that is known, for what the provider
   * lists late. Default 600,000: ten minutes.
   */
  readonly lookBackMs?: number | undefined
  /** An execution that has not ended after so many milliseconds is no longer asked for. Default 7 days. */
  readonly staleAfterMs?: number | undefined
}

/** Options that were checked, with the defaults filled in, and the query without its status. */
export interface CheckedFollow {
  readonly intervalMs: number
  readonly since: number
  readonly lookBackMs: number
  readonly staleAfterMs: number
  /** What is asked of the list: what is told of it is filtered by status only then. */
  readonly asked: Omit<LogQuery, "status">
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Checks what is to be followed, and how. Throws `InvalidQuery`. */
export const checkFollow = (
  query: LogQuery,
  options: FollowOptions,
  now: number,
): CheckedFollow => {
  if (checkQuery(query).order !== "newest") {
    throw invalidQuery("Executions are followed with the newest first, and the order is oldest.")
  }
  const { status: _status, ...asked } = query
  const since = instantOf(options.since ?? new Date(now))
  if (!isCredible(since)) {
    throw invalidQuery(`The option since is not a time: ${String(options.since)}.`)
  }
  return {
    intervalMs: wholeNumber("intervalMs", options.intervalMs, 10_000, 1),
    since,
    lookBackMs: wholeNumber("lookBackMs", options.lookBackMs, 10 * minuteMs, 0),
    staleAfterMs: wholeNumber("staleAfterMs", options.staleAfterMs, 7 * dayMs, 0),
    asked,
  }
}

// Anything may be given by plain JavaScript.
const instantOf = (time: unknown): number => (time instanceof Date ? time.getTime() : Number.NaN)

const wholeNumber = (
  name: string,
  given: number | undefined,
  otherwise: number,
  least: number,
): number => {
  const value = given ?? otherwise
  if (Number.isSafeInteger(value) && value >= least) return value
  throw invalidQuery(
    `The option ${name} must be a whole number of at least ${least}, not ${String(given)}.`,
  )
}
