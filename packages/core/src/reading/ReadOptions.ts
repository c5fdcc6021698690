import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AdapterError } from "../model/AdapterError.js"
import type { Include } from "../model/Execution.js"
import type { Cursor } from "../model/LogPage.js"
import type { Redact } from "../model/Masking.js"
import type { TransportSettings } from "../transport/TransportSettings.js"
import type { ReportListeners } from "./Reporting.js"

/**
 * Which listed executions `get` completes: failed ones whose list gives no reason, all that have
 * ended, or none.
 */
export const Details = Schema.Literals(["failed", "all", "none"])

/** One of the literals of {@link Details}. */
export type Details = typeof Details.Type

/** Options of a client, besides the connection. */
export interface ConnectionOptions {
  /** Your name for this account, app or server. It is part of every execution and cursor. */
  readonly name?: string | undefined
  /** How requests are sent. */
  readonly transport?: TransportSettings | undefined
  /**
   * Selects values to mask in executions and rejected items, which may contain secrets: see `redactPaths`.
   */
  readonly redact?: Redact | undefined
}

/** Where a stream of pages begins, and how it is read. */
export interface PagesOptions {
  /** The cursor at which to resume; by default, reading starts at the beginning. */
  readonly cursor?: Cursor | null | undefined
  /**
   * How many ranges of listing time are read in parallel, at most `maxInFlight`. Default 1. Use it
   * for a long history over a slow connection: order and guarantees stay the same, and up to 16
   * pages per range are buffered. Waiting for a turn counts towards `deadlineMs`. A list that is
   * not walked by windows, or of which less than a page is read, is read sequentially; `explain`
   * says how it is walked.
   */
  readonly parallelWindows?: number | undefined
  /**
   * Stop with the page that reaches below this listing time: to read what is new since an earlier
   * complete read. It is not a filter: all executions on that page are returned. Falls back to the
   * starts if the provider returns no listing time. Requires newest first.
   */
  readonly listedSince?: Date | undefined
}

/** Where a stream of executions begins and ends. */
export interface StreamOptions extends PagesOptions, ReportListeners {
  /**
   * Complete with `get` the failed executions whose list gives no reason, or all that have ended:
   * one request each. Default `"none"`.
   */
  readonly details?: Details | undefined
  /** Stop after this many executions. */
  readonly limit?: number | undefined
}

/** Which listed executions are completed, and with which parts. */
export interface CompleteOptions {
  /** Default `"failed"`. */
  readonly details?: Details | undefined
  /** Parts to return besides the summary of each, as in a list. */
  readonly include?: ReadonlyArray<Include> | undefined
}

/** Additional parts of one execution to return. */
export interface GetOptions extends Pick<ReportListeners, "onWarning"> {
  readonly include?: ReadonlyArray<"raw"> | undefined
}

/** Runs a check that may throw an AdapterError, as an effect that fails with it. */
export const runCheck = <A>(check: () => A): Effect.Effect<A, AdapterError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(check())
    } catch (error) {
      return AdapterError.is(error) ? Effect.fail(error) : Effect.die(error)
    }
  })
