import type { Execution, LogQuery } from "@execlog/core"

/** Whether an execution passes all filters of a query but `search`, said a second time on purpose. */
export const passes = (execution: Execution, query: LogQuery): boolean => {
  const { workflow, status, actor, startedAt } = execution
  const after = instant(query.since)
  const before = instant(query.until)
  return (
    (query.workflowId === undefined || workflow.id === query.workflowId) &&
    (query.status === undefined || query.status.includes(status)) &&
    (query.actorId === undefined || actor?.id === query.actorId) &&
    (after === null || (startedAt !== null && startedAt.getTime() >= after)) &&
    (before === null || (startedAt !== null && startedAt.getTime() < before))
  )
}

/** Whether a query asks for everything. */
export const isUnfiltered = ({ workflowId, status, actorId, since, until, search }: LogQuery) =>
  [workflowId, status, actorId, since, until, search].every((part) => part === undefined)

const instant = (time: Date | string | undefined): number | null =>
  time === undefined ? null : new Date(time).getTime()
