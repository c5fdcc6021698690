import {
  type Given,
  type MappedExecution,
  type Statuses,
  type Triggers,
  Wire,
} from "@execlog/core/adapter"
import type { LogRow, Run } from "./wire.js"

/** Dify's words for a status. */
export const statuses: Statuses = {
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  stopped: "canceled",
  "partial-succeeded": "partial",
  paused: "waiting",
}

/** The words for a trigger, of a run or else of its row. */
export const triggers: Triggers = {
  "service-api": "api",
  "web-app": "manual",
  "installed-app": "manual",
  debugging: "manual",
  webhook: "webhook",
  schedule: "schedule",
  plugin: "event",
}

/** The setting that names the workflow. */
interface Config {
  readonly workflow: { readonly id: string; readonly name?: string } | null
}

/** Maps a log row. */
export const fromList = (row: LogRow, { config }: Given<Config>): MappedExecution => {
  const { workflow_run: run, created_by_end_user: endUser, created_by_account: account } = row
  const source = run?.triggered_from ?? ""
  return {
    ...summary(run),
    // A row without its run still proves an execution: use the row's own id.
    id: run?.id ?? row.id,
    workflow: { ...config.workflow, version: run?.version },
    // If the run says only that its app ran, the row says what triggered it.
    trigger: { providerKind: Object.hasOwn(triggers, source) ? source : row.created_from },
    actor: actorOf(row),
    attributes: {
      log_id: row.id,
      created_by_role: row.created_by_role,
      ...Wire.pick(run, "triggered_from", "exceptions_count"),
      account_id: typeof account === "string" ? account : account?.id,
      end_user_id: endUser?.id,
      end_user_type: endUser?.type,
      end_user_is_anonymous: endUser?.is_anonymous,
    },
  }
}

/** Maps a run. */
export const fromGet = (run: Run, { config }: Given<Config>): MappedExecution => ({
  ...summary(run),
  id: run.id,
  workflow: config.workflow ?? {},
  inputs: Wire.jsonText(run.inputs),
  outputs: Wire.jsonText(run.outputs),
  attributes: { workflow_id: run.workflow_id },
})

/** The fields that a log row's run and the response of `get` share. */
const summary = (run: Partial<NonNullable<LogRow["workflow_run"]>> | null | undefined) => ({
  providerStatus: run?.status ?? null,
  startedAt: instant(run?.created_at),
  finishedAt: instant(run?.finished_at),
  durationMs: Wire.millisecondsOfSeconds(run?.elapsed_time),
  error: { message: run?.error },
  usage: { totalTokens: run?.total_tokens, totalSteps: run?.total_steps },
})

const instant = (time: number | string | null | undefined): Date | null =>
  typeof time === "string"
    ? Wire.instant.rfc2822(time)
    : Wire.instant.seconds(time === 0 ? null : time)

const actorOf = (row: LogRow): MappedExecution["actor"] => {
  const { created_by_account: account, created_by_end_user: endUser } = row
  // Rows of accounts contain an end user too: the role decides.
  if (row.created_by_role === "account" || (!row.created_by_role && account)) {
    if (typeof account === "string") return { kind: "account", id: account }
    const email = account?.email
    return { kind: "account", id: email ?? account?.id, name: account?.name, email }
  }
  return { kind: "end_user", id: endUser?.session_id ?? endUser?.id }
}
