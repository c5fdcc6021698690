import {
  Adapter,
  Auth,
  Filter,
  Id,
  isJsonObject,
  Pagination,
  parseJson,
  Setting,
  Wire,
} from "@execlog/core"
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
    maxQueueTime: Setting.span("How long an execution waits in n8n's queue for its start at most", {
      default: "24h",
      tunes: true,
    }),
  },
  baseUrl: (config) => config.baseUrl,
  auth: (config) => Auth.header("x-n8n-api-key", config.apiKey),
  statuses,
  list: {
    route: "GET /executions",
    pagination: Pagination.cursor({ cursor: "cursor", size: "limit", keyset: true, resized }),
    maxPageSize: 250,
    gives: ["steps", "inputs", "outputs"],
    time: {
      isSequence: true,
      at: (item) => placeOf(String(item.id)),
      createdAt: ({ createdAt, startedAt }) =>
        Wire.instant(createdAt ?? startedAt)?.getTime() ?? null,
      // What waits for its turn starts later than it was made.
      skew: (config) => config.maxQueueTime,
      // Lists of version 2 know these; both bounds are inclusive.
      start: {
        // What crashed or was canceled may never have started.
        statuses: ["succeeded", "running"],
        after: (instant) => ({ startedAfter: new Date(instant).toISOString() }),
        before: (instant) => ({ startedBefore: new Date(instant).toISOString() }),
      },
      walk: "pages",
    },
    filters: () => ({
      workflowId: Filter.provider((workflowId) => ({ workflowId })),
      // It takes waiting too, and finds none: what waits is not listed by the process that ran it.
      // What crashed is an error to the filter of version 1, and a word of its own to that of 2.
      status: Filter.words(["canceled", "error", "running", "success"], ([word = "", ...more]) =>
        more.length === 0 ? { status: word } : null,
      ),
      actorId: Filter.unsupported("its log does not tell who started an execution."),
      tag: Filter.unsupported("its executions have no tags."),
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
    id: Id.either(Id.number, Id.uuid),
    request: ({ id }) => ({
      method: "GET",
      path: `/executions/${id}`,
      query: { includeData: true },
    }),
    item: Item,
    toExecution: (item, { config }) => toExecution(item, config.baseUrl),
  },
})

export default n8n

/** A cursor is JSON in base64: the last id, and the limit, which counts before that of the request. */
function resized(cursor: string, limit: number): string {
  const held = parseJson(atob(cursor))
  return isJsonObject(held) && typeof held["limit"] === "number" && held["limit"] !== limit
    ? btoa(JSON.stringify({ ...held, limit }))
    : cursor
}

/** Where an id stands in the list: numbers go down; UUIDv7, which engine 2 gives, come behind them. */
const placeOf = (id: string): number =>
  Id.uuid.fits(id) ? Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16) - 2 ** 52 : Number(id)
