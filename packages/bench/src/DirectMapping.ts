import type { Actor, Execution, ExecutionStatus, TriggerKind } from "@execlog/core"
import type { CheckedRow } from "./ZodReader.ts"

/**
 * A log row as an Execution in one step, as somebody would write it by hand for Dify alone. It
 * gives what the adapter and core give, which the benchmark checks before it measures.
 */
export const toExecution = (row: CheckedRow, connection: string): Execution => {
  const run = row.workflow_run
  const status = statuses[run?.status ?? ""] ?? "unknown"
  const isOver = status !== "running" && status !== "waiting" && status !== "unknown"
  return {
    provider: "dify",
    connection,
    id: run?.id ?? row.id,
    workflow: { id: null, name: null, version: run?.version ?? null },
    status,
    providerStatus: run?.status ?? null,
    timestamp: instant(run?.created_at),
    scheduledFor: null,
    startedAt: instant(run?.created_at),
    finishedAt: instant(run?.finished_at),
    listedAt: new Date(row.created_at * 1000),
    durationMs:
      isOver && typeof run?.elapsed_time === "number"
        ? Math.round(run.elapsed_time * 1e6) / 1000
        : null,
    error: run?.error ? { message: run.error, type: null, stepId: null } : null,
    trigger: trigger(row.created_from ?? null, run?.triggered_from ?? null),
    actor: actor(row),
    attempt: null,
    retryOf: null,
    parentId: null,
    tags: [],
    usage: { totalTokens: run?.total_tokens ?? null, totalSteps: run?.total_steps ?? null },
    url: null,
    attributes: attributes(row),
  }
}

const statuses: Readonly<Record<string, ExecutionStatus>> = {
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  stopped: "canceled",
  "partial-succeeded": "partial",
  paused: "waiting",
}

const triggerKinds: Readonly<Record<string, TriggerKind>> = {
  "service-api": "api",
  "web-app": "manual",
  "installed-app": "manual",
  debugging: "manual",
  webhook: "webhook",
  schedule: "schedule",
  plugin: "event",
}

const instant = (seconds: number | null | undefined): Date | null =>
  typeof seconds === "number" ? new Date(seconds * 1000) : null

const trigger = (created: string | null, triggered: string | null): Execution["trigger"] => {
  const decisive = triggerKinds[triggered ?? ""]
  return decisive === undefined
    ? { kind: triggerKinds[created ?? ""] ?? "unknown", providerKind: created }
    : { kind: decisive, providerKind: triggered }
}

const actor = (row: CheckedRow): Actor | null => {
  const { created_by_account: account, created_by_end_user: endUser } = row
  if (row.created_by_role === "account" || (!row.created_by_role && account)) {
    if (!account) return null
    if (typeof account === "string") {
      return { kind: "account", id: account, name: null, email: null }
    }
    const { id, name, email } = account
    return { kind: "account", id: email ?? id, name: name ?? null, email: email ?? null }
  }
  if (!endUser) return null
  return { kind: "end_user", id: endUser.session_id ?? endUser.id, name: null, email: null }
}

const attributes = (row: CheckedRow): Execution["attributes"] => {
  const { workflow_run: run, created_by_account: account, created_by_end_user: endUser } = row
  const accountId = typeof account === "string" ? account : account?.id
  const found: Record<string, string | number | boolean> = { log_id: row.id }
  if (row.created_by_role != null) found.created_by_role = row.created_by_role
  if (run?.triggered_from != null) found.triggered_from = run.triggered_from
  if (run?.exceptions_count != null) found.exceptions_count = run.exceptions_count
  if (accountId !== undefined) found.account_id = accountId
  if (endUser) {
    found.end_user_id = endUser.id
    if (endUser.type != null) found.end_user_type = endUser.type
    if (endUser.is_anonymous != null) found.end_user_is_anonymous = endUser.is_anonymous
  }
  return found
}
