import { drawDuration } from "../shared/Duration.js"
import { below, fraction, hash, pick } from "../shared/Random.js"
import { groupOf, timeInGroup } from "../shared/RowGroups.js"
import { type DifyRowFacts, type DifyStatus, hasExceptions, isEnd, outputOf } from "./Row.js"

/** The inputs that determine generated rows. */
export interface DifySeed {
  readonly seed: number
  readonly nowMicroseconds: number
  readonly perHour: number
  readonly logDelay: readonly [number, number]
  readonly users: number
  readonly nullRuns: number
}

/** The accounts that made rows may belong to. */
export const madeAccounts: readonly [string, ...Array<string>] = [
  "owner@example.com",
  "dana.hill@example.com",
  "marek.novak@example.com",
]

const errors: readonly [string, ...Array<string>] = [
  "[Errno 111] Connection refused",
  "API request failed with status code 429: Too Many Requests",
  "Reached maximum retries (3) for URL https://orders.example.com/api/orders",
  "Node Parse order run failed: Expecting value: line 1 column 1 (char 0)",
  "Traceback (most recent call last):\n  File \"<code>\", line 3, in main\nKeyError: 'order_id'",
  "Run failed: Server Unavailable Error, status code: 503",
]

const topics: readonly [string, ...Array<string>] = [
  "Order",
  "Refund for order",
  "Ticket",
  "Rechnung für",
  "注文",
]

const salts = {
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
  burst: 23,
  place: 24,
}

/** The listing time of a made row, in microseconds. */
export const madeListedAt = (made: DifySeed, row: number): number => {
  const { seed, nowMicroseconds, perHour } = made
  return timeInGroup(
    { now: nowMicroseconds, perHour, second: 1_000_000 },
    row,
    fraction(seed, row, salts.place),
    fraction(seed, groupOf(row), salts.burst) < 0.25,
  )
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
    Math.round((least + (most - least) * fraction(made.seed, row, salts.delay)) * 1_000_000)
  )
}

/** In microseconds. */
const durations = { usual: 40_000_000, longest: 1_200_000_000, power: 4 }

const durationOf = (made: DifySeed, row: number): number =>
  Math.round(44_000 + drawDuration(fraction(made.seed, row, salts.duration), durations))

/** The status of a made row. A run whose end lies after now is still running. */
export const madeStatus = (made: DifySeed, row: number, listedAt: number): DifyStatus => {
  const status = plannedStatus(fraction(made.seed, row, salts.status))
  if (!isEnd(status)) return status
  return startOf(made, row, listedAt) + durationOf(made, row) > made.nowMicroseconds
    ? "running"
    : status
}

/** The e-mail of the account that started a made row; null where an end user did. */
export const madeAccount = (made: DifySeed, row: number): string | null =>
  fraction(made.seed, row, salts.role) < 0.12
    ? pick(madeAccounts, made.seed, row, salts.actor)
    : null

/** The session of the end user that started a made row; null where an account did. */
export const madeSession = (made: DifySeed, row: number): string | null =>
  madeAccount(made, row) === null
    ? `user-${below(made.users, made.seed, row, salts.actor) + 1}`
    : null

/** Whether a made row has lost its run. */
export const madeNullRun = (made: DifySeed, row: number): boolean =>
  made.nullRuns > 0 && fraction(made.seed, row, salts.nullRun) < made.nullRuns

const madeOrigin = (
  made: DifySeed,
  row: number,
): Pick<DifyRowFacts, "createdFrom" | "triggeredFrom"> => {
  const roll = fraction(made.seed, row, salts.from)
  if (roll < 0.02) return { createdFrom: "service-api", triggeredFrom: "webhook" }
  if (roll < 0.04) return { createdFrom: "service-api", triggeredFrom: "schedule" }
  return { createdFrom: roll < 0.75 ? "service-api" : "web-app", triggeredFrom: "app-run" }
}

/** The facts of a made row. */
export const madeFacts = (made: DifySeed, row: number, listedAt: number): DifyRowFacts => {
  const { seed } = made
  const status = madeStatus(made, row, listedAt)
  const startedAt = startOf(made, row, listedAt)
  const account = madeAccount(made, row)
  const number = 1000 + below(9000, seed, row, salts.tokens)
  const steps = 1 + (hash(seed, row, salts.tokens) % 12)
  return {
    listedAt,
    startedAt,
    finishedAt: isEnd(status) ? startedAt + durationOf(made, row) : null,
    status,
    error: status === "failed" ? pick(errors, seed, row, salts.error) : null,
    exceptionsCount: hasExceptions(status) ? 1 + (hash(seed, row, salts.error) % 3) : 0,
    account,
    session: account === null ? madeSession(made, row) : null,
    text: `${pick(topics, seed, row, salts.topic)} ${number}`,
    output: outputOf(status, `{"ok":true,"order":${number}}`),
    ...(account === null
      ? madeOrigin(made, row)
      : { createdFrom: "installed-app", triggeredFrom: "app-run" }),
    totalTokens: status === "running" ? 0 : hash(seed, row, salts.tokens) % 4000,
    totalSteps: status === "running" ? 0 : steps,
    nullRun: madeNullRun(made, row),
  }
}
