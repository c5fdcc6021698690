import { type Execution, executionStatuses, isTerminal } from "@execlog/core"
import type { StatisticRow } from "@execlog/core/statistics"
import type { ExecutionChange } from "@execlog/store"
import type * as Context from "effect/Context"
import * as Metric from "effect/Metric"
import { makeWorkflowNames } from "./WorkflowNames.js"

const ended = Metric.counter("execlog_executions_total", {
  description: "Executions seen to end since the server started, by their status",
  incremental: true,
})
const durations = Metric.histogram("execlog_execution_duration_seconds", {
  description: "How long they took",
  boundaries: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400],
})
const unfinished = Metric.gauge("execlog_executions_unfinished", {
  description: "Executions in the store that have not ended, by their status",
})

/** The statuses of executions that have not ended. */
export const unfinishedStatuses = executionStatuses.filter((status) => !isTerminal(status))

/** The most workflows that are told apart. */
const mostWorkflows = 1000

/** Figures of executions by connection, workflow and status. */
export interface ExecutionMetrics {
  /** Counts a change, if an execution has ended by it. */
  readonly addChange: (change: ExecutionChange) => void
  /** Sets how many have not ended in another registry. */
  readonly setUnfinished: (
    registry: Context.Context<never>,
    rows: ReadonlyArray<StatisticRow>,
  ) => void
}

/** Counts in the registry of a context. */
export const makeExecutionMetrics = (registry: Context.Context<never>): ExecutionMetrics => {
  const names = makeWorkflowNames(mostWorkflows)
  return {
    addChange: ({ previous, execution }) => {
      const { status, durationMs, workflow } = execution
      if (!isTerminal(status) || previous?.status === status) return
      const labels = { ...names.labelsOf(connectionOf(execution), workflow) }
      Metric.withAttributes(ended, { ...labels, status }).updateUnsafe(1, registry)
      if (durationMs !== null) {
        Metric.withAttributes(durations, labels).updateUnsafe(durationMs / 1000, registry)
      }
    },
    setUnfinished: (other, rows) => {
      for (const { connection, provider, workflowId, workflowName, status } of rows) {
        const workflow = { id: workflowId, name: workflowName }
        const labels = names.labelsOf(connection ?? provider, workflow)
        Metric.withAttributes(unfinished, { ...labels, status }).modifyUnsafe(1, other)
      }
    },
  }
}

/** The name under which its connection is stored. */
const connectionOf = ({ connection, provider }: Execution): string => connection ?? provider
