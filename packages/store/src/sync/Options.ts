import { Details, type Include, type Warning, type WarningCode } from "@execlog/core"
import {
  checkOptionNames,
  checkQuery,
  defaultLookBackMs,
  defaultStaleAfterMs,
  instantOption,
  wholeNumberOption,
  wordOption,
} from "@execlog/core/unstable"
import type { SyncProgress } from "./Summary.js"

/** How to sync a connection. */
export interface SyncOptions {
  /**
   * How far back to read the history, by the start of executions. Default: all of it. A later sync reads
   * what is new, and further back if its `since` is earlier.
   */
  readonly since?: Date | undefined
  /** Read the history again, from the newest execution back to `since`. */
  readonly full?: boolean | undefined
  /** Store no history, only executions listed from now on, or since `since`. */
  readonly newOnly?: boolean | undefined
  /** The parts to store beside the summary of each execution. */
  readonly include?: ReadonlyArray<Include> | undefined
  /** How many items to request per page. Default: the provider's maximum. */
  readonly pageSize?: number | undefined
  /** How far to read again below what was read before, for rows listed late. Default: 10 minutes. */
  readonly lookBackMs?: number | undefined
  /** How long an unfinished execution is requested again. Default: 7 days. */
  readonly staleAfterMs?: number | undefined
  /**
   * How long after its end a failed execution is requested again, if the provider may run it again under
   * its id. Default: 7 days; 0 requests none.
   */
  readonly recheckFailedForMs?: number | undefined
  /**
   * Which executions to complete by `get`, with one request each: failed ones whose reason the list omits
   * (the default), all that have ended, or none.
   */
  readonly details?: Details | undefined
  /** Called after each stored page with the progress so far. */
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined
  /** Called with each warning. */
  readonly onWarning?: ((warning: SyncWarning) => void) | undefined
  /** Aborting it stops the sync after the current page. The next sync resumes there. */
  readonly signal?: AbortSignal | undefined
}

/** The codes of a sync's own warnings. */
export type SyncWarningCode =
  /** The machine's clock is behind the last sync. */
  | "clock_set_back"
  /** The connection has another server than at the last sync. */
  | "server_changed"
  /** The last sync cannot be resumed: this one starts over. */
  | "sync_restarted"
  /** Executions are also stored under the name of another connection. */
  | "stored_twice"
  /** Unfinished executions could not be requested. */
  | "not_refreshed"
  /** None of the numbers missing from the list can be read. */
  | "numbers_unreadable"
  /** A joined row could not be read; its executions are stored without it. */
  | "joined_rows_rejected"
  /** Items rejected earlier could not be decoded again. */
  | "reread_failed"
  /** More items were rejected than the store keeps. */
  | "rejected_forgotten"

/** A warning of a sync. */
export type SyncWarning = Warning<WarningCode | SyncWarningCode>

/** Checked options, with defaults filled in. */
export interface CheckedSync {
  /** In milliseconds; null if not set. */
  readonly since: number | null
  readonly full: boolean
  readonly newOnly: boolean
  readonly include: ReadonlyArray<Include>
  /** Null for the provider's maximum. */
  readonly pageSize: number | null
  readonly lookBackMs: number
  readonly staleAfterMs: number
  readonly recheckFailedForMs: number
  readonly details: Details
}

const sevenDays = 7 * 24 * 60 * 60_000

const names = [
  "since",
  "full",
  "newOnly",
  "include",
  "pageSize",
  "lookBackMs",
  "staleAfterMs",
  "recheckFailedForMs",
  "details",
  "onProgress",
  "onWarning",
  "signal",
] as const satisfies ReadonlyArray<keyof SyncOptions>

/** Checks the options of a sync. Throws `InvalidQuery`. */
export const checkSync = (options: SyncOptions): CheckedSync => {
  checkOptionNames("sync", options, names)
  const { since, full, newOnly, lookBackMs, staleAfterMs, recheckFailedForMs, details } = options
  const { include, pageSize } = checkQuery(
    { include: options.include, pageSize: options.pageSize },
    0,
  )
  return {
    since: since === undefined ? null : instantOption("since", since),
    full: full === true,
    newOnly: newOnly === true,
    include,
    pageSize,
    lookBackMs: wholeNumberOption("lookBackMs", lookBackMs, defaultLookBackMs, 0),
    staleAfterMs: wholeNumberOption("staleAfterMs", staleAfterMs, defaultStaleAfterMs, 0),
    recheckFailedForMs: wholeNumberOption("recheckFailedForMs", recheckFailedForMs, sevenDays, 0),
    details: wordOption("details", details, "failed", Details.literals),
  }
}
