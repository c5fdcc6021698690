/** How a part of a filter is read. */
export type FilterLeaf =
  | "uuids"
  | "texts"
  | "types"
  | "text"
  | "flag"
  | "time"
  | "operator"
  | "unsimulated"

/** The parts of a filter by their names. */
export interface FilterShape {
  readonly [name: string]: FilterLeaf | FilterShape
}

const id = { any_: "uuids", not_any_: "uuids" } as const
const nullableId = { operator: "operator", any_: "uuids", is_null_: "flag" } as const
const time = { before_: "time", after_: "time" } as const
const nullableTime = { ...time, is_null_: "flag" } as const
const state = {
  operator: "operator",
  type: { any_: "types", not_any_: "types" },
  name: { any_: "texts", not_any_: "texts" },
} as const
const name = { any_: "texts", like_: "text" } as const
const tags = { operator: "operator", all_: "texts", any_: "texts", is_null_: "flag" } as const

/** The filters of flows, flow runs and task runs. */
export const filterShapes = {
  flows: {
    operator: "operator",
    id,
    deployment: "unsimulated",
    name,
    tags: "unsimulated",
  },
  flow_runs: {
    operator: "operator",
    id,
    name,
    tags,
    deployment_id: nullableId,
    work_queue_name: "unsimulated",
    state,
    flow_version: "unsimulated",
    start_time: nullableTime,
    end_time: nullableTime,
    expected_start_time: time,
    next_scheduled_start_time: time,
    parent_flow_run_id: { operator: "operator", any_: "uuids" },
    parent_task_run_id: nullableId,
    idempotency_key: "unsimulated",
    created_by: "unsimulated",
  },
  task_runs: {
    operator: "operator",
    id: { any_: "uuids" },
    name,
    tags: "unsimulated",
    state,
    start_time: nullableTime,
    end_time: nullableTime,
    expected_start_time: time,
    subflow_runs: "unsimulated",
    flow_run_id: nullableId,
  },
} as const
