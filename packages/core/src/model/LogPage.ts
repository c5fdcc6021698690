import type { Execution } from "./Execution.js"
import type { ValueIssue } from "./Issue.js"
import type { Json } from "./Json.js"
import type { Warning } from "./Warning.js"

/**
 * The position of a walk: an opaque, URL-safe string that survives a restart. It is valid only for
 * the connection, server and query that it came from; anything else is rejected with a message that
 * says what differs. A rotated key does not invalidate it.
 */
export type Cursor = string

/**
 * The result of one request to the provider, after core's own filters. It may contain few or no
 * executions and still have a `next`.
 */
export interface LogPage {
  readonly executions: ReadonlyArray<Execution>
  /**
   * For each execution, the id of its item under a usual name. A rejected item is identified by
   * this id, which may differ from the execution's own. Null if the item has none.
   */
  readonly itemIds: ReadonlyArray<string | null>
  /** The items that could not be read, each exactly once. */
  readonly rejected: ReadonlyArray<Rejected>
  /** Warnings, for example about a parameter that the server ignored. */
  readonly warnings: ReadonlyArray<Warning>
  /** The cursor of the next page; null at the end. */
  readonly next: Cursor | null
  /**
   * The provider's count of all matches; null if it returns none, or if core's own filters, folding
   * or windows change its meaning.
   */
  readonly total: number | null
  /** UTC. When its request began: the page reflects this time or a later one. */
  readonly requestedAt: Date
  /** The range of the listing that it covers. */
  readonly listed: ListedSpan
}

/**
 * The range of listing time (UTC) that a page covers, based on everything that the provider
 * returned, including executions that core filtered out. Falls back to the starts if the provider
 * returns no listing time.
 */
export interface ListedSpan {
  /** The earliest; null if no item on the page has a time. */
  readonly from: Date | null
  /**
   * The latest, but no later than the present: planned executions may be listed in the future, and
   * new ones are not listed before this time.
   */
  readonly to: Date | null
}

/** An item that could not be read, with its raw value. */
export interface Rejected {
  readonly provider: string
  readonly connection: string | null
  /** The provider's id of it, if one could be read. */
  readonly id: string | null
  /** Its index on the page, from 0. */
  readonly index: number
  /**
   * Whether it is a row of a joined endpoint rather than an item of the list; it may belong to any
   * execution.
   */
  readonly isJoined: boolean
  /** Whose fault it is: the item's, that of the adapter, which threw, or the server's, which fails on it. */
  readonly cause: "item" | "adapter" | "server"
  /** The reason of the rejection, as text for people. */
  readonly reason: string
  /** The same as data if it does not match the provider's wire schema; otherwise empty. */
  readonly issues: ReadonlyArray<ValueIssue>
  /** The item as `JSON.parse` returned it; if it is nested too deeply, only its outer levels. */
  readonly raw: Json
  /** Where it stands if the server fails on it, so that nothing of it was received; otherwise empty. */
  readonly places: ReadonlyArray<ListPlace>
}

/** The place of an item in a list: so many items after another one, or by its number. */
export type ListPlace =
  | {
      /** The id of the other item. */
      readonly after: string
      readonly distance: number
    }
  | {
      /** From 1. */
      readonly number: number
      /** Only items listed before this are counted: a time in milliseconds, or a number of the list. */
      readonly bound: number | null
    }

/** An execution that appeared, or whose status changed. */
export interface Change {
  /** The execution after the change. */
  readonly execution: Execution
  /** The previous status; null for a new execution. */
  readonly previous: Pick<Execution, "status" | "providerStatus"> | null
  /** UTC. When its request began: the status was observed at this time or later. */
  readonly observedAt: Date
}
