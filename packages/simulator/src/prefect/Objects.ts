import type { PrefectStateType } from "./State.js"

/** The details of a state. */
export interface PrefectWireStateDetails {
  readonly flow_run_id: string | null
  readonly task_run_id: string | null
  readonly child_flow_run_id: string | null
  readonly scheduled_time: string | null
  readonly cache_key: null
  readonly cache_expiration: null
  readonly deferred: boolean | null
  readonly untrackable_result: boolean
  readonly pause_timeout: string | null
  readonly pause_reschedule: boolean
  readonly pause_key: string | null
  readonly run_input_keyset: null
  readonly refresh_cache: null
  readonly retriable: boolean | null
  readonly transition_id: string | null
  readonly task_parameters_id: null
  readonly traceparent: null
  readonly deployment_concurrency_lease_id: null
}

/** A state of a flow run or a task run. */
export interface PrefectWireState {
  readonly id: string
  readonly type: PrefectStateType
  readonly name: string
  readonly timestamp: string
  readonly message: string | null
  /** Where the result is kept, never the result. */
  readonly data: Readonly<Record<string, unknown>> | null
  readonly state_details: PrefectWireStateDetails
}

/** A flow run, as a list and a get give it. */
export interface PrefectWireRun {
  readonly id: string
  readonly created: string
  readonly updated: string
  readonly name: string
  readonly flow_id: string
  readonly state_id: string
  readonly deployment_id: string | null
  readonly deployment_version: string | null
  readonly work_queue_id: null
  readonly work_queue_name: null
  readonly flow_version: string | null
  readonly parameters: Readonly<Record<string, unknown>>
  readonly idempotency_key: string | null
  readonly context: Readonly<Record<string, never>>
  readonly empirical_policy: Readonly<Record<string, unknown>>
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly parent_task_run_id: string | null
  readonly state_type: PrefectStateType
  readonly state_name: string
  readonly run_count: number
  readonly expected_start_time: string
  readonly next_scheduled_start_time: string | null
  readonly start_time: string | null
  readonly end_time: string | null
  readonly total_run_time: number
  readonly estimated_run_time: number
  readonly estimated_start_time_delta: number
  readonly auto_scheduled: boolean
  readonly infrastructure_document_id: null
  readonly infrastructure_pid: null
  readonly created_by: {
    readonly id: string
    readonly type: string
    readonly display_value: string
  } | null
  readonly work_pool_id: null
  readonly work_pool_name: null
  readonly state: PrefectWireState
  readonly job_variables: Readonly<Record<string, never>>
}

/** A task run. */
export interface PrefectWireTask {
  readonly id: string
  readonly created: string
  readonly updated: string
  readonly name: string
  readonly flow_run_id: string
  readonly task_key: string
  readonly dynamic_key: string
  readonly cache_key: null
  readonly cache_expiration: null
  readonly task_version: string | null
  readonly empirical_policy: Readonly<Record<string, unknown>>
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly state_id: string
  readonly task_inputs: Readonly<Record<string, readonly unknown[]>>
  readonly state_type: PrefectStateType
  readonly state_name: string
  readonly run_count: number
  readonly flow_run_run_count: number
  readonly expected_start_time: string
  readonly next_scheduled_start_time: null
  readonly start_time: string | null
  readonly end_time: string | null
  readonly total_run_time: number
  readonly estimated_run_time: number
  readonly estimated_start_time_delta: number
  readonly state: PrefectWireState
}

/** A flow. */
export interface PrefectWireFlow {
  readonly id: string
  readonly created: string
  readonly updated: string
  readonly name: string
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}
