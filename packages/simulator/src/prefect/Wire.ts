import { hash } from "../shared/Random.js"
import type { PrefectHistory } from "./History.js"
import type {
  PrefectWireFlow,
  PrefectWireRun,
  PrefectWireState,
  PrefectWireStateDetails,
  PrefectWireTask,
} from "./Objects.js"
import type { PrefectRunFacts } from "./Run.js"
import type { PrefectTask } from "./Tasks.js"

/** A time as Prefect writes it. A whole second has no fraction. */
const wireTime = (microseconds: number): string => {
  const seconds = new Date(Math.floor(microseconds / 1_000_000) * 1000).toISOString().slice(0, 19)
  const fraction = ((microseconds % 1_000_000) + 1_000_000) % 1_000_000
  return fraction === 0 ? `${seconds}Z` : `${seconds}.${String(fraction).padStart(6, "0")}Z`
}

const wireTimeOrNull = (microseconds: number | null): string | null =>
  microseconds === null ? null : wireTime(microseconds)

const inSeconds = (microseconds: number): number => microseconds / 1_000_000

/** The version of flows, deployments and subflow tasks. */
const codeVersion = "0f3c2d9e4b7a41d5a6c8e1f20b9d7c35"

const noDetails: PrefectWireStateDetails = {
  flow_run_id: null,
  task_run_id: null,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  deferred: false,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  run_input_keyset: null,
  refresh_cache: null,
  retriable: null,
  transition_id: null,
  task_parameters_id: null,
  traceparent: null,
  deployment_concurrency_lease_id: null,
}

/** The place of a result: a path on the machine that ran the flow. */
const pointerTo = (row: number, salt: number): Readonly<Record<string, unknown>> => ({
  storage_key: `/srv/prefect/storage/${[0, 1, 2, 3]
    .map((part) => hash(row, part, salt).toString(16).padStart(8, "0"))
    .join("")}`,
  expiration: null,
  serializer: { type: "pickle", picklelib: "cloudpickle", picklelib_version: null },
  prefect_version: "3.8.8",
  storage_block_id: null,
})

const stateOf = (
  history: PrefectHistory,
  run: number,
  id: string,
  facts: PrefectRunFacts,
): PrefectWireState => {
  const { type, stateName } = facts
  const isPaused = type === "PAUSED"
  const isPlanned = facts.scheduled && facts.start === null && facts.transitions === 0
  // Only the first flow keeps its results.
  const keepsResult =
    facts.flow === 0 && (type === "FAILED" || type === "COMPLETED") && facts.runCount > 0
  return {
    id: history.ids.state(run, facts.transitions, facts.stateAt),
    type,
    name: stateName,
    timestamp: wireTime(facts.stateAt),
    message: facts.message ?? (isPlanned ? "Flow run scheduled" : null),
    data: keepsResult && stateName !== "TimedOut" ? pointerTo(run, 1) : null,
    state_details: {
      ...noDetails,
      flow_run_id: isPlanned ? null : id,
      task_run_id: facts.parent === null ? null : history.ids.subflowTask(run),
      scheduled_time: wireTimeOrNull(facts.scheduledTime),
      // A final state comes from the flow, which leaves it out; the others come from the server.
      deferred: facts.end === null ? false : null,
      pause_timeout: isPaused ? wireTime(facts.stateAt + 3_600_000_000) : null,
      pause_reschedule: isPaused && stateName === "Suspended",
      pause_key: isPaused ? "1" : null,
      retriable: keepsResult && type === "FAILED" ? false : null,
      transition_id: facts.start === null ? null : history.ids.transition(run, facts.transitions),
    },
  }
}

/** A flow run as it is read at an instant, in microseconds. Two figures grow until it ends. */
export const wireRun = (history: PrefectHistory, run: number, readAt: number): PrefectWireRun => {
  const facts = history.factsOf(run)
  const { ids } = history
  const id = history.idOf(run)
  const state = stateOf(history, run, id, facts)
  const { expected, start, stateAt } = facts
  const running = facts.type === "RUNNING" ? Math.max(0, readAt - stateAt) : 0
  const flowId = ids.flow(facts.flow)
  const deploymentId = facts.deployed ? ids.deployment(facts.flow) : null
  const scheduleId = ids.schedule(facts.flow)
  const due = wireTime(expected).replace("T", " ").replace("Z", "+00:00")
  return {
    id,
    created: wireTime(facts.created),
    // Written after the state, in whole milliseconds.
    updated: wireTime(Math.floor((stateAt + 16_000) / 1000) * 1000),
    name: facts.name,
    flow_id: flowId,
    state_id: state.id,
    deployment_id: deploymentId,
    deployment_version: facts.deployed ? codeVersion : null,
    work_queue_id: null,
    work_queue_name: null,
    flow_version: facts.runCount === 0 ? null : codeVersion,
    parameters: facts.parameters,
    idempotency_key: facts.scheduled
      ? `scheduled ${ids.deployment(facts.flow)} ${scheduleId} ${due}`
      : null,
    context: {},
    empirical_policy: {
      max_retries: 0,
      retry_delay_seconds: 0,
      retries: facts.runCount === 0 ? null : facts.runCount - 1,
      retry_delay: facts.runCount === 0 ? null : 0,
      pause_keys: facts.type === "PAUSED" || state.name === "Resuming" ? ["1"] : [],
      resuming: state.name === "Resuming",
      retry_type: facts.runCount > 1 ? "in_process" : null,
    },
    tags: facts.tags,
    labels: {
      "prefect.flow.id": flowId,
      ...(deploymentId === null ? {} : { "prefect.deployment.id": deploymentId }),
    },
    parent_task_run_id: facts.parent === null ? null : ids.subflowTask(run),
    state_type: state.type,
    state_name: state.name,
    run_count: facts.runCount,
    expected_start_time: wireTime(expected),
    next_scheduled_start_time: wireTimeOrNull(facts.nextScheduled),
    start_time: wireTimeOrNull(start),
    end_time: wireTimeOrNull(facts.end),
    total_run_time: inSeconds(facts.totalRunTime),
    estimated_run_time: inSeconds(facts.totalRunTime + running),
    estimated_start_time_delta: inSeconds(Math.max(0, (start ?? readAt) - expected)),
    auto_scheduled: facts.scheduled,
    infrastructure_document_id: null,
    infrastructure_pid: null,
    created_by: facts.scheduled
      ? { id: scheduleId, type: "SCHEDULE", display_value: "CronSchedule" }
      : null,
    work_pool_id: null,
    work_pool_name: null,
    state,
    job_variables: {},
  }
}

/** A task run as it is read at an instant, in microseconds. */
export const wireTask = (
  history: PrefectHistory,
  task: PrefectTask,
  readAt: number,
): PrefectWireTask => {
  const { ids } = history
  const { start, end } = task
  const stateAt = end ?? start ?? task.created
  const flowRunId = history.idOf(task.run)
  const run = history.factsOf(task.run)
  const isSubflow = task.child !== null
  const ran = start === null || end === null ? 0 : end - start
  const running = task.type === "RUNNING" ? Math.max(0, readAt - stateAt) : 0
  const stateId = ids.taskState(task.id, stateAt)
  return {
    id: task.id,
    created: wireTime(task.created),
    updated: wireTime(stateAt + 12_345),
    name: task.name,
    flow_run_id: flowRunId,
    task_key: task.key,
    dynamic_key: task.dynamicKey,
    cache_key: null,
    cache_expiration: null,
    task_version: isSubflow ? codeVersion : null,
    empirical_policy: {
      max_retries: 0,
      retry_delay_seconds: 0,
      retries: task.runCount === 0 ? 0 : task.runCount - 1,
      retry_delay: 0,
      retry_jitter_factor: null,
    },
    tags: run.tags,
    labels: isSubflow
      ? { "prefect.flow.id": ids.flow(run.flow), "prefect.flow-run.id": flowRunId }
      : {},
    state_id: stateId,
    task_inputs: isSubflow ? { part: [] } : { order: [] },
    state_type: task.type,
    state_name: task.stateName,
    run_count: task.runCount,
    flow_run_run_count: task.attempt,
    expected_start_time: wireTime(task.expected),
    next_scheduled_start_time: null,
    start_time: wireTimeOrNull(start),
    end_time: wireTimeOrNull(end),
    total_run_time: inSeconds(ran),
    estimated_run_time: inSeconds(ran + running),
    estimated_start_time_delta: inSeconds(Math.max(0, (start ?? readAt) - task.expected)),
    state: {
      id: stateId,
      type: task.type,
      name: task.stateName,
      timestamp: wireTime(stateAt),
      message: task.message,
      data: task.stateName === "Cached" ? pointerTo(task.run, 2) : null,
      state_details: {
        ...noDetails,
        flow_run_id: flowRunId,
        task_run_id: task.id,
        child_flow_run_id: task.child === null ? null : history.idOf(task.child),
        untrackable_result: !isSubflow && task.type === "COMPLETED",
        deferred: isSubflow ? null : false,
        retriable: task.type === "FAILED" ? false : null,
        transition_id: task.child === null ? null : ids.transition(task.child, 0),
      },
    },
  }
}

/** A flow. It was created long before its runs. */
export const wireFlow = (
  history: PrefectHistory,
  names: ReadonlyArray<string>,
  flow: number,
): PrefectWireFlow => {
  const created = Date.UTC(2026, 0, 2 + flow) * 1000 + 874_018
  return {
    id: history.ids.flow(flow),
    created: wireTime(created),
    updated: wireTime(created + 12),
    name: names[flow] ?? "",
    tags: [],
    labels: {},
  }
}
