import { Adapter, Auth, Filter, Id, Pagination, Setting, Wire } from "@execlog/core/adapter"
import { fromList, statuses, triggers } from "./execution.js"
import { listPositionOf, resized } from "./request.js"
import { Item } from "./wire.js"

/**
 * n8n: the executions of all workflows of one instance that the key may read.
 *
 * @example
 * const baseUrl = "https://n8n.example.com/api/v1"
 * const client = createClient(n8n({ baseUrl, apiKey: process.env.N8N_API_KEY }), { name: "shop" })
 */
export const n8n = Adapter.make({
  id: "n8n",
  title: "n8n",
  settings: {
    /** API key of an n8n user. */
    apiKey: Setting.secret("API key of an n8n user"),
    /** Address of the API, including /api/v1. */
    baseUrl: Setting.ownUrl("Address of the API, including /api/v1", {
      example: "https://n8n.example.com/api/v1",
    }),
    /** Longest time that an execution waits in n8n's queue for its start. Default: `24h`. */
    maxQueueTime: Setting.span(
      "Longest time that an execution waits in n8n's queue for its start",
      { default: "24h", tunes: true },
    ),
  },
  auth: (config) => Auth.header("x-n8n-api-key", config.apiKey),
  statuses,
  triggers,
  list: {
    route: "GET /executions",
    pagination: Pagination.cursor({ cursor: "cursor", size: "limit", keyset: true, resized }),
    maxPageSize: 250,
    gives: ["steps", "inputs", "outputs"],
    time: {
      isSequence: true,
      at: (item) => listPositionOf(String(item.id)),
      createdAt: ({ createdAt, startedAt }) => Wire.instant.iso(createdAt ?? startedAt),
      // A queued execution starts later than it was created.
      skew: (config) => config.maxQueueTime,
      // Lists of version 2 support these bounds; both are inclusive.
      start: {
        // A crashed or canceled execution may never have started.
        statuses: ["succeeded", "running"],
        after: (instant) => ({ startedAfter: Wire.isoText(instant) }),
        before: (instant) => ({ startedBefore: Wire.isoText(instant) }),
      },
      walk: "pages",
    },
    filters: {
      workflowId: Filter.param("workflowId"),
      // The filter also accepts waiting but finds nothing, because the process that ran a waiting
      // execution does not list it. Version 1 filters crashed executions as error; version 2 has a
      // word of its own.
      status: Filter.oneWord("status", ["canceled", "error", "running", "success"]),
    },
    omits: {
      statuses: ["queued", "running", "waiting"],
      note: "it lists running executions only where no other status is asked for, and queued or waiting ones never; get gives each by its id.",
    },
    // A cursor contains only the place and the limit: filters go with every request.
    params: ({ query: { include } }) =>
      include.some((part) => part !== "raw") ? { includeData: true } : {},
    page: { items: "data", next: "nextCursor" },
    item: Item,
    itemId: (item) => String(item.id),
    toExecution: fromList,
  },
  get: {
    route: "GET /executions/{id}",
    gives: ["steps", "inputs", "outputs"],
    id: Id.either(Id.number, Id.uuid),
    params: { includeData: true },
  },
})

export default n8n
