import { Adapter, Auth, Filter, Id, Pagination, Setting, Wire } from "@execlog/core/adapter"
import { fromList, statuses, triggers, typesOf } from "./execution.js"
import { belongings, joins, runs, since, until } from "./request.js"
import { FlowRun, messageOf } from "./wire.js"

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
    /** API key, or user:password where the server asks for those; none where it is open. */
    apiKey: Setting.optionalSecret(
      "API key, or user:password where the server asks for those; none where it is open",
    ),
    /** Address of the API. Default: `http://127.0.0.1:4200/api`. */
    baseUrl: Setting.url("Address of the API", { default: "http://127.0.0.1:4200/api" }),
    /** How far from when it was due a flow run may start, or end without a start. Default: `7d`. */
    maxDelay: Setting.span(
      "How far from when it was due a flow run may start, or end without a start",
      { default: "7d", tunes: true },
    ),
  },
  auth: (config) => Auth.basicOrBearer(config.apiKey),
  statuses,
  triggers,
  joins,
  list: {
    route: "POST /flow_runs/filter",
    // A limit that is too large is refused, even where an operator has lowered it.
    pagination: Pagination.offset({ offset: "offset", size: "limit", fillsPages: true }),
    maxPageSize: 200,
    orders: {
      newest: { sort: "EXPECTED_START_TIME_DESC" },
      oldest: { sort: "EXPECTED_START_TIME_ASC" },
    },
    gives: ["steps", "inputs"],
    time: {
      // It never changes, where the start does once: flow runs are planned before they start.
      at: (flowRun) => Wire.instant.iso(flowRun.expected_start_time),
      before: (instant) => runs({ expected_start_time: until(instant) }),
      after: (instant) => runs({ expected_start_time: since(instant) }),
      skew: (config) => config.maxDelay,
      delay: (config) => config.maxDelay,
      finish: {
        // Up to 3.6 what is canceled or crashes before it started has no end.
        statuses: ["succeeded", "timed_out"],
        before: (instant) => runs({ end_time: until(instant) }),
        after: (instant) => runs({ end_time: since(instant) }),
      },
      listsPlanned: true,
      withoutPlanned: runs({ state: { type: { not_any_: ["SCHEDULED"] } } }),
      walk: "windows",
    },
    filters: {
      workflowId: Filter.provider((id) => ({ flows: { id: { any_: [id] } } }), {
        takes: Id.uuid.fits,
        note: "the ids of Prefect's flows are UUIDs",
      }),
      // What timed out is of the type FAILED.
      status: Filter.words(
        Object.keys(statuses),
        (words) => runs({ state: { type: { any_: typesOf(words) } } }),
        { isSuperset: true },
      ),
      actorId: Filter.here,
      tag: Filter.provider((tag) => runs({ tags: { all_: [tag] } })),
      attributes: {
        state_name: Filter.provider((name) => runs({ state: { name: { any_: [name] } } })),
        deployment_id: Filter.provider((id) => runs({ deployment_id: { any_: [id] } }), {
          takes: Id.uuid.fits,
        }),
        work_queue_name: Filter.provider((name) => runs({ work_queue_name: { any_: [name] } })),
      },
      search: Filter.unsupported("it has no search over flow runs."),
    },
    // A limit that an operator has lowered is refused, so that none is sent: the rest is asked for again.
    byIds: {
      most: 200,
      params: (ids) => runs({ id: { any_: ids.filter(Id.uuid.fits) } }),
    },
    item: FlowRun,
    itemId: (flowRun) => flowRun.id,
    joins: belongings,
    toExecution: fromList,
  },
  get: { route: "GET /flow_runs/{id}", id: Id.uuid, gives: ["steps", "inputs"] },
  // A flow run is retried under its id.
  reopens: true,
  problem: (_status, body) => ({ message: messageOf(body) }),
})

export default prefect
