import type { Execution } from "./Execution.js"

/** An execution that appeared, or whose status changed. */
export interface Change {
  /** The execution, as it is now. */
  readonly execution: Execution
  /** What it was before; null when it appears. */
  readonly previous: Pick<Execution, "status" | "providerStatus"> | null
  /** UTC. When it was asked for: it was so then, or later. */
  readonly observedAt: Date
}
