import type { N8nExecution } from "./Execution.js"
import type { N8nStatusWord } from "./StatusWords.js"

/** The n8n side of a simulator. */
export interface N8nOptions {
  /** Number of executions to make. Default 250. */
  readonly executions?: number | undefined
  /** A history of your own instead, oldest first. */
  readonly history?: readonly N8nExecution[] | undefined
  /** Default 1. */
  readonly seed?: number | undefined
  /** Now: the newest made execution started at or shortly before it. Default 2026-11-21T08:00:00Z. */
  readonly now?: Date | undefined
  /** Number of made executions an hour. Default 120. */
  readonly perHour?: number | undefined
  /** Default 3. */
  readonly workflows?: number | undefined
  /** Default "n8n-simulator-key". */
  readonly apiKey?: string | undefined
  /** The status words that the filter takes. Default: those of 1.123.0, without crashed. */
  readonly words?: readonly N8nStatusWord[] | undefined
  /** The filter takes startedAfter and startedBefore, as in version 2. Default false. */
  readonly startTimes?: boolean | undefined
  /** A larger limit is rejected. Default 250. */
  readonly maxPageSize?: number | undefined
  /** The engine that runs executions: 2 uses version 7 UUIDs as ids. Default 1. */
  readonly engine?: 1 | 2 | undefined
  /** Whether rows have a status. On servers of 2025 and before they do not. Default true. */
  readonly tellsStatus?: boolean | undefined
  /** Whether executions that succeeded are kept. Default true. */
  readonly savesSuccesses?: boolean | undefined
  /** Ids of executions whose data cannot be read: a page with it answers 500. */
  readonly spoiled?: readonly string[] | undefined
}

/** An execution to insert. Default: it runs, and starts now, which moves on by 250 ms. */
export interface N8nInsert extends Omit<N8nExecution, "startedAt"> {
  readonly startedAt?: Date | number | null | undefined
}
