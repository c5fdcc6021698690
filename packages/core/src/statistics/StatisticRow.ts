import type { Execution } from "../model/Execution.js"
import type { ExecutionStatus } from "../model/ExecutionStatus.js"

/** What statistics take of one execution: a row that a store can give without the rest. */
export interface StatisticRow {
  readonly provider: string
  readonly connection: string | null
  readonly workflowId: string | null
  readonly workflowName: string | null
  readonly status: ExecutionStatus
  /** Milliseconds since 1970 in UTC; null where the provider tells none: see `Execution.timestamp`. */
  readonly timestamp: number | null
  readonly durationMs: number | null
  readonly totalTokens: number | null
  readonly errorMessage: string | null
}

/** The row of an execution. */
export const statisticRow = (execution: Execution): StatisticRow => ({
  provider: execution.provider,
  connection: execution.connection,
  workflowId: execution.workflow.id,
  workflowName: execution.workflow.name,
  status: execution.status,
  timestamp: execution.timestamp === null ? null : execution.timestamp.getTime(),
  durationMs: execution.durationMs,
  totalTokens: execution.usage.totalTokens,
  errorMessage: execution.error === null ? null : execution.error.message,
})
