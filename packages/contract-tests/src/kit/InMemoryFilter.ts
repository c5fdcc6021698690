import type { Execution, LogQuery } from "@execlog/core"
import * as Struct from "effect/Struct"

/** Whether an execution matches all filters of a query except `search`. Independent of core on purpose. */
export const passes = (execution: Execution, query: LogQuery, now: number): boolean => {
  const { workflow, status, actor, timestamp, finishedAt, scheduledFor, startedAt } = execution
  const isWithin = (time: Date | null, low: LogQuery["since"], high: LogQuery["since"]) =>
    (low === undefined && high === undefined) ||
    (time !== null &&
      time.getTime() >= (instant(low) ?? Number.NEGATIVE_INFINITY) &&
      time.getTime() < (instant(high) ?? Number.POSITIVE_INFINITY))
  const isPlanned =
    startedAt === null &&
    ["queued", "running", "waiting", "unknown"].includes(status) &&
    scheduledFor !== null &&
    scheduledFor.getTime() > now
  return (
    (query.workflowId === undefined || workflow.id === query.workflowId) &&
    (query.status === undefined || query.status.includes(status)) &&
    (query.actorId === undefined || actor?.id === query.actorId) &&
    (query.tag === undefined || execution.tags.includes(query.tag)) &&
    (query.providerStatus === undefined || execution.providerStatus === query.providerStatus) &&
    Object.entries(query.attributes ?? {}).every(
      ([name, value]) => String(execution.attributes[name]) === String(value),
    ) &&
    isWithin(timestamp, query.since, query.until) &&
    isWithin(finishedAt, query.finishedSince, query.finishedUntil) &&
    (query.planned === true || !isPlanned)
  )
}

/** Whether a query has no filter. */
export const isUnfiltered = (query: LogQuery): boolean =>
  Object.values(Struct.omit(query, ["order", "include", "pageSize"])).every(
    (part) => part === undefined,
  )

const instant = (time: Date | string | undefined): number | null =>
  time === undefined ? null : new Date(time).getTime()
