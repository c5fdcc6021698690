import { type CheckedQuery, Join, type JsonObject, Wire } from "@execlog/core/adapter"
import { Flow, type FlowRun, TaskRun } from "./wire.js"

/** A condition on flow runs. A request may contain several. */
export const runs = (condition: JsonObject): JsonObject => ({ flow_runs: condition })

/** Bounds of a time, inclusive and compared in microseconds. */
export const since = (instant: number): JsonObject => ({ after_: Wire.isoText(instant) })
export const until = (instant: number): JsonObject => ({ before_: Wire.lastMicrosecond(instant) })

const byId = { maxKeys: 200, id: (row: { readonly id: string }) => row.id }

/** The joined endpoints of flow runs. */
export const joins = {
  flows: Join.make({
    ...byId,
    route: "POST /flows/filter",
    params: ({ keys, offset }) => ({ flows: { id: { any_: keys } }, offset }),
    row: Flow,
  }),
  /** The task runs that called a flow. */
  parents: Join.make({
    ...byId,
    route: "POST /task_runs/filter",
    params: ({ keys, offset }) => ({ task_runs: { id: { any_: keys } }, offset }),
    row: TaskRun,
  }),
  taskRuns: Join.make({
    ...byId,
    route: "POST /task_runs/filter",
    params: ({ keys, offset }) => ({ flow_runs: { id: { any_: keys } }, offset, sort: "ID_DESC" }),
    row: TaskRun,
    key: (taskRun) => taskRun.flow_run_id ?? "",
  }),
}

/** The keys of a flow run in each join. */
export const belongings = {
  flows: { keys: (flowRun: FlowRun) => [flowRun.flow_id] },
  parents: { keys: ({ parent_task_run_id: id }: FlowRun) => (id ? [id] : []) },
  taskRuns: {
    when: (query: CheckedQuery) => query.include.includes("steps"),
    keys: (flowRun: FlowRun) => [flowRun.id],
  },
}
