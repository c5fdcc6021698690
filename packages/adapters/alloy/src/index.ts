import { Adapter, Auth, Filter, Pagination, Setting, Wire } from "@execlog/core/adapter"
import { fromDetail, fromList, isEnd, statuses } from "./execution.js"
import { equals, where } from "./request.js"
import { DetailedLog, Event } from "./wire.js"

/**
 * Alloy Embedded: the executions of all workflows of all users of one account.
 *
 * @example
 * const client = createClient(alloy({ apiKey: process.env.ALLOY_API_KEY }), { name: "production" })
 */
export const alloy = Adapter.make({
  id: "alloy",
  title: "Alloy",
  settings: {
    /** API key of the Alloy account. */
    apiKey: Setting.secret("API key of the Alloy account"),
    /** Address of the API. Default: `https://production.runalloy.com`. */
    baseUrl: Setting.url("Address of the API", { default: "https://production.runalloy.com" }),
    /** Version of the API, sent as x-api-version. Default: `2025-09`. */
    apiVersion: Setting.text("Version of the API, sent as x-api-version", {
      default: "2025-09",
      tunes: true,
    }),
    /** Longest duration of an execution; if set, until is sent to Alloy. */
    maxDuration: Setting.optionalSpan(
      "Longest duration of an execution; if set, until is sent to Alloy",
      { tunes: true },
    ),
  },
  auth: (config) => Auth.bearer(config.apiKey),
  headers: (config) => ({ "x-api-version": config.apiVersion }),
  statuses,
  list: {
    route: "GET /logs",
    pagination: Pagination.offset({ offset: "skip", size: "limit" }),
    maxPageSize: 100,
    orders: { newest: { sortBy: "createdAt", sortOrder: "desc" } },
    time: {
      at: (event) => Wire.instant.iso(event.createdAt),
      // If the bound cuts off the end event, a finished execution looks like a running one.
      delay: (config) => config.maxDuration,
      before: (at) => where("createdAt", "lessthan", Wire.isoText(at + 1)),
      after: (at) => where("createdAt", "greaterthan", Wire.isoText(at - 1)),
      listsEnds: true,
      walk: "windows",
    },
    filters: {
      workflowId: Filter.param("workflowId"),
      actorId: Filter.param("associatedUserId"),
      // Start events do not show running executions: those are the ones without an end event.
      status: Filter.words(["executionFinished", "executionError"], (words) =>
        words.length === 1
          ? where("message", "equals", words[0] ?? "")
          : where("message", "notequals", "executionStarted"),
      ),
      attributes: {
        executionId: equals("data.executionId"),
        integrationId: equals("forgeWorkflow.integrationId._id"),
        workflowVersion: equals("workflowVersion"),
      },
    },
    lookup: "executionId",
    page: { items: "notifications", total: "pagination.totalItems" },
    item: Event,
    itemId: (event) => event.data.executionUuid,
    fold: {
      merge: (events) => events.find(isEnd) ?? events[0],
      isFirst: (event) => event.message === "executionStarted",
      isLast: isEnd,
      startedAt: (event) => Wire.instant.iso(event.startedAt),
    },
    toExecution: fromList,
  },
  detail: {
    when: ({ workflowId, include }) =>
      workflowId !== null && include.some((part) => part !== "raw"),
    route: "GET /workflows/{workflowId}/logs",
    pagination: Pagination.pageNumber({ page: "page", size: "limit" }),
    maxPageSize: 30,
    orders: { newest: { order: "desc" }, oldest: { order: "asc" } },
    gives: ["steps", "inputs", "outputs"],
    // The list is assumed to be ordered by the start, the only time that every item has.
    time: { at: (log) => Wire.instant.iso(log.startedAt), delay: () => 0, walk: "pages" },
    filters: {
      workflowId: Filter.param("workflowId"),
      actorId: Filter.param("userId"),
      status: Filter.here,
      providerStatus: Filter.unsupported("the log of a workflow has no words for a status."),
      otherAttributes: Filter.unsupported("the log of a workflow has no attributes."),
    },
    page: { items: "data" },
    item: DetailedLog,
    itemId: (log) => log.executionId,
    toExecution: fromDetail,
  },
})

export default alloy
