import type { ExecutionStatus } from "../model/Execution.js"
import type { JsonObject } from "../model/Json.js"

/** The listing time of an endpoint. Core derives time filters, windows and early stop from it. */
export interface TimeAxis {
  /** Whether the list is ordered by a number that grows with every item, and not by a time. */
  readonly isSequence: boolean
  /** The resolution of the listing time, in milliseconds. */
  readonly tick: number
  /** How much earlier than its execution's start an item may be listed, in milliseconds; null when unknown. */
  readonly skew: number | null
  /** How long after its execution's start an item may be listed, in milliseconds; null when unknown. */
  readonly delay: number | null
  /** Parameters that request all items listed in or before the tick that begins at a time. */
  readonly before: ((instant: number) => JsonObject) | null
  /** Parameters that request all items listed in or after the tick that begins at a time. */
  readonly after: ((instant: number) => JsonObject) | null
  /** The provider's own filter by the start; executions that never started do not match it. */
  readonly start?: StartBounds | null
  /** The provider's own filter by the end; executions that have not ended do not match it. */
  readonly finish?: FinishBounds | null
  /** Whether the item that reports an end is listed at that end or later, as events are. */
  readonly listsEnds?: boolean
  /** Whether it lists executions that are due later and have not started. */
  readonly listsPlanned?: boolean
  /** Parameters that exclude planned executions. Sent for future listing times. */
  readonly withoutPlanned?: JsonObject | null
  /**
   * By windows of listing time, or page by page. Windows cost one row more for each page, and nothing
   * shifts them: they suit each list with bounds of listing time, except one with `keyset` pages.
   */
  readonly walk: "windows" | "pages"
}

/** Parameters that bound a time of the execution. Each includes the whole tick that begins at a time. */
export interface TimeBounds {
  readonly after: ((instant: number) => JsonObject) | null
  readonly before: ((instant: number) => JsonObject) | null
}

/** Bounds of the end. */
export interface FinishBounds extends TimeBounds {
  /** The statuses whose executions always have an end; absent: each terminal one. */
  readonly statuses?: ReadonlyArray<ExecutionStatus>
}

/** Bounds of the start. */
export interface StartBounds extends TimeBounds {
  /** Executions of these statuses have always started; only they are requested by their start. */
  readonly statuses: ReadonlyArray<ExecutionStatus>
}
