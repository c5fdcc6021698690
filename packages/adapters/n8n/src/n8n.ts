import { Adapter, Auth, Filter, Pagination, Setting } from "@execlog/core"
import { toExecution } from "./execution.js"
import { statuses } from "./statuses.js"
import { Item, Items } from "./wire.js"

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
    apiKey: Setting.secret("API key of an n8n user"),
    baseUrl: Setting.ownUrl("Address of the API, /api/v1 included", {
      example: "https://n8n.example.com/api/v1",
    }),
  },
  baseUrl: (config) => config.baseUrl,
  auth: (config) => Auth.header("x-n8n-api-key", config.apiKey),
  statuses,
  list: {
    route: "GET /executions",
    pagination: Pagination.cursor({ cursor: "cursor", size: "limit", keyset: true }),
    maxPageSize: 250,
    gives: ["steps", "inputs", "outputs"],
    time: { at: (item) => Number(item.id), isSequence: true, walk: "pages" },
    filters: () => ({
      workflowId: Filter.provider((workflowId) => ({ workflowId })),
      // It takes waiting too, and finds none: what waits is not listed by the process that ran it.
      status: Filter.words(["canceled", "crashed", "error", "running", "success"], (words) => {
        // What crashed is an error to its filter, and no word of its own.
        const [word = "", ...more] = words.filter((one) => one !== "crashed")
        return more.length === 0 ? { status: word } : null
      }),
      actorId: Filter.unsupported("its log does not tell who started an execution."),
      search: Filter.unsupported("it has no search."),
    }),
    omits: {
      statuses: ["queued", "running", "waiting"],
      note: "it lists running executions only where no other status is asked for, and queued or waiting ones never; get gives each by its id.",
    },
    request: ({ query, params }) => ({
      method: "GET",
      path: "/executions",
      // A cursor holds the place and the limit alone: filters go with every request.
      query: query.include.some((part) => part !== "raw")
        ? { ...params, includeData: true }
        : params,
    }),
    page: Items,
    info: (page) => ({ items: page.data, next: page.nextCursor }),
    item: Item,
    itemId: (item) => String(item.id),
    toExecution: (item, { config }) => toExecution(item, config.baseUrl),
  },
  get: {
    route: "GET /executions/{id}",
    gives: ["steps", "inputs", "outputs"],
    refuse: (id) => (/^\d+$/.test(id) ? null : "it is not a number"),
    request: ({ id }) => ({
      method: "GET",
      path: `/executions/${id}`,
      query: { includeData: true },
    }),
    item: Item,
    toExecution: (item, { config }) => toExecution(item, config.baseUrl),
  },
})
