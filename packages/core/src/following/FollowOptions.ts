import { partOfQuery } from "../model/AdapterError.js"
import { type CheckedQuery, checkQuery, invalidQuery, type LogQuery } from "../model/LogQuery.js"
import { checkOptions, wordOption } from "../model/OptionChecks.js"
import { Details } from "../reading/ReadOptions.js"
import type { ReportListeners } from "../reading/Reporting.js"

/** Options of `follow`; all are optional. */
export interface FollowOptions extends ReportListeners {
  /** Milliseconds from the end of one poll to the beginning of the next. Default 10,000. */
  readonly intervalMs?: number | undefined
  /**
   * The baseline: executions listed before this time are not reported until they change. Default: when
   * following begins.
   */
  readonly since?: Date | undefined
  /**
   * How many milliseconds each poll reads back below the latest known execution, for executions
   * that are listed late. Default 600,000: ten minutes.
   */
  readonly lookBackMs?: number | undefined
  /**
   * An execution that has not ended after this many milliseconds is no longer requested. Default 7
   * days.
   */
  readonly staleAfterMs?: number | undefined
  /**
   * Which reported executions `get` completes first. Default `"failed"`: failed executions whose
   * list gives no reason.
   */
  readonly details?: Details | undefined
}

/** Checked options with defaults filled in, and the query in two forms. */
export interface CheckedFollow {
  readonly intervalMs: number
  readonly since: number
  readonly lookBackMs: number
  readonly staleAfterMs: number
  readonly details: Details
  /** The query of the list: without {@link changingFilters}. */
  readonly listQuery: Omit<LogQuery, (typeof changingFilters)[number]>
  /** The whole query: what is reported. */
  readonly reportQuery: CheckedQuery
}

/**
 * Filters by what changes while an execution runs. They are applied to what is reported and not to what
 * is read, so that no end is missed.
 */
export const changingFilters = ["status", "providerStatus", "attributes"] as const

/** How far each poll reads back for executions that are listed late: ten minutes. */
export const defaultLookBackMs = 10 * 60_000

/** How long an unfinished execution is requested: seven days. */
export const defaultStaleAfterMs = 7 * 24 * 60 * 60_000

/** Checks the query and options of `follow`. Throws `InvalidQuery`. */
export const checkFollow = (
  query: LogQuery,
  options: FollowOptions,
  now: number,
): CheckedFollow => {
  checkOptions("follow", options)
  const reportQuery = checkQuery(query, now)
  if (reportQuery.order !== "newest") {
    throw invalidQuery("Following requires the newest first, but the order is oldest.", {
      subject: partOfQuery("order"),
    })
  }
  const { status: _status, providerStatus: _word, attributes: _attributes, ...listQuery } = query
  return {
    intervalMs: options.intervalMs ?? 10_000,
    since: options.since?.getTime() ?? now,
    lookBackMs: options.lookBackMs ?? defaultLookBackMs,
    staleAfterMs: options.staleAfterMs ?? defaultStaleAfterMs,
    details: wordOption("details", options.details, "failed", Details.literals),
    listQuery,
    reportQuery,
  }
}
