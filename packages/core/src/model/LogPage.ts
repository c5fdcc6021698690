import type { Execution } from "./Execution.js"
import type { ValueIssue } from "./Issue.js"
import type { Json } from "./Json.js"
import type { Warning } from "./Warning.js"

/**
 * Where a walk stands: an opaque, URL-safe text that survives a restart. It goes with the
 * connection, server and query that it came from, and says so when it is used with another. A
 * rotated key does not spoil it.
 */
export type Cursor = string

/**
 * What one request to the provider gave, after what is filtered here. It may hold few or no
 * executions and still have a `next`.
 */
export interface LogPage {
  readonly executions: ReadonlyArray<Execution>
  /**
   * For each execution the id that its item has under a usual name: what a rejected item is known by,
   * which need not be the execution's own. Null where it has none.
   */
  readonly itemIds: ReadonlyArray<string | null>
  /** The items that could not be read. Each is here once; none disappears. */
  readonly rejected: ReadonlyArray<Rejected>
  /** What the reader should know: a parameter that the server ignored, and the like. */
  readonly warnings: ReadonlyArray<Warning>
  /** Where to go on; null at the end. */
  readonly next: Cursor | null
  /**
   * The provider's figure of all that matches; null where it gives none, or where filtering here,
   * folding or windows make it a figure of something else.
   */
  readonly total: number | null
  /** UTC. When its request began: what it tells was so then, or later. */
  readonly requestedAt: Date
  /** What range of the listing it covers. */
  readonly listed: ListedSpan
}

/**
 * The range of listing time (UTC) that a page covers, by all that the provider gave on it, also
 * what was filtered here. Where the provider tells no listing time the starts stand in for it.
 */
export interface ListedSpan {
  /** The earliest; null where nothing on the page tells. */
  readonly from: Date | null
  /**
   * The latest, no later than what has happened: what is planned may be listed in the future, and
   * what is new will not be listed before this.
   */
  readonly to: Date | null
}

/** An item that could not be read, with its raw value. */
export interface Rejected {
  readonly provider: string
  readonly connection: string | null
  /** The provider's id of it, where one could be read. */
  readonly id: string | null
  /** Its place in the page, from 0. */
  readonly index: number
  /** It is no item of the list, but a row of what is asked beside, and may belong to any execution. */
  readonly isJoined: boolean
  /** What is wrong with it, for a person. */
  readonly reason: string
  /** The same as data, where it does not fit the provider's wire schema; else none. */
  readonly issues: ReadonlyArray<ValueIssue>
  /** The item as `JSON.parse` gave it; of one that is nested too deep, what stands outermost. */
  readonly raw: Json
}

/** An execution that appeared, or whose status changed. */
export interface Change {
  /** The execution, as it is now. */
  readonly execution: Execution
  /** What it was before; null when it appears. */
  readonly previous: Pick<Execution, "status" | "providerStatus"> | null
  /** UTC. When it was asked for: it was so then, or later. */
  readonly observedAt: Date
}
