import * as Schema from "effect/Schema"
import type { Cursor } from "../model/LogPage.js"
import type { Include } from "../model/Execution.js"
import type { Redact } from "../model/Masking.js"
import type { ReportListeners } from "./Reporting.js"
import type { TransportSettings } from "../transport/TransportSettings.js"

/**
 * Which executions of a list are completed by `get`: what failed and of which the list tells no reason,
 * all that have ended, or none.
 */
export const Details = Schema.Literals(["failed", "all", "none"])

/** One of the words of {@link Details}. */
export type Details = typeof Details.Type

/** What a client is made with, beside the connection. */
export interface ConnectionOptions {
  /** Your name for this account, app or server. It is part of every execution and cursor. */
  readonly name?: string | undefined
  /** How requests are made. */
  readonly transport?: TransportSettings | undefined
  /** What to mask in executions and rejected items, which may hold secrets: see `redactPaths`. */
  readonly redact?: Redact | undefined
}

/** Where a stream of pages begins, and how it is read. */
export interface PagesOptions {
  /** Go on where this cursor stands, instead of at the beginning. */
  readonly cursor?: Cursor | null | undefined
  /**
   * How many ranges of listing time are read side by side, never more than `maxInFlight`; 1 where
   * nothing is said. For long histories over a slow line: the order and the promise stay, and up to
   * 16 pages for each wait in memory. Waiting for a turn counts for `deadlineMs`. A list that is not walked by windows, or that is read
   * for less than a page, is read in turn; `explain` tells how it is walked.
   */
  readonly parallelWindows?: number | undefined
  /**
   * End with the page that reaches below this listing time: for what is new since a time up to which
   * all was read. It is no filter, so what stands on that page is given. Where the provider tells no
   * listing time the starts stand in for it. For the newest first only.
   */
  readonly listedSince?: Date | undefined
}

/** Where a stream of executions begins and ends. */
export interface StreamOptions extends PagesOptions, ReportListeners {
  /**
   * Complete by `get` what failed and of which the list tells no reason, or all that has ended: a request
   * for each. Default `"none"`.
   */
  readonly details?: Details | undefined
  /** End after so many executions. */
  readonly limit?: number | undefined
}

/** Which executions of a list are completed, and with what. */
export interface CompleteOptions {
  /** Default `"failed"`. */
  readonly details?: Details | undefined
  /** What to give beside the summary of each, as a list does. */
  readonly include?: ReadonlyArray<Include> | undefined
}

/** What to give of one execution beside all that the provider has. */
export interface GetOptions extends Pick<ReportListeners, "onWarning"> {
  readonly include?: ReadonlyArray<"raw"> | undefined
}
