import type { ExecutionStatus } from "../model/Execution.js"
import type { JsonObject } from "../model/Json.js"

/** The time by which an endpoint lists. From it core derives time filters, windows and early stop. */
export interface TimeAxis {
  /** The list goes by a number that grows with every item, and that is no time. */
  readonly isSequence: boolean
  /** The resolution of the listing time, in milliseconds. */
  readonly tick: number
  /** How much earlier than its execution's start an item may be listed, in milliseconds; null where nobody knows. */
  readonly skew: number | null
  /** How long after its execution's start an item may be listed; null where nobody knows. */
  readonly delay: number | null
  /** Parameters that keep all items listed in or before the tick that begins at an instant. */
  readonly before: ((instant: number) => JsonObject) | null
  /** Parameters that keep all items listed in or after the tick that begins at an instant. */
  readonly after: ((instant: number) => JsonObject) | null
  /** The provider's own filter by the start; what never started does not pass it. */
  readonly start?: StartBounds | null
  /** The provider's own filter by the end; what has not ended does not pass it. */
  readonly finish?: FinishBounds | null
  /** What says of an end is listed when it ended, or later, as events are. */
  readonly listsEnds?: boolean
  /** It lists executions that are due later and have not started. */
  readonly listsPlanned?: boolean
  /** Parameters that leave out what is planned, of what is listed for a time to come. */
  readonly withoutPlanned?: JsonObject | null
  /** By windows, whose bound moves down, or up where the oldest come first; or by pages alone. */
  readonly walk: "windows" | "pages"
}

/** Parameters that bound a time of the execution, each with all of the tick that begins at an instant. */
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
  /** Executions of these statuses have always started: only they are asked for by their start. */
  readonly statuses: ReadonlyArray<ExecutionStatus>
}
