import {
  type Actor,
  Adapter,
  Auth,
  type Execution,
  Filter,
  Id,
  type Json,
  Pagination,
  parseJson,
  Setting,
  type TriggerKind,
} from "@execlog/core"
import * as Schema from "effect/Schema"
import { LogRow, LogRows, NotWorkflowApp, Run } from "./wire.js"

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
    apiKey: Setting.secret("API key of the workflow app"),
    baseUrl: Setting.url("Address of the service API", { default: "https://api.dify.ai/v1" }),
    workflow: Setting.optional(
      "The workflow that the key belongs to, since Dify's log does not name it",
      Schema.Struct({ id: Schema.String, name: Schema.optionalKey(Schema.String) }),
      // The key decides what is read; this only gives it a name.
      { tunes: true },
    ),
    logDelay: Setting.span("How long after a run began its log row may be written", {
      default: "24h",
      tunes: true,
    }),
  },
  baseUrl: (config) => config.baseUrl,
  auth: (config) => Auth.bearer(config.apiKey),
  statuses: {
    running: "running",
    succeeded: "succeeded",
    failed: "failed",
    stopped: "canceled",
    "partial-succeeded": "partial",
    paused: "waiting",
  },
  list: {
    route: "GET /workflows/logs",
    pagination: Pagination.pageNumber({ page: "page", size: "limit" }),
    maxPageSize: 100,
    time: {
      // Filters and order go by the log row's time; it is shown in whole seconds.
      at: (row) => row.created_at * 1000,
      tick: 1000,
      delay: (config) => config.logDelay,
      // Both bounds are inclusive and compare hidden microseconds.
      before: (instant) => ({ created_at__before: `${isoSeconds(instant)}.999999Z` }),
      after: (instant) => ({ created_at__after: `${isoSeconds(instant)}Z` }),
      walk: "windows",
    },
    filters: (config) => ({
      workflowId:
        config.workflow === null
          ? Filter.unsupported(
              "its log does not name the workflow. Set the setting workflow to say which one the key belongs to.",
            )
          : Filter.fixed(config.workflow.id),
      // 1.12.1 refuses running, partial-succeeded and paused with 400.
      status: Filter.words(["succeeded", "failed", "stopped"], (words) =>
        words.length === 1 ? { status: words[0] ?? "" } : null,
      ),
      actorId: Filter.provider(
        (id) => (couldBeAccount(id) ? null : { created_by_end_user_session_id: id }),
        { note: "it may be an account or an end user, and Dify filters by either, not by both" },
      ),
      tag: Filter.unsupported("its executions have no tags."),
      search: Filter.provider((text) => (text.length <= 30 ? { keyword: text } : null), {
        note: "Dify cuts the text to search for at 30 characters.",
      }),
    }),
    request: ({ params }) => ({ method: "GET", path: "/workflows/logs", query: params }),
    page: LogRows,
    info: (page) => ({ items: page.data, more: page.has_more, total: page.total }),
    item: LogRow,
    itemId: (row) => row.workflow_run?.id ?? row.id,
    toExecution: (row, { config }) => {
      const { workflow_run: run, created_by_end_user: endUser, created_by_account: account } = row
      return {
        ...summary(run),
        // Without its run, a row still tells that something ran: its own id stands in.
        id: run?.id ?? row.id,
        workflow: { ...config.workflow, version: run?.version ?? null },
        trigger: trigger(row.created_from ?? null, run?.triggered_from ?? null),
        actor: actor(row),
        attributes: {
          log_id: row.id,
          created_by_role: row.created_by_role,
          triggered_from: run?.triggered_from,
          exceptions_count: run?.exceptions_count,
          account_id: typeof account === "string" ? account : account?.id,
          end_user_id: endUser?.id,
          end_user_type: endUser?.type,
          end_user_is_anonymous: endUser?.is_anonymous,
        },
      }
    },
  },
  get: {
    route: "GET /workflows/run/{id}",
    gives: ["inputs", "outputs"],
    id: Id.uuid,
    request: ({ id }) => ({ method: "GET", path: `/workflows/run/${id}` }),
    // A row without its run has only its own id, which is none of a run.
    idOf: ({ id, attributes }) => (attributes["log_id"] === id ? null : id),
    // An unknown run is answered with 200 and null in every field.
    isMissing: Schema.is(Schema.Struct({ id: Schema.Null, status: Schema.Null })),
    item: Run,
    toExecution: (run, { config }) => ({
      ...summary(run),
      id: run.id,
      workflow: config.workflow ?? {},
      inputs: parsed(run.inputs),
      outputs: parsed(run.outputs),
      attributes: { workflow_id: run.workflow_id },
    }),
  },
  problem: (_status, body) =>
    isNotWorkflowApp(body)
      ? {
          reason: "InvalidSettings",
          hint: "The key belongs to an app that is not a workflow. Use the key of a workflow app.",
        }
      : {},
})

export default dify

const isNotWorkflowApp = Schema.is(NotWorkflowApp)

type Summary = Partial<NonNullable<LogRow["workflow_run"]>> | null | undefined

/** What a log row's run and the answer of `get` share. */
const summary = (run: Summary) => ({
  providerStatus: run?.status ?? null,
  startedAt: instant(run?.created_at),
  finishedAt: instant(run?.finished_at),
  // Seconds with six decimals; rounding keeps the microsecond and drops the noise below it.
  durationMs:
    typeof run?.elapsed_time === "number" ? Math.round(run.elapsed_time * 1e6) / 1000 : null,
  error: run?.error ? { message: run.error } : null,
  usage: { totalTokens: run?.total_tokens ?? null, totalSteps: run?.total_steps ?? null },
})

const instant = (time: number | string | null | undefined): Date | null => {
  if (typeof time === "string") return new Date(time)
  return typeof time === "number" && time !== 0 ? new Date(time * 1000) : null
}

const isoSeconds = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().slice(0, 19)

/** Accounts are known by their e-mail, or by their uuid where an older server gives no more. */
const couldBeAccount = (actorId: string): boolean => actorId.includes("@") || Id.uuid.fits(actorId)

const actor = (row: LogRow): Actor | null => {
  const { created_by_account: account, created_by_end_user: endUser } = row
  // Rows of accounts carry an end user too, so the role decides.
  if (row.created_by_role === "account" || (!row.created_by_role && account)) {
    if (!account) return null
    return typeof account === "string"
      ? { kind: "account", id: account, name: null, email: null }
      : {
          kind: "account",
          id: account.email ?? account.id,
          name: account.name ?? null,
          email: account.email ?? null,
        }
  }
  if (!endUser) return null
  return { kind: "end_user", id: endUser.session_id ?? endUser.id, name: null, email: null }
}

const trigger = (
  createdFrom: string | null,
  triggeredFrom: string | null,
): Execution["trigger"] => {
  const decisive = triggerKinds.get(triggeredFrom)
  return decisive === undefined
    ? { kind: triggerKinds.get(createdFrom) ?? "unknown", providerKind: createdFrom }
    : { kind: decisive, providerKind: triggeredFrom }
}

const triggerKinds: ReadonlyMap<string | null, TriggerKind> = new Map([
  ["service-api", "api"],
  ["web-app", "manual"],
  ["installed-app", "manual"],
  ["debugging", "manual"],
  ["webhook", "webhook"],
  ["schedule", "schedule"],
  ["plugin", "event"],
] as const)

/** Inputs and outputs are a text of JSON, an object or null; a text that is no JSON stays as it is. */
const parsed = (value: Json | undefined): Json =>
  (typeof value === "string" ? parseJson(value) : undefined) ?? value ?? null
