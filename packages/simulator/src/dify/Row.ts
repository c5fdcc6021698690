import { type Instant, microseconds } from "../shared/Instant.js"

/** Dify's own words for the state of a run. */
export type DifyStatus =
  | "running"
  | "succeeded"
  | "failed"
  | "stopped"
  | "partial-succeeded"
  | "paused"

/** One row of a history that is given rather than made. Only `listedAt` is needed. */
export interface DifyRow {
  /** When the log row was written: what the list is ordered and filtered by. */
  readonly listedAt: Instant
  /** Default: `listedAt`. */
  readonly startedAt?: Instant | undefined
  /** Default: 50 ms after `startedAt` where the status is an end, else null. */
  readonly finishedAt?: Instant | null | undefined
  /** Default: succeeded. */
  readonly status?: DifyStatus | undefined
  readonly error?: string | undefined
  readonly exceptionsCount?: number | undefined
  /** The session id of the end user. Default: user-1. */
  readonly session?: string | undefined
  /** The e-mail of the account that started it; makes it an account's row. */
  readonly account?: string | undefined
  /** The text of the inputs that keyword searches. */
  readonly text?: string | undefined
  /** The text of the outputs that keyword searches. */
  readonly output?: string | undefined
  readonly createdFrom?: string | undefined
  readonly triggeredFrom?: string | undefined
  readonly totalTokens?: number | undefined
  readonly totalSteps?: number | undefined
  /** The row has lost its run: `workflow_run` is null. */
  readonly nullRun?: boolean | undefined
}

/** Everything that the seed or a `DifyRow` decides about a row. Times are whole microseconds. */
export interface DifyRowFacts {
  readonly listedAt: number
  readonly startedAt: number
  readonly finishedAt: number | null
  readonly status: DifyStatus
  readonly error: string | null
  readonly exceptionsCount: number
  readonly account: string | null
  readonly session: string | null
  readonly text: string
  readonly output: string | null
  readonly createdFrom: string
  readonly triggeredFrom: string
  readonly totalTokens: number
  readonly totalSteps: number
  readonly nullRun: boolean
}

/** The error of a given row that failed. */
const givenError = "[Errno 111] Connection refused"

/** Whether a run of this status has ended. */
export const isEnd = (status: DifyStatus): boolean => status !== "running" && status !== "paused"

/** Whether some node of a run of this status failed. */
export const hasExceptions = (status: DifyStatus): boolean =>
  status === "failed" || status === "partial-succeeded"

/** The output of a run of this status. `success` is that of a run that succeeded. */
export const outputOf = (status: DifyStatus, success: string): string | null => {
  if (status === "succeeded") return success
  return status === "partial-succeeded" ? "fallback" : null
}

/** The facts of a given row that was listed at an instant. */
export const givenFacts = (row: DifyRow, listedAt: number): DifyRowFacts => {
  const status = row.status ?? "succeeded"
  const startedAt = microseconds(row.startedAt ?? row.listedAt)
  const supposedEnd = isEnd(status) ? startedAt + 50_000 : null
  const givenEnd =
    row.finishedAt === null || row.finishedAt === undefined ? null : microseconds(row.finishedAt)
  return {
    listedAt,
    startedAt,
    finishedAt: row.finishedAt === undefined ? supposedEnd : givenEnd,
    status,
    error: row.error ?? (status === "failed" ? givenError : null),
    exceptionsCount: row.exceptionsCount ?? (hasExceptions(status) ? 1 : 0),
    account: row.account ?? null,
    session: row.account === undefined ? (row.session ?? "user-1") : null,
    text: row.text ?? "Order 2000",
    output: row.output ?? outputOf(status, '{"ok":true}'),
    createdFrom: row.createdFrom ?? (row.account === undefined ? "service-api" : "installed-app"),
    triggeredFrom: row.triggeredFrom ?? "app-run",
    totalTokens: row.totalTokens ?? 0,
    totalSteps: row.totalSteps ?? (status === "running" ? 0 : 3),
    nullRun: row.nullRun ?? false,
  }
}

/** The facts of a row whose run has just ended. */
export const endedFacts = (
  facts: DifyRowFacts,
  status: DifyStatus,
  finishedAt: number,
): DifyRowFacts => ({
  ...facts,
  status,
  finishedAt: Math.max(finishedAt, facts.startedAt),
  error: status === "failed" ? givenError : null,
  exceptionsCount: hasExceptions(status) ? 1 : 0,
  output: outputOf(status, '{"ok":true}'),
  totalSteps: 3,
})
