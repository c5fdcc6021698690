import { Wire } from "@execlog/core"
import * as Schema from "effect/Schema"

/** Its type is one of nine; its name is free, and one of the type's own where nothing else is said. */
const State = Schema.Struct({
  type: Schema.String,
  name: Wire.maybe(Schema.String),
  message: Wire.maybe(Schema.String),
})
export type State = typeof State.Type

/** A row of POST /flow_runs/filter, and the answer of GET /flow_runs/{id}. */
export const FlowRun = Schema.Struct({
  id: Wire.id,
  name: Wire.maybe(Schema.String),
  flow_id: Wire.id,
  flow_version: Wire.maybe(Schema.String),
  created: Wire.maybe(Wire.isoTime),
  // Never null in answers of 3.8.8, though its schema allows it.
  expected_start_time: Wire.isoTime,
  next_scheduled_start_time: Wire.maybe(Wire.isoTime),
  start_time: Wire.maybe(Wire.isoTime),
  end_time: Wire.maybe(Wire.isoTime),
  total_run_time: Wire.maybe(Schema.Finite),
  state: Wire.maybe(State),
  parameters: Wire.maybe(Wire.json),
  tags: Wire.maybe(Schema.Array(Schema.String)),
  run_count: Wire.maybe(Schema.Finite),
  deployment_id: Wire.maybe(Schema.String),
  work_pool_name: Wire.maybe(Schema.String),
  work_queue_name: Wire.maybe(Schema.String),
  idempotency_key: Wire.maybe(Schema.String),
  parent_task_run_id: Wire.maybe(Schema.String),
  auto_scheduled: Wire.maybe(Schema.Boolean),
  created_by: Wire.maybe(
    Schema.Struct({
      id: Wire.maybe(Schema.String),
      type: Wire.maybe(Schema.String),
      display_value: Wire.maybe(Schema.String),
    }),
  ),
})
export type FlowRun = typeof FlowRun.Type

/** A row of POST /flows/filter. */
export const Flow = Schema.Struct({ id: Wire.id, name: Schema.String })

/** A row of POST /task_runs/filter. */
export const TaskRun = Schema.Struct({
  id: Wire.id,
  // A flow that is called by another is a task run of that one.
  flow_run_id: Wire.maybe(Wire.id),
  name: Wire.maybe(Schema.String),
  task_key: Wire.maybe(Schema.String),
  expected_start_time: Wire.maybe(Wire.isoTime),
  start_time: Wire.maybe(Wire.isoTime),
  end_time: Wire.maybe(Wire.isoTime),
  total_run_time: Wire.maybe(Schema.Finite),
  state: Wire.maybe(State),
  tags: Wire.maybe(Schema.Array(Schema.String)),
  run_count: Wire.maybe(Schema.Finite),
})
export type TaskRun = typeof TaskRun.Type

/** Error answers: `detail` is a text, `exception_message` comes with details that quote the request. */
export const Problem = Schema.Struct({
  detail: Wire.maybe(Schema.String),
  exception_message: Wire.maybe(Schema.String),
  exception_detail: Wire.maybe(
    Schema.Array(
      Schema.Struct({
        loc: Wire.maybe(Schema.Array(Schema.Union([Schema.String, Schema.Finite]))),
        msg: Wire.maybe(Schema.String),
      }),
    ),
  ),
})
