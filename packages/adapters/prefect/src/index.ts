import {
  Adapter,
  Auth,
  type CheckedQuery,
  Filter,
  Id,
  Join,
  type JsonObject,
  Pagination,
  Setting,
  Wire,
} from "@execlog/core"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { toExecution } from "./execution.js"
import { statuses, typesOf } from "./statuses.js"
import { Flow, FlowRun, Problem, TaskRun } from "./wire.js"

const Rows = Schema.Array(Schema.Unknown)

/** What answers hold that are asked by keys. */
const rows = { maxKeys: 200, page: Rows, rows: (page: typeof Rows.Type) => page }

const idOf = (row: { readonly id: string }): string => row.id
const byId = { isUnique: true, id: idOf, key: idOf }

/** What is asked beside for flow runs. */
const belongings = {
  flows: { keys: (flowRun: FlowRun) => [flowRun.flow_id] },
  // A flow that another one calls is a task run of that one.
  parents: { keys: ({ parent_task_run_id: id }: FlowRun) => (id ? [id] : []) },
  taskRuns: {
    when: (query: CheckedQuery) => query.include.includes("steps"),
    keys: (flowRun: FlowRun) => [flowRun.id],
  },
}

/**
 * Prefect 3: the flow runs of a server, or of a workspace of Prefect Cloud.
 *
 * @example
 * const client = createClient(prefect({ baseUrl: "http://127.0.0.1:4200/api" }), { name: "etl" })
 */
export const prefect = Adapter.make({
  id: "prefect",
  title: "Prefect",
  settings: {
    apiKey: Setting.optionalSecret(
      "API key, or user:password where the server asks for those; none where it is open",
    ),
    baseUrl: Setting.url("Address of the API", { default: "http://127.0.0.1:4200/api" }),
    maxDelay: Setting.span(
      "How far from when it was due a flow run may start, or end without a start",
      { default: "7d", tunes: true },
    ),
  },
  baseUrl: (config) => config.baseUrl,
  auth: ({ apiKey }) => {
    if (apiKey === null) return Auth.none
    return Redacted.value(apiKey).includes(":") ? Auth.basic(apiKey) : Auth.bearer(apiKey)
  },
  statuses,
  joins: {
    flows: Join.make({
      ...rows,
      ...byId,
      route: "POST /flows/filter",
      request: ({ keys, offset }) => filter("/flows", { flows: { id: { any_: keys } }, offset }),
      row: Flow,
    }),
    parents: Join.make({
      ...rows,
      ...byId,
      route: "POST /task_runs/filter",
      request: ({ keys, offset }) =>
        filter("/task_runs", { task_runs: { id: { any_: keys } }, offset }),
      row: TaskRun,
    }),
    taskRuns: Join.make({
      ...rows,
      route: "POST /task_runs/filter",
      request: ({ keys, offset }) =>
        filter("/task_runs", { flow_runs: { id: { any_: keys } }, offset, sort: "ID_DESC" }),
      row: TaskRun,
      id: (taskRun) => taskRun.id,
      key: (taskRun) => taskRun.flow_run_id ?? "",
    }),
  },
  list: {
    route: "POST /flow_runs/filter",
    // A limit that is too large is refused, even where an operator has lowered it.
    pagination: Pagination.offset({ offset: "offset", size: "limit", fillsPages: true }),
    maxPageSize: 200,
    orders: ["newest", "oldest"],
    gives: ["steps", "inputs"],
    time: {
      // It never changes, where the start does once: flow runs are planned before they start.
      at: (flowRun) => Wire.milliseconds(flowRun.expected_start_time),
      // All bounds are inclusive, and compare microseconds.
      before: (instant) => bounds("expected_start_time", { before_: endOf(instant) }),
      after: (instant) => bounds("expected_start_time", { after_: beginOf(instant) }),
      skew: (config) => config.maxDelay,
      delay: (config) => config.maxDelay,
      finish: {
        // Up to 3.6 what is canceled or crashes before it started has no end.
        statuses: ["succeeded", "timed_out"],
        before: (instant) => bounds("end_time", { before_: endOf(instant) }),
        after: (instant) => bounds("end_time", { after_: beginOf(instant) }),
      },
      listsPlanned: true,
      withoutPlanned: { flow_runs: { state: { type: { not_any_: ["SCHEDULED"] } } } },
      walk: "windows",
    },
    filters: () => ({
      workflowId: Filter.provider(
        (id) => (Id.uuid.fits(id) ? { flows: { id: { any_: [id] } } } : null),
        { note: "the ids of Prefect's flows are UUIDs" },
      ),
      // What timed out is of the type FAILED.
      status: Filter.words(
        Object.keys(statuses),
        (words) => ({ flow_runs: { state: { type: { any_: typesOf(words) } } } }),
        { isSuperset: true },
      ),
      actorId: Filter.here,
      tag: Filter.provider((tag) => ({ flow_runs: { tags: { all_: [tag] } } })),
      attributes: {
        state_name: Filter.provider((name) => ({
          flow_runs: { state: { name: { any_: [name] } } },
        })),
        deployment_id: Filter.provider((id) =>
          Id.uuid.fits(id) ? { flow_runs: { deployment_id: { any_: [id] } } } : null,
        ),
        work_queue_name: Filter.provider((name) => ({
          flow_runs: { work_queue_name: { any_: [name] } },
        })),
      },
      search: Filter.unsupported("it has no search over flow runs."),
    }),
    // A limit that an operator has lowered is refused, so that none is sent: the rest is asked for again.
    byIds: {
      most: 200,
      params: (ids) => ({ flow_runs: { id: { any_: ids.filter((id) => Id.uuid.fits(id)) } } }),
    },
    request: ({ query: { order }, params }) =>
      filter("/flow_runs", {
        ...params,
        sort: order === "oldest" ? "EXPECTED_START_TIME_ASC" : "EXPECTED_START_TIME_DESC",
      }),
    page: Rows,
    info: (page) => ({ items: page }),
    item: FlowRun,
    itemId: (flowRun) => flowRun.id,
    joins: belongings,
    toExecution: (flowRun, { config, joined }) => toExecution(flowRun, config.baseUrl, joined),
  },
  get: {
    route: "GET /flow_runs/{id}",
    gives: ["steps", "inputs"],
    id: Id.uuid,
    request: ({ id }) => ({ method: "GET", path: `/flow_runs/${id}` }),
    item: FlowRun,
    listedAt: (flowRun) => Wire.milliseconds(flowRun.expected_start_time),
    joins: belongings,
    toExecution: (flowRun, { config, joined }) => toExecution(flowRun, config.baseUrl, joined),
  },
  // A flow run is retried under its id.
  reopens: true,
  problem: (_status, body) => ({ message: messageOf(body) }),
})

export default prefect

const messageOf = (body: unknown): string | undefined => {
  const problem = Result.getOrUndefined(Schema.decodeUnknownResult(Problem)(body))
  // Of the details only what they complain of: they quote the whole request as well.
  const details = problem?.exception_detail?.map(({ loc, msg }) =>
    [loc?.join("."), msg].filter((part) => part).join(": "),
  )
  return details?.join("; ") || problem?.detail || problem?.exception_message || undefined
}

const filter = (path: string, body: JsonObject) => ({
  method: "POST" as const,
  path: `${path}/filter`,
  body,
})

const bounds = (field: string, range: JsonObject): JsonObject => ({ flow_runs: { [field]: range } })

/** The first microsecond of a millisecond. */
const beginOf = (instant: number): string => new Date(instant).toISOString()

/** The last microsecond of a millisecond. */
const endOf = (instant: number): string => beginOf(instant).replace("Z", "999Z")
