import { Adapter, Auth, Filter, Id, Pagination, Setting, Wire } from "@execlog/core/adapter"
import { fromList, statuses, triggers } from "./execution.js"
import { placeOf, resized } from "./request.js"
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
    /** Address of the API, /api/v1 included. */
    baseUrl: Setting.ownUrl("Address of the API, /api/v1 included", {
      example: "https://n8n.example.com/api/v1",
    }),
    /** How long an execution waits in n8n's queue for its start at most. Default: `24h`. */
    maxQueueTime: Setting.span("How long an execution waits in n8n's queue for its start at most", {
      default: "24h",
      tunes: true,
    }),
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
      at: (item) => placeOf(String(item.id)),
      createdAt: ({ createdAt, startedAt }) => Wire.instant.iso(createdAt ?? startedAt),
      // What waits for its turn starts later than it was made.
      skew: (config) => config.maxQueueTime,
      // Lists of version 2 know these; both bounds are inclusive.
      start: {
        // What crashed or was canceled may never have started.
        statuses: ["succeeded", "running"],
        after: (instant) => ({ startedAfter: Wire.isoText(instant) }),
        before: (instant) => ({ startedBefore: Wire.isoText(instant) }),
      },
      walk: "pages",
    },
    filters: {
      workflowId: Filter.param("workflowId"),
      // It takes waiting too, and finds none: what waits is not listed by the process that ran it.
      // What crashed is an error to the filter of version 1, and a word of its own to that of 2.
      status: Filter.oneWord("status", ["canceled", "error", "running", "success"]),
    },
    omits: {
      statuses: ["queued", "running", "waiting"],
      note: "it lists running executions only where no other status is asked for, and queued or waiting ones never; get gives each by its id.",
    },
    // A cursor holds the place and the limit alone: filters go with every request.
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
