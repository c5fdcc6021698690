import { Adapter, Auth, Filter, type JsonObject, Pagination, Setting, Wire } from "@execlog/core"
import { steps } from "./steps.js"
import { DetailedLog, DetailedLogs, Event, Events } from "./wire.js"

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
    apiKey: Setting.secret("API key of the Alloy account"),
    baseUrl: Setting.url("Address of the API", { default: "https://production.runalloy.com" }),
    apiVersion: Setting.text("Version of the API, sent as x-api-version", {
      default: "2025-09",
      tunes: true,
    }),
    maxDuration: Setting.optionalSpan(
      "How long an execution runs at most; with it, until is asked of Alloy",
      { tunes: true },
    ),
  },
  baseUrl: (config) => config.baseUrl,
  auth: (config) => Auth.bearer(config.apiKey),
  statuses: {
    executionStarted: "running",
    executionFinished: "succeeded",
    executionError: "failed",
  },
  list: {
    route: "GET /logs",
    pagination: Pagination.offset({ offset: "skip", size: "limit" }),
    maxPageSize: 100,
    time: {
      at: (event) => Wire.milliseconds(event.createdAt),
      // An end that lies behind the bound would leave a finished execution looking as if it ran.
      delay: (config) => config.maxDuration,
      before: (at) => where("createdAt", "lessthan", new Date(at + 1).toISOString()),
      after: (at) => where("createdAt", "greaterthan", new Date(at - 1).toISOString()),
      listsEnds: true,
      walk: "windows",
    },
    filters: () => ({
      workflowId: Filter.provider((workflowId) => ({ workflowId })),
      actorId: Filter.provider((associatedUserId) => ({ associatedUserId })),
      // The start says too little: a running execution is one whose end is not found.
      status: Filter.words(["executionFinished", "executionError"], (words) =>
        words.length === 1
          ? where("message", "equals", words[0] ?? "")
          : where("message", "notequals", "executionStarted"),
      ),
      attributes: {
        executionId: Filter.provider((id) => where("data.executionId", "equals", id)),
        integrationId: Filter.provider((id) =>
          where("forgeWorkflow.integrationId._id", "equals", id),
        ),
        workflowVersion: Filter.provider((version) => where("workflowVersion", "equals", version)),
      },
      tag: Filter.unsupported("its executions have no tags."),
      search: Filter.unsupported("it has no search."),
    }),
    lookup: "executionId",
    request: ({ config, params }) => ({
      method: "GET",
      path: "/logs",
      query: { ...params, sortBy: "createdAt", sortOrder: "desc" },
      headers: { "x-api-version": config.apiVersion },
    }),
    page: Events,
    info: (page) => ({ items: page.notifications, total: page.pagination?.totalItems }),
    item: Event,
    itemId: (event) => event.data.executionUuid,
    fold: {
      merge: (events) => events.find(isEnd) ?? events[0],
      isFirst: (event) => event.message === "executionStarted",
      isLast: isEnd,
      startedAt: (event) => Wire.instant(event.startedAt)?.getTime() ?? null,
    },
    toExecution: (event) => ({
      id: event.data.executionUuid,
      providerStatus: event.message,
      workflow: {
        id: event.forgeWorkflowId ?? null,
        name: event.forgeWorkflow?.name ?? null,
        version: event.workflowVersion?.toString() ?? null,
      },
      startedAt: Wire.instant(event.startedAt),
      finishedAt: Wire.instant(event.completedAt),
      actor: event.userId
        ? {
            kind: "end_user",
            id: event.userId,
            name: event.user?.fullName ?? null,
            email: event.user?.email ?? null,
          }
        : null,
      attributes: {
        executionId: event.data.executionId,
        workflowId: event.workflowId,
        workflowVersion: event.workflowVersion,
        teamId: event.teamId,
        customVersion: event.customVersion,
        integrationId: event.forgeWorkflow?.integrationId?._id,
        integrationName: event.forgeWorkflow?.integrationId?.name,
      },
    }),
  },
  detail: {
    when: ({ workflowId, include }) =>
      workflowId !== null && include.some((part) => part !== "raw"),
    route: "GET /workflows/{workflowId}/logs",
    pagination: Pagination.pageNumber({ page: "page", size: "limit" }),
    maxPageSize: 30,
    orders: ["newest", "oldest"],
    gives: ["steps", "inputs", "outputs"],
    // The list is taken to go by the start, the only time that every item has.
    time: { at: (log) => Wire.milliseconds(log.startedAt), delay: () => 0, walk: "pages" },
    filters: () => ({
      workflowId: Filter.provider((workflowId) => ({ workflowId })),
      actorId: Filter.provider((userId) => ({ userId })),
      status: Filter.here,
      providerStatus: Filter.unsupported("the log of a workflow has no words for a status."),
      otherAttributes: Filter.unsupported("the log of a workflow has no attributes."),
      tag: Filter.unsupported("its executions have no tags."),
      search: Filter.unsupported("it has no search."),
    }),
    request: ({ config, query, params: { workflowId: _, ...params } }) => ({
      method: "GET",
      path: `/workflows/${encodeURIComponent(query.workflowId ?? "")}/logs`,
      query: { ...params, order: query.order === "newest" ? "desc" : "asc" },
      headers: { "x-api-version": config.apiVersion },
    }),
    page: DetailedLogs,
    info: (page) => ({ items: page.data }),
    item: DetailedLog,
    itemId: (log) => log.executionId,
    toExecution: (log, { query }) => {
      const allSteps = steps(log)
      const failed = allSteps.find(({ error }) => error !== null)
      const finishedAt = Wire.instant(log.stoppedAt)
      const status = log.finished ? "succeeded" : finishedAt === null ? "running" : "failed"
      return {
        id: log.executionId,
        status,
        providerStatus: null,
        workflow: { id: query.workflowId },
        startedAt: Wire.instant(log.startedAt),
        finishedAt,
        error: status === "failed" && failed?.error ? { ...failed.error, stepId: failed.id } : null,
        actor:
          query.actorId === null
            ? null
            : { kind: "end_user", id: query.actorId, name: null, email: null },
        steps: allSteps,
        inputs: log.inputs?.[0]?.data ?? null,
        outputs: log.results?.at(-1)?.data ?? null,
      }
    },
  },
})

export default alloy

/** A condition of the `filters` parameter; Alloy joins them with `and`, and knows nothing else. */
const where = (column: string, operator: string, value: string): JsonObject => ({
  filters: [
    {
      columns: { value: column },
      operators: { value: operator },
      userinput: { value },
      condition: { value: "and" },
    },
  ],
})

function isEnd(event: Event): boolean {
  return event.message === "executionFinished" || event.message === "executionError"
}
