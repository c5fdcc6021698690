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
    /** API key, or user:password if the server asks for those; omit it for an open server. */
    apiKey: Setting.optionalSecret(
      "API key, or user:password if the server asks for those; omit it for an open server",
    ),
    /** Address of the API. Default: `http://127.0.0.1:4200/api`. */
    baseUrl: Setting.url("Address of the API", { default: "http://127.0.0.1:4200/api" }),
    /**
     * Longest time between a flow run's due time and its start, or its end without a start.
     * Default: `7d`.
     */
    maxDelay: Setting.span(
      "Longest time between a flow run's due time and its start, or its end without a start",
      { default: "7d", tunes: true },
    ),
  },
  auth: (config) => Auth.basicOrBearer(config.apiKey),
  statuses,
  triggers,
  joins,
  list: {
    route: "POST /flow_runs/filter",
    // A limit that is too large is rejected, even if an operator has lowered the maximum.
    pagination: Pagination.offset({ offset: "offset", size: "limit", fillsPages: true }),
    maxPageSize: 200,
    orders: {
      newest: { sort: "EXPECTED_START_TIME_DESC" },
      oldest: { sort: "EXPECTED_START_TIME_ASC" },
    },
    gives: ["steps", "inputs"],
    time: {
      // It never changes, unlike the start: flow runs are planned before they start.
      at: (flowRun) => Wire.instant.iso(flowRun.expected_start_time),
      before: (instant) => runs({ expected_start_time: until(instant) }),
      after: (instant) => runs({ expected_start_time: since(instant) }),
      skew: (config) => config.maxDelay,
      delay: (config) => config.maxDelay,
      finish: {
        // Up to 3.6, a flow run that is canceled or crashes before its start has no end.
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
      // A timed-out flow run has the type FAILED.
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
    // No limit is sent, because one above an operator's lower maximum is rejected. Missing ids are
    // requested again.
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
