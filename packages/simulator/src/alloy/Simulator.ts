import type { AlloyStart } from "./Options.js"
import type { AlloyTruth } from "./Wire.js"

/** Alloy's side of a running simulator. */
export interface AlloySimulator {
  readonly baseUrl: string
  readonly apiKey: string
  /** `forgeWorkflowId` of each workflow. */
  readonly workflowIds: readonly string[]
  readonly userIds: readonly string[]
  /** Every execution as it is now, newest last event first. */
  truth(): IterableIterator<AlloyTruth>
  start(execution?: AlloyStart): string
  finish(executionId: string, outcome: "ok" | "error", at?: Date | number): void
  delete(executionId: string): void
  /** From now on a page with the execution answers 500. */
  spoil(executionId: string): void
}
