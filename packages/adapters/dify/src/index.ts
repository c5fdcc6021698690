import { Adapter, Auth, Filter, Id, Pagination, Setting, Wire } from "@execlog/core/adapter"
import * as Schema from "effect/Schema"
import { fromGet, fromList, statuses, triggers } from "./execution.js"
import { LogRow, MissingRun, NotWorkflowApp, Run } from "./wire.js"

/**
 * Dify: the runs of one workflow app. One API key is one app.
 *
 * @example
 * const client = createClient(dify({ apiKey: process.env.DIFY_API_KEY }), { name: "support-bot" })
 */
export const dify = Adapter.make({
  id: "dify",
  title: "Dify",
  settings: {
    /** API key of the workflow app. */
    apiKey: Setting.secret("API key of the workflow app"),
    /** Address of the service API. Default: `https://api.dify.ai/v1`. */
    baseUrl: Setting.url("Address of the service API", { default: "https://api.dify.ai/v1" }),
    /** The workflow that the key belongs to, since Dify's log does not name it. */
    workflow: Setting.optional(
      "The workflow that the key belongs to, since Dify's log does not name it",
      Schema.Struct({ id: Schema.String, name: Schema.optionalKey(Schema.String) }),
      // The key decides what is read; this setting only names it.
      { tunes: true },
    ),
    /** Longest time between the start of a run and its log row. Default: `24h`. */
    logDelay: Setting.span("Longest time between the start of a run and its log row", {
      default: "24h",
      tunes: true,
    }),
  },
  auth: (config) => Auth.bearer(config.apiKey),
  statuses,
  triggers,
  list: {
    route: "GET /workflows/logs",
    pagination: Pagination.pageNumber({ page: "page", size: "limit" }),
    maxPageSize: 100,
    time: {
      // Filters and order use the log row's time, which is shown in whole seconds.
      at: (row) => row.created_at * 1000,
      tick: 1000,
      delay: (config) => config.logDelay,
      // Both bounds are inclusive and compare the hidden microseconds.
      before: (instant) => ({ created_at__before: Wire.lastMicrosecond(instant, 1000) }),
      after: (instant) => ({ created_at__after: Wire.isoText(instant).replace(".000Z", "Z") }),
      walk: "windows",
    },
    filters: (config) => ({
      workflowId: Filter.fixed(config.workflow?.id, {
        note: "its log does not name the workflow.",
        hint: "Set the setting workflow to say which one the key belongs to.",
      }),
      // 1.12.1 rejects running, partial-succeeded and paused with 400.
      status: Filter.oneWord("status", ["succeeded", "failed", "stopped"]),
      actorId: Filter.param("created_by_end_user_session_id", {
        // Accounts are identified by e-mail, or by UUID on older servers that return no e-mail.
        takes: (id) => !id.includes("@") && !Id.uuid.fits(id),
        note: "it may be an account or an end user, and Dify filters by either, not by both",
      }),
      search: Filter.param("keyword", {
        takes: (text) => text.length <= 30,
        note: "Dify cuts the text to search for at 30 characters.",
        hint: "Use at most 30 characters.",
      }),
    }),
    page: { items: "data", more: "has_more", total: "total" },
    item: LogRow,
    itemId: (row) => row.workflow_run?.id ?? row.id,
    toExecution: fromList,
  },
  get: {
    route: "GET /workflows/run/{id}",
    gives: ["inputs", "outputs"],
    id: Id.uuid,
    // A row without its run has only its own id, which is not the id of a run.
    idOf: ({ id, attributes }) => (attributes["log_id"] === id ? null : id),
    isMissing: Schema.is(MissingRun),
    item: Run,
    toExecution: fromGet,
  },
  problem: (_status, body) =>
    Schema.is(NotWorkflowApp)(body)
      ? {
          reason: "InvalidSettings",
          hint: "The key belongs to an app that is not a workflow. Use the key of a workflow app.",
        }
      : {},
})

export default dify
