import type { Actor, Execution } from "@execlog/core"
import { errorOf, wordOf } from "./statuses.js"
import { instant } from "./steps.js"
import type { Flow, FlowRun, TaskRun } from "./wire.js"

/** What is known of the flows and of the task runs that called a flow, by their ids. */
interface Names {
  readonly flows: (id: string) => ReadonlyArray<typeof Flow.Type> | undefined
  readonly parents: (id: string) => ReadonlyArray<TaskRun> | undefined
}

/** What lists and `get` tell alike. */
export const summary = (flowRun: FlowRun, baseUrl: string, { flows, parents }: Names) => {
  const { id, state, created_by: creator } = flowRun
  return {
    id,
    workflow: {
      id: flowRun.flow_id,
      name: flows(flowRun.flow_id)?.[0]?.name ?? null,
      version: flowRun.flow_version ?? null,
    },
    providerStatus: wordOf(state),
    startedAt: instant(flowRun.start_time),
    finishedAt: instant(flowRun.end_time),
    error: errorOf(state),
    trigger: trigger(flowRun),
    actor: actor(creator),
    parentId: parents(flowRun.parent_task_run_id ?? "")?.[0]?.flow_run_id ?? null,
    // Prefect Cloud has its pages at another address.
    url: baseUrl.endsWith("/api") ? `${baseUrl.slice(0, -4)}/runs/flow-run/${id}` : null,
    attributes: {
      name: flowRun.name ?? undefined,
      state_name: state?.name ?? undefined,
      tags: flowRun.tags ?? undefined,
      run_count: flowRun.run_count ?? undefined,
      // Seconds in RUNNING: pauses and waiting for a retry are not in it, and so it is no duration.
      total_run_time: flowRun.total_run_time ?? undefined,
      created: flowRun.created ?? undefined,
      next_scheduled_start_time: flowRun.next_scheduled_start_time ?? undefined,
      deployment_id: flowRun.deployment_id ?? undefined,
      work_pool_name: flowRun.work_pool_name ?? undefined,
      work_queue_name: flowRun.work_queue_name ?? undefined,
      idempotency_key: flowRun.idempotency_key ?? undefined,
      parent_task_run_id: flowRun.parent_task_run_id ?? undefined,
    },
  }
}

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
