import type { Change, Execution } from "@execlog/core"

/** Writes executions one by one, in one format. */
export interface ExecutionWriter {
  readonly write: (execution: Execution) => Promise<void>
  /** Writes what is still buffered, and the end of the format. */
  readonly end: () => Promise<void>
}

/** Writes changes in one format, each as it comes. */
export type ChangeWriter = (change: Change) => Promise<void>
