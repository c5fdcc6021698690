import { type Instant, microseconds } from "../shared/Instant.js"
import { below, fraction, hash, pick } from "../shared/Random.js"

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
  /** What keyword finds in the inputs. */
  readonly text?: string | undefined
  /** What keyword finds in the outputs. */
  readonly output?: string | undefined
  readonly createdFrom?: string | undefined
  readonly triggeredFrom?: string | undefined
  readonly totalTokens?: number | undefined
  readonly totalSteps?: number | undefined
  /** The row has lost its run: `workflow_run` is null. */
  readonly nullRun?: boolean | undefined
}

/** Everything about a row that the seed or a `DifyRow` decides. Times are whole microseconds. */
export interface DifyRowFacts {
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

export const DIFY_ACCOUNTS: readonly [string, ...string[]] = [
  "owner@example.com",
  "dana.hill@example.com",
  "marek.novak@example.com",
]

const ERRORS: readonly [string, ...string[]] = [
  "[Errno 111] Connection refused",
  "API request failed with status code 429: Too Many Requests",
  "Reached maximum retries (3) for URL https://orders.example.com/api/orders",
  "Node Parse order run failed: Expecting value: line 1 column 1 (char 0)",
  "Traceback (most recent call last):\n  File \"<code>\", line 3, in main\nKeyError: 'order_id'",
  "Run failed: Server Unavailable Error, status code: 503",
]

const TOPICS: readonly [string, ...string[]] = [
  "Order",
  "Refund for order",
  "Ticket",
  "Rechnung für",
  "注文",
]

/** Statuses by the code in which a history keeps them. */
export const DIFY_STATUSES = [
  "succeeded",
  "failed",
  "stopped",
  "partial-succeeded",
  "paused",
  "running",
] as const

const SALT = {
  status: 1,
  duration: 2,
  delay: 3,
  role: 4,
  actor: 5,
  error: 6,
  topic: 7,
  tokens: 8,
  nullRun: 9,
  from: 10,
}

/** What decides the rows that are made rather than given. */
export interface DifySeed {
  readonly seed: number
  readonly nowMicroseconds: number
  readonly logDelay: readonly [number, number]
  readonly users: number
  readonly nullRuns: number
}

const plannedStatus = (roll: number): DifyStatus => {
  if (roll < 0.8) return "succeeded"
  if (roll < 0.9) return "failed"
  if (roll < 0.93) return "stopped"
  if (roll < 0.97) return "partial-succeeded"
  if (roll < 0.98) return "paused"
  // A run whose stream was stopped stays running for ever.
  return roll < 0.985 ? "running" : "succeeded"
}

const startOf = (made: DifySeed, row: number, listedAt: number): number => {
  const [least, most] = made.logDelay
  return (
    listedAt -
    Math.round((least + (most - least) * fraction(made.seed, row, SALT.delay)) * 1_000_000)
  )
}

const durationOf = (made: DifySeed, row: number): number => {
  const roll = fraction(made.seed, row, SALT.duration)
  return Math.round(
    44_000 + (roll > 0.99 ? (roll - 0.99) * 100 * 1_200_000_000 : roll ** 4 * 40_000_000),
  )
}

const isEnd = (status: DifyStatus): boolean => status !== "running" && status !== "paused"

/** The status of a made row: one whose end lies after now is still running. */
export const madeStatus = (made: DifySeed, row: number, listedAt: number): DifyStatus => {
  const status = plannedStatus(fraction(made.seed, row, SALT.status))
  if (!isEnd(status)) return status
  return startOf(made, row, listedAt) + durationOf(made, row) > made.nowMicroseconds
    ? "running"
    : status
}

export const madeAccount = (made: DifySeed, row: number): string | null =>
  fraction(made.seed, row, SALT.role) < 0.12
    ? pick(DIFY_ACCOUNTS, made.seed, row, SALT.actor)
    : null

export const madeSession = (made: DifySeed, row: number): string =>
  `user-${below(made.users, made.seed, row, SALT.actor) + 1}`

export const madeNullRun = (made: DifySeed, row: number): boolean =>
  made.nullRuns > 0 && fraction(made.seed, row, SALT.nullRun) < made.nullRuns

const madeOrigin = (
  made: DifySeed,
  row: number,
): { createdFrom: string; triggeredFrom: string } => {
  const roll = fraction(made.seed, row, SALT.from)
  if (roll < 0.02) return { createdFrom: "service-api", triggeredFrom: "webhook" }
  if (roll < 0.04) return { createdFrom: "service-api", triggeredFrom: "schedule" }
  return { createdFrom: roll < 0.75 ? "service-api" : "web-app", triggeredFrom: "app-run" }
}

const outputOf = (status: DifyStatus, success: string): string | null => {
  if (status === "succeeded") return success
  return status === "partial-succeeded" ? "fallback" : null
}

/** The facts of a made row. */
export const madeFacts = (made: DifySeed, row: number, listedAt: number): DifyRowFacts => {
  const { seed } = made
  const status = madeStatus(made, row, listedAt)
  const startedAt = startOf(made, row, listedAt)
  const account = madeAccount(made, row)
  const number = 1000 + below(9000, seed, row, SALT.tokens)
  const trouble = status === "failed" || status === "partial-succeeded"
  const steps = 1 + (hash(seed, row, SALT.tokens) % 12)
  return {
    startedAt,
    finishedAt: isEnd(status) ? startedAt + durationOf(made, row) : null,
    status,
    error: status === "failed" ? pick(ERRORS, seed, row, SALT.error) : null,
    exceptionsCount: trouble ? 1 + (hash(seed, row, SALT.error) % 3) : 0,
    account,
    session: account === null ? madeSession(made, row) : null,
    text: `${pick(TOPICS, seed, row, SALT.topic)} ${number}`,
    output: outputOf(status, `{"ok":true,"order":${number}}`),
    ...(account === null
      ? madeOrigin(made, row)
      : { createdFrom: "installed-app", triggeredFrom: "app-run" }),
    totalTokens: status === "running" ? 0 : hash(seed, row, SALT.tokens) % 4000,
    totalSteps: status === "running" ? 0 : steps,
    nullRun: madeNullRun(made, row),
  }
}

/** The facts of a given row. */
export const givenFacts = (row: DifyRow): DifyRowFacts => {
  const status = row.status ?? "succeeded"
  const startedAt = microseconds(row.startedAt ?? row.listedAt)
  const supposedEnd = isEnd(status) ? startedAt + 50_000 : null
  const givenEnd =
    row.finishedAt === null || row.finishedAt === undefined ? null : microseconds(row.finishedAt)
  return {
    startedAt,
    finishedAt: row.finishedAt === undefined ? supposedEnd : givenEnd,
    status,
    error: row.error ?? (status === "failed" ? ERRORS[0] : null),
    exceptionsCount:
      row.exceptionsCount ?? (status === "failed" || status === "partial-succeeded" ? 1 : 0),
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

/** The facts of a row whose run has just come to an end. */
export const endedFacts = (
  facts: DifyRowFacts,
  status: DifyStatus,
  finishedAt: number,
): DifyRowFacts => ({
  ...facts,
  status,
  finishedAt: Math.max(finishedAt, facts.startedAt),
  error: status === "failed" ? ERRORS[0] : null,
  exceptionsCount: status === "failed" || status === "partial-succeeded" ? 1 : 0,
  output: outputOf(status, '{"ok":true}'),
  totalSteps: 3,
})
