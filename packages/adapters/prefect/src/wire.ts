import { Wire } from "@execlog/core/adapter"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

/** Its type is one of nine. Its name is free; by default it is that of the type. */
const State = Wire.item({ type: Schema.String }, { name: Schema.String, message: Schema.String })
export type State = typeof State.Type

/** The fields that flow runs and task runs share. */
const run = {
  name: Schema.String,
  start_time: Wire.isoTime,
  end_time: Wire.isoTime,
  total_run_time: Schema.Finite,
  state: State,
  tags: Schema.Array(Schema.String),
  run_count: Schema.Finite,
}

/** A row of POST /flow_runs/filter, and the response of GET /flow_runs/{id}. */
export const FlowRun = Wire.item(
  {
    id: Wire.id,
    flow_id: Wire.id,
    // Never null in responses of 3.8.8, though its schema allows it.
    expected_start_time: Wire.isoTime,
  },
  {
    ...run,
    flow_version: Schema.String,
    created: Wire.isoTime,
    next_scheduled_start_time: Wire.isoTime,
    parameters: Wire.json,
    deployment_id: Schema.String,
    work_pool_name: Schema.String,
    work_queue_name: Schema.String,
    idempotency_key: Schema.String,
    parent_task_run_id: Schema.String,
    auto_scheduled: Schema.Boolean,
    created_by: Wire.partial({
      id: Schema.String,
      type: Schema.String,
      display_value: Schema.String,
    }),
  },
)
export type FlowRun = typeof FlowRun.Type

/** A row of POST /flows/filter. */
export const Flow = Schema.Struct({ id: Wire.id, name: Schema.String })

/** A row of POST /task_runs/filter. A flow that another one calls is a task run of the caller. */
export const TaskRun = Wire.item(
  { id: Wire.id },
  { ...run, flow_run_id: Wire.id, task_key: Schema.String, expected_start_time: Wire.isoTime },
)
export type TaskRun = typeof TaskRun.Type

/**
 * Error responses: `detail` is a text; `exception_message` comes with details that quote the
 * request.
 */
const Complaint = Wire.partial({
  loc: Schema.Array(Schema.Union([Schema.String, Schema.Finite])),
  msg: Schema.String,
})
const Problem = Wire.partial({
  detail: Schema.String,
  exception_message: Schema.String,
  exception_detail: Schema.Array(Complaint),
})

/** The message of an error response. */
export const messageOf = (body: unknown): string | undefined => {
  const problem = Result.getOrUndefined(Schema.decodeUnknownResult(Problem)(body))
  // Only the messages of the details: they also quote the whole request.
  const details = problem?.exception_detail?.map(({ loc, msg }) =>
    [loc?.join("."), msg].filter((part) => part).join(": "),
  )
  return details?.join("; ") || problem?.detail || problem?.exception_message || undefined
}
