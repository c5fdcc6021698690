import { AdapterError, Details, type Include, type Warning, type WarningCode } from "@execlog/core"
import {
  checkOptionNames,
  checkQuery,
  defaultLookBackMs,
  defaultStaleAfterMs,
  instantOption,
  wholeNumberOption,
} from "@execlog/core/unstable"
import * as Schema from "effect/Schema"
import type { SyncProgress } from "./Summary.js"

/** How a connection is synced. */
export interface SyncOptions {
  /**
   * How far back the history is read, by the start of its executions; the whole of it where nothing
   * is said. A later sync goes on from what was read before, and back to here where that is earlier.
   */
  readonly since?: Date | undefined
  /** Read the history again, from the newest back to `since`. */
  readonly full?: boolean | undefined
  /** Keep no history: only what is listed from now on, or what was listed since `since`. */
  readonly newOnly?: boolean | undefined
  /** What to keep beside the summary of each execution. */
  readonly include?: ReadonlyArray<Include> | undefined
  /** How many items to ask for in one request; the provider's maximum is the default. */
  readonly pageSize?: number | undefined
  /** How far below what was read before listing is read again, for rows that appear late; 10 minutes. */
  readonly lookBackMs?: number | undefined
  /** How long an execution may be unfinished before it is asked for no more; 7 days. */
  readonly staleAfterMs?: number | undefined
  /**
   * How long after its end what failed is asked for again, where the provider may run it again under its
   * id; 7 days. 0 asks for none.
   */
  readonly recheckFailedForMs?: number | undefined
  /**
   * Which executions are completed by `get`, a request each: those that failed and of which the list tells
   * no reason (the default), all that have ended, or none.
   */
  readonly details?: Details | undefined
  /** Is told how far it has come, after each page that was kept. */
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined
  /** Is told of each warning. */
  readonly onWarning?: ((warning: SyncWarning) => void) | undefined
  /** Aborting it ends the sync after the page in hand. The next one goes on there. */
  readonly signal?: AbortSignal | undefined
}

/** What a sync warns of, beside what reading a log does. */
export type SyncWarningCode =
  /** The clock of the machine is behind that of the last sync. */
  | "clock_set_back"
  /** The connection leads to another server than at the last sync. */
  | "server_changed"
  /** The last sync cannot be resumed: this one starts over. */
  | "sync_restarted"
  /** Executions are kept under the name of another connection too. */
  | "kept_twice"
  /** What had not ended could not be asked for. */
  | "unfinished_unasked"
  /** None of the numbers that the list leaves out can be read. */
  | "numbers_unreadable"
  /** Something that belongs to executions could not be read: they are kept without it. */
  | "joined_rows_rejected"
  /** Items that were rejected once could not be read again. */
  | "reread_failed"
  /** More items were rejected than are kept. */
  | "rejected_forgotten"

/** A warning of a sync. */
export type SyncWarning = Warning<WarningCode | SyncWarningCode>

/** Options that were checked, with the defaults filled in. */
export interface CheckedSync {
  /** In milliseconds; null where nothing is said. */
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

/** Checks how a connection is to be synced. Throws `InvalidQuery`. */
export const checkSync = (options: SyncOptions): CheckedSync => {
  checkOptionNames("sync", options)
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
    details: detailsOf(details),
  }
}

const isDetails = Schema.is(Details)

/** From JSON, as a user of plain JavaScript may hand it over, it may be anything. */
const detailsOf = (details: Details | undefined): Details => {
  const given: unknown = details ?? "failed"
  if (isDetails(given)) return given
  throw new AdapterError({
    reason: "InvalidQuery",
    message: `The option details must be one of ${Details.literals.join(", ")}, and is ${JSON.stringify(given)}.`,
    operation: "query",
    subject: { kind: "option", name: "details" },
  })
}
