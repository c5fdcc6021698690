import { Adapter, Auth, Filter, Join, Pagination, Setting, Wire } from "@execlog/core/adapter"
import * as Schema from "effect/Schema"

const Run = Schema.Struct({
  info: Wire.item(
    { run_id: Wire.id, experiment_id: Wire.id, start_time: Wire.epochMilliseconds },
    {
      status: Schema.String,
      user_id: Schema.String,
      run_name: Schema.String,
      end_time: Wire.epochMilliseconds,
    },
  ),
})
type Run = typeof Run.Type

const Experiment = Schema.Struct({ experiment_id: Wire.id })

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`\'`)}'`

/** One condition of the filter; all of them are joined into one text. */
const condition = (text: string) => ({ filter: [text] })

const toExecution = ({ info }: Run) => ({
  id: info.run_id,
  providerStatus: info.status ?? null,
  workflow: { id: info.experiment_id },
  startedAt: Wire.instant.milliseconds(info.start_time),
  finishedAt: Wire.instant.milliseconds(info.end_time),
  actor: { kind: "account" as const, id: info.user_id },
  attributes: { ...Wire.pick(info, "run_name") },
})

/**
 * An invented provider like MLflow: its list is requested with the ids of experiments, which another
 * endpoint returns in pages with a token, and its page tokens count rows.
 */
export const tracking = Adapter.make({
  id: "tracking",
  title: "Tracking",
  settings: {
    token: Setting.secret("The token of the account"),
    baseUrl: Setting.url("Where the server is", { default: "https://tracking.example.com/api" }),
  },
  auth: (config) => Auth.bearer(config.token),
  statuses: {
    SCHEDULED: "queued",
    RUNNING: "running",
    FINISHED: "succeeded",
    FAILED: "failed",
    KILLED: "canceled",
  },
  list: {
    route: "POST /runs/search",
    within: Join.all({
      route: "POST /experiments/search",
      most: 50,
      when: ({ workflowId }) => workflowId === null,
      page: { rows: "experiments", next: "next_page_token" },
      params: ({ token }) => ({
        max_results: 2,
        ...(token === null ? {} : { page_token: token }),
      }),
      row: Experiment,
      id: (experiment) => experiment.experiment_id,
    }),
    params: ({ within }) => ({ experiment_ids: [...within] }),
    pagination: Pagination.cursor({ cursor: "page_token", size: "max_results" }),
    maxPageSize: 200,
    orders: {
      newest: { order_by: ["attributes.start_time DESC"] },
      oldest: { order_by: ["attributes.start_time ASC"] },
    },
    time: {
      at: ({ info }) => info.start_time,
      delay: () => 0,
      before: (to) => condition(`attributes.start_time <= ${to}`),
      after: (from) => condition(`attributes.start_time >= ${from}`),
      walk: "windows",
    },
    filters: {
      workflowId: Filter.provider((experiment) => ({ experiment_ids: [experiment] })),
      actorId: Filter.provider((user) => condition(`attributes.user_id = ${quoted(user)}`)),
      status: Filter.words(["SCHEDULED", "RUNNING", "FINISHED", "FAILED", "KILLED"], (words) =>
        condition(`attributes.status IN (${words.map(quoted).join(",")})`),
      ),
    },
    request: ({ params }) => {
      const { filter, ...rest } = params
      const body = Array.isArray(filter) ? { ...rest, filter: filter.join(" AND ") } : rest
      return { method: "POST", path: "/runs/search", body }
    },
    page: { items: "runs", next: "next_page_token" },
    item: Run,
    itemId: ({ info }) => info.run_id,
    toExecution,
  },
  get: {
    route: "GET /runs/get",
    request: ({ id }) => ({ method: "GET", path: "/runs/get", query: { run_id: id } }),
    item: Schema.Struct({ run: Run }),
    listedAt: ({ run }) => run.info.start_time,
    toExecution: ({ run }) => toExecution(run),
  },
})

export default tracking
