import type { DifyHistory } from "./History.js"
import type { DifyRowFacts } from "./Row.js"

/** The server whose rows are written: that of the newer document, of the older one, or a real 1.12.1. */
export type DifyVersion = "newer" | "older" | "1.12.1"

/** How `GET /workflows/run/{id}` writes times: as seconds since 1970, or as RFC 2822. */
export type DifyRunTimes = "seconds" | "text"

/** `workflow_run` of a log row. */
export interface DifyWireRun {
  readonly id: string
  readonly version: string
  readonly status: string
  readonly triggered_from?: string
  readonly error: string | null
  readonly elapsed_time: number
  readonly total_tokens: number
  readonly total_steps: number
  readonly created_at: number
  readonly finished_at: number | null
  readonly exceptions_count?: number
}

/** One row of GET /workflows/logs. */
export interface DifyWireRow {
  readonly id: string
  readonly workflow_run: DifyWireRun | null
  readonly details?: null
  readonly created_from: string
  readonly created_by_role: "account" | "end_user"
  readonly created_by_account:
    | string
    | { readonly id: string; readonly name: string; readonly email: string }
    | null
  readonly created_by_end_user: {
    readonly id: string
    readonly type: string
    readonly is_anonymous: boolean
    readonly session_id: string
  } | null
  readonly created_at: number
}

const workflowVersion = "2026-11-21 07:52:16.303693"

const seconds = (microseconds: number): number => Math.floor(microseconds / 1_000_000)

const accountName = (email: string): string => email.slice(0, email.indexOf("@"))

const elapsed = (startedAt: number, finishedAt: number | null): number =>
  finishedAt === null ? 0 : (finishedAt - startedAt) / 1_000_000

const wireRun = (history: DifyHistory, row: number, version: DifyVersion): DifyWireRun | null => {
  const facts = history.factsOf(row)
  if (facts.nullRun) return null
  return {
    id: history.runId(row),
    version: workflowVersion,
    status: facts.status,
    ...(version === "1.12.1" ? { triggered_from: facts.triggeredFrom } : {}),
    error: facts.error,
    elapsed_time: elapsed(facts.startedAt, facts.finishedAt),
    total_tokens: facts.totalTokens,
    total_steps: facts.totalSteps,
    created_at: seconds(facts.startedAt),
    finished_at: facts.finishedAt === null ? null : seconds(facts.finishedAt),
    ...(version === "older" ? {} : { exceptions_count: facts.exceptionsCount }),
  }
}

const wireEndUser = (
  history: DifyHistory,
  row: number,
  version: DifyVersion,
): DifyWireRow["created_by_end_user"] => {
  const { account, session, createdFrom } = history.factsOf(row)
  if (session !== null) {
    const isBrowser = createdFrom === "web-app"
    return {
      id: history.actors.endUserId(session),
      type: isBrowser ? "browser" : "service_api",
      is_anonymous: isBrowser,
      session_id: session,
    }
  }
  // A real 1.12.1 repeats the account as if it were an end user.
  if (account === null || version !== "1.12.1") return null
  return {
    id: history.actors.accountId(account),
    type: "active",
    is_anonymous: true,
    session_id: accountName(account),
  }
}

const wireAccount = (
  history: DifyHistory,
  row: number,
  version: DifyVersion,
): DifyWireRow["created_by_account"] => {
  const { account } = history.factsOf(row)
  if (account === null) return null
  const id = history.actors.accountId(account)
  return version === "older" ? id : { id, name: accountName(account), email: account }
}

/** A row of the list. */
export const wireRow = (history: DifyHistory, row: number, version: DifyVersion): DifyWireRow => {
  const facts = history.factsOf(row)
  return {
    id: history.logId(row),
    workflow_run: wireRun(history, row, version),
    ...(version === "1.12.1" ? { details: null } : {}),
    created_from: facts.createdFrom,
    created_by_role: facts.account === null ? "end_user" : "account",
    created_by_account: wireAccount(history, row, version),
    created_by_end_user: wireEndUser(history, row, version),
    created_at: seconds(history.listedAtOf(row)),
  }
}

// With the spaces that Python puts after colons and commas: keyword searches this text.
const inputsText = (history: DifyHistory, facts: DifyRowFacts, runId: string): string => {
  const user =
    facts.session ?? (facts.account === null ? "" : history.actors.accountId(facts.account))
  return (
    `{"mode": "ok", "text": ${JSON.stringify(facts.text)}, "sys.files": [], "sys.user_id": ${JSON.stringify(user)}, ` +
    `"sys.app_id": "${history.appId}", "sys.workflow_id": "${history.workflowId}", ` +
    `"sys.workflow_run_id": "${runId}", "sys.timestamp": ${seconds(facts.startedAt)}}`
  )
}

const outputsText = (facts: DifyRowFacts): string | null =>
  facts.output === null ? null : `{"body": ${JSON.stringify(facts.output)}}`

/** Tests whether the inputs or outputs of a row contain a keyword in lower case. Their own case is ignored. */
export const keywordTest = (history: DifyHistory, keyword: string): ((row: number) => boolean) => {
  // Making a million ids takes seconds, and few keywords can match one, since an id stands between quotes.
  const mayBeId = keyword.includes('"') || /^[0-9a-f-]+$/.test(keyword)
  return (row) => {
    const facts = history.factsOf(row)
    return (
      inputsText(history, facts, mayBeId ? history.runId(row) : "")
        .toLowerCase()
        .includes(keyword) ||
      (outputsText(facts)?.toLowerCase().includes(keyword) ?? false)
    )
  }
}

/** The body of GET /workflows/run/{id}. Every field is null for an unknown run. */
export const wireRunDetail = (
  history: DifyHistory,
  row: number | null,
  times: DifyRunTimes,
): Record<string, string | number | null> => {
  const facts = row === null ? null : history.factsOf(row)
  if (row === null || facts === null || facts.nullRun) {
    return {
      id: null,
      workflow_id: null,
      status: null,
      inputs: null,
      outputs: null,
      error: null,
      total_steps: null,
      total_tokens: null,
      created_at: null,
      finished_at: null,
      elapsed_time: null,
    }
  }
  return {
    id: history.runId(row),
    workflow_id: history.workflowId,
    status: facts.status,
    inputs: inputsText(history, facts, history.runId(row)),
    outputs: outputsText(facts),
    error: facts.error,
    total_steps: facts.totalSteps,
    total_tokens: facts.totalTokens,
    created_at: runTime(facts.startedAt, times),
    finished_at: runTime(facts.finishedAt, times),
    elapsed_time: elapsed(facts.startedAt, facts.finishedAt),
  }
}

const runTime = (microseconds: number | null, times: DifyRunTimes): string | number | null => {
  if (times === "seconds") return microseconds === null ? null : seconds(microseconds)
  // Python's format_datetime writes UTC as -0000.
  return microseconds === null
    ? 0
    : new Date(microseconds / 1000).toUTCString().replace("GMT", "-0000")
}
