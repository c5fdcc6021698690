import type { AlloyExecution } from "./Execution.js"

/** The Alloy side of a simulator. */
export interface AlloyOptions {
  /** Number of executions to make. Default 250. */
  readonly executions?: number | undefined
  /** A history of your own instead. */
  readonly history?: readonly AlloyExecution[] | undefined
  /** Default 1. */
  readonly seed?: number | undefined
  /** Now: the newest made event lies at or shortly before it. Default 2026-11-21T08:00:00Z. */
  readonly now?: Date | undefined
  /** Number of made executions an hour. Default 120. */
  readonly perHour?: number | undefined
  /** Default 3. */
  readonly workflows?: number | undefined
  /** Default 5. */
  readonly users?: number | undefined
  /** Default "alloy-simulator-key". */
  readonly apiKey?: string | undefined
  /** A larger limit of GET /logs is silently reduced to this one. */
  readonly maxPageSize?: number | undefined
  /** A larger limit of either log is rejected. The documents name no such limit. */
  readonly rejectsAbove?: number | undefined
  /** Time that 1000 skipped events cost, in milliseconds. Default 0. */
  readonly offsetCostMs?: number | undefined
}

/** An execution to start. Default: it runs, and starts now, which moves on by 250 ms. */
export interface AlloyStart extends Omit<AlloyExecution, "startedAt" | "completedAt"> {
  readonly startedAt?: Date | number | undefined
  readonly completedAt?: Date | number | null | undefined
}
