import { type Actor, type Execution, type ExecutionDraft, Wire } from "@execlog/core"
import { errorOf, wordOf } from "./statuses.js"
import { stepOf } from "./steps.js"
import type { Flow, FlowRun, TaskRun } from "./wire.js"

/** What belongs to flow runs, by its key; undefined where it was not asked for. */
interface Belongings {
  readonly flows: (id: string) => ReadonlyArray<typeof Flow.Type> | undefined
  /** The task runs that called a flow. */
  readonly parents: (id: string) => ReadonlyArray<TaskRun> | undefined
  /** The task runs of a flow run. */
  readonly taskRuns: (flowRunId: string) => ReadonlyArray<TaskRun> | undefined
}

/** A flow run as an execution: of a list, or of `get`. */
export const toExecution = (
  flowRun: FlowRun,
  baseUrl: string,
  { flows, parents, taskRuns }: Belongings,
): ExecutionDraft => {
  const { id, state, created_by: creator } = flowRun
  return {
    id,
    workflow: {
      id: flowRun.flow_id,
      name: flows(flowRun.flow_id)?.[0]?.name ?? null,
      version: flowRun.flow_version ?? null,
    },
    providerStatus: wordOf(state),
    scheduledFor: Wire.instant(flowRun.expected_start_time),
    createdAt: Wire.instant(flowRun.created),
    startedAt: Wire.instant(flowRun.start_time),
    finishedAt: Wire.instant(flowRun.end_time),
    error: errorOf(state),
    trigger: trigger(flowRun),
    actor: actor(creator),
    tags: flowRun.tags ?? [],
    parentId: parents(flowRun.parent_task_run_id ?? "")?.[0]?.flow_run_id ?? null,
    // Prefect Cloud has its pages at another address.
    url: baseUrl.endsWith("/api") ? `${baseUrl.slice(0, -4)}/runs/flow-run/${id}` : null,
    // In the order in which they began or were to begin.
    steps: taskRuns(id)
      ?.toSorted((one, other) => beginOf(one) - beginOf(other))
      .map(stepOf),
    inputs: flowRun.parameters ?? null,
    attributes: {
      name: flowRun.name,
      state_name: state?.name,
      // No attempts: a pause raises it, a suspension does not.
      run_count: flowRun.run_count,
      // Seconds in RUNNING: pauses and waiting for a retry are not in it, and so it is no duration.
      total_run_time: flowRun.total_run_time,
      created: flowRun.created,
      next_scheduled_start_time: flowRun.next_scheduled_start_time,
      deployment_id: flowRun.deployment_id,
      work_pool_name: flowRun.work_pool_name,
      work_queue_name: flowRun.work_queue_name,
      idempotency_key: flowRun.idempotency_key,
      parent_task_run_id: flowRun.parent_task_run_id,
    },
  }
}

const beginOf = ({ start_time: started, expected_start_time: expected }: TaskRun): number =>
  Wire.instant(started ?? expected)?.getTime() ?? 0

const actor = (creator: FlowRun["created_by"]): Actor | null => {
  if (!creator?.id) return null
  const kind = systems.has(creator.type ?? "") ? "system" : "account"
  return { kind, id: creator.id, name: creator.display_value ?? null, email: null }
}

const systems: ReadonlySet<string> = new Set(["SCHEDULE", "AUTOMATION", "DEPLOYMENT"])

const trigger = (flowRun: FlowRun): Execution["trigger"] => {
  const providerKind = flowRun.created_by?.type ?? null
  if (flowRun.parent_task_run_id) return { kind: "subworkflow", providerKind }
  if (flowRun.auto_scheduled === true) return { kind: "schedule", providerKind }
  return { kind: providerKind === "AUTOMATION" ? "event" : "unknown", providerKind }
}
