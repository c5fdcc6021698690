import {
  type Given,
  type MappedExecution,
  type Statuses,
  type StepDraft,
  type TriggerKind,
  type Triggers,
  Wire,
} from "@execlog/core/adapter"
import type { joins } from "./request.js"
import type { FlowRun, State, TaskRun } from "./wire.js"

/** The types of states, and the names that are words of their own. */
export const statuses: Statuses = {
  SCHEDULED: "queued",
  PENDING: "queued",
  RUNNING: "running",
  CANCELLING: "running",
  PAUSED: "waiting",
  COMPLETED: "succeeded",
  FAILED: "failed",
  CRASHED: "failed",
  CANCELLED: "canceled",
  TimedOut: "timed_out",
  AwaitingRetry: "waiting",
}

/** Flow runs that neither another flow nor a schedule started. */
export const triggers: Triggers = { AUTOMATION: "event" }

/** The names that are words of their own, each with the type that it refines. */
const refined: { readonly [name: string]: string } = {
  TimedOut: "FAILED",
  // It has started, and waits for its next attempt.
  AwaitingRetry: "SCHEDULED",
}

/** The word of a state: its type, or a name of `refined`. */
const wordOf = (state: State | null | undefined): string | null => {
  const { type = null, name } = state ?? {}
  return name && Object.hasOwn(refined, name) && refined[name] === type ? name : type
}

/** The types of the states with these words. */
export const typesOf = (words: ReadonlyArray<string>): Array<string> => [
  ...new Set(words.map((word) => refined[word] ?? word)),
]

/** Maps a flow run, of a list or of `get`. */
export const fromList = (
  flowRun: FlowRun,
  { config: { baseUrl }, joined }: Given<{ baseUrl: string }, typeof joins>,
): MappedExecution => {
  const { flows, parents, taskRuns } = joined
  const { id, flow_id: flowId, state, created_by: creator } = flowRun
  return {
    id,
    workflow: { id: flowId, name: flows(flowId)?.[0]?.name, version: flowRun.flow_version },
    providerStatus: wordOf(state),
    scheduledFor: Wire.instant.iso(flowRun.expected_start_time),
    createdAt: Wire.instant.iso(flowRun.created),
    startedAt: Wire.instant.iso(flowRun.start_time),
    finishedAt: Wire.instant.iso(flowRun.end_time),
    error: errorOf(state),
    trigger: { kind: triggerOf(flowRun), providerKind: creator?.type },
    actor: {
      kind: systems.has(creator?.type ?? "") ? "system" : "account",
      id: creator?.id,
      name: creator?.display_value,
    },
    tags: flowRun.tags ?? [],
    parentId: parents(flowRun.parent_task_run_id ?? "")?.[0]?.flow_run_id ?? null,
    // Pages of Prefect Cloud have another address.
    url: Wire.url(baseUrl.endsWith("/api") ? baseUrl.slice(0, -4) : null, "runs", "flow-run", id),
    // In the order of their start, or planned start.
    steps: taskRuns(id)
      ?.toSorted((one, other) => beginOf(one) - beginOf(other))
      .map(stepOf),
    inputs: flowRun.parameters ?? null,
    attributes: {
      name: flowRun.name,
      state_name: state?.name,
      // Not the attempt: a pause increases it, a suspension does not.
      run_count: flowRun.run_count,
      // Seconds in RUNNING, without pauses and waits for a retry, so it is not the duration.
      total_run_time: flowRun.total_run_time,
      ...Wire.pick(
        flowRun,
        "created",
        "next_scheduled_start_time",
        "deployment_id",
        "work_pool_name",
        "work_queue_name",
        "idempotency_key",
        "parent_task_run_id",
      ),
    },
  }
}

/** Maps a task run to a step. */
const stepOf = (taskRun: TaskRun): StepDraft => ({
  id: taskRun.id,
  name: taskRun.name,
  type: taskRun.task_key,
  providerStatus: wordOf(taskRun.state),
  startedAt: Wire.instant.iso(taskRun.start_time),
  finishedAt: Wire.instant.iso(taskRun.end_time),
  error: errorOf(taskRun.state),
  attributes: {
    state_name: taskRun.state?.name,
    ...Wire.pick(taskRun, "run_count", "total_run_time", "tags"),
  },
})

const beginOf = ({ start_time: started, expected_start_time: expected }: TaskRun): number =>
  Wire.instant.iso(started ?? expected)?.getTime() ?? 0

/** The error: Prefect returns only the message of the state. */
const errorOf = (state: State | null | undefined) =>
  (state?.type === "FAILED" || state?.type === "CRASHED") && state.message
    ? { message: state.message }
    : null

const systems: ReadonlySet<string> = new Set(["SCHEDULE", "AUTOMATION", "DEPLOYMENT"])

const triggerOf = (flowRun: FlowRun): TriggerKind | undefined => {
  if (flowRun.parent_task_run_id) return "subworkflow"
  return flowRun.auto_scheduled === true ? "schedule" : undefined
}
