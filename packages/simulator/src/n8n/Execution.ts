import { uuid7Of } from "../shared/Identifiers.js"
import { below, fraction } from "../shared/Random.js"

/** n8n's words for the status of an execution. */
export type N8nStatus =
  | "canceled"
  | "crashed"
  | "error"
  | "new"
  | "running"
  | "success"
  | "unknown"
  | "waiting"

/** What started an execution, in n8n's words. */
export type N8nMode = "integrated" | "manual" | "retry" | "trigger" | "webhook"

/** An execution of a history that is given rather than made. Times are Dates or milliseconds since 1970. */
export interface N8nExecution {
  /** null where it has not started, or ended before it could. */
  readonly startedAt: Date | number | null
  /** When n8n made it, which only `GET /executions/{id}` tells. Default: 4 ms before its start. */
  readonly createdAt?: Date | number | undefined
  /** null until it has ended. Default: 50 ms after its start, where the status is that of an end. */
  readonly stoppedAt?: Date | number | null | undefined
  /** Default "success". */
  readonly status?: N8nStatus | undefined
  /** Default: as the workflow is started. */
  readonly mode?: N8nMode | undefined
  /** Which workflow, from 0. Default 0. */
  readonly workflow?: number | undefined
  /** The id of the execution that this one repeats. */
  readonly retryOf?: string | undefined
  /** The engine that ran it, which decides what its id looks like. Default: the server's. */
  readonly engine?: 1 | 2 | undefined
}

/** Everything that is known of an execution. Times are milliseconds. */
export interface N8nFacts {
  /** When it started, or would have. */
  readonly startedAt: number
  readonly hasStarted: boolean
  readonly createdAt: number
  readonly stoppedAt: number | null
  readonly status: N8nStatus
  readonly mode: N8nMode
  readonly workflow: number
  readonly retryOf: string | null
  readonly engine: 1 | 2
}

/** What decides the executions that are made rather than given. */
export interface N8nSeed {
  readonly seed: number
  readonly executions: number
  readonly now: number
  readonly perHour: number
  readonly workflows: number
  readonly engine: 1 | 2
}

/** Statuses by the code in which a history keeps them. */
export const N8N_STATUSES = [
  "success",
  "error",
  "crashed",
  "canceled",
  "waiting",
  "running",
  "new",
  "unknown",
] as const

/** How the workflows are started, in turn. */
const MODES = ["webhook", "trigger", "integrated"] as const

/** Tells the ids of executions from others of the same seed. */
export const N8N_ID_SALT = 67

const SALT = { status: 61, duration: 62, place: 63, workflow: 64, mode: 65, retry: 66 }

/** n8n makes an execution so long before it starts. */
const MADE_BEFORE = 4

/** The id of an execution: engine 1 counts them, engine 2 gives version 7 UUIDs. */
export const n8nIdOf = (
  seed: number,
  row: number,
  { engine, createdAt }: Pick<N8nFacts, "engine" | "createdAt">,
): string => (engine === 1 ? String(row + 1) : uuid7Of(seed, row, N8N_ID_SALT, createdAt))

/** How far below a retry the execution lies that it repeats. */
const RETRIED_BELOW = 3

const plannedStatus = (roll: number): N8nStatus => {
  if (roll < 0.8) return "success"
  if (roll < 0.9) return "error"
  if (roll < 0.92) return "crashed"
  if (roll < 0.96) return "canceled"
  return roll < 0.98 ? "waiting" : "success"
}

/** Whether a status is that of an execution that has ended. */
export const isEnd = (status: N8nStatus): boolean =>
  status !== "running" && status !== "new" && status !== "waiting" && status !== "unknown"

/** When a made execution started: those with higher ids later. */
const madeStart = (made: N8nSeed, row: number): number => {
  const spread = 3_600_000 / made.perHour
  const age = made.executions - 1 - row + fraction(made.seed, row, SALT.place)
  return Math.floor(made.now - age * spread)
}

const durationOf = (made: N8nSeed, row: number): number => {
  const roll = fraction(made.seed, row, SALT.duration)
  return Math.round(12 + (roll > 0.99 ? (roll - 0.99) * 100 * 1_200_000 : roll ** 4 * 40_000))
}

/** The status of a made execution: one whose end lies after now is still running. */
export const madeStatus = (made: N8nSeed, row: number): N8nStatus => {
  const status = plannedStatus(fraction(made.seed, row, SALT.status))
  return isEnd(status) && madeStart(made, row) + durationOf(made, row) > made.now
    ? "running"
    : status
}

/** Which workflow a made execution is of. */
export const madeWorkflow = (made: N8nSeed, row: number): number =>
  below(made.workflows, made.seed, retriedRow(made, row) ?? row, SALT.workflow)

/** The execution that a made one repeats, or null. */
const retriedRow = (made: N8nSeed, row: number): number | null => {
  const retried = row - RETRIED_BELOW
  if (retried < 0 || fraction(made.seed, row, SALT.retry) >= 0.5) return null
  return plannedStatus(fraction(made.seed, retried, SALT.status)) === "error" &&
    retriedRow(made, retried) === null
    ? retried
    : null
}

/** The made execution that repeated one and succeeded, or null. */
export const madeSuccessOf = (made: N8nSeed, row: number): number | null => {
  const retry = row + RETRIED_BELOW
  return retry < made.executions &&
    retriedRow(made, retry) === row &&
    madeStatus(made, retry) === "success"
    ? retry
    : null
}

/** The facts of a made execution. */
export const madeFacts = (made: N8nSeed, row: number): N8nFacts => {
  const status = madeStatus(made, row)
  const startedAt = madeStart(made, row)
  const retried = retriedRow(made, row)
  const workflow = madeWorkflow(made, row)
  const byHand = fraction(made.seed, row, SALT.mode) < 0.05
  const idOfMade = (other: number): string =>
    n8nIdOf(made.seed, other, {
      engine: made.engine,
      createdAt: madeStart(made, other) - MADE_BEFORE,
    })
  return {
    startedAt,
    hasStarted: status !== "new",
    createdAt: startedAt - MADE_BEFORE,
    stoppedAt: isEnd(status) ? startedAt + durationOf(made, row) : null,
    status,
    mode: retried === null ? (byHand ? "manual" : modeOf(workflow)) : "retry",
    workflow,
    retryOf: retried === null ? null : idOfMade(retried),
    engine: made.engine,
  }
}

/** How a workflow is started. */
export const modeOf = (workflow: number): (typeof MODES)[number] =>
  MODES[workflow % MODES.length] ?? "webhook"

/** The facts of a given execution. */
export const givenFacts = (given: N8nExecution, engine: 1 | 2): N8nFacts => {
  const { status = "success", workflow = 0 } = given
  const supposedStart = Number(given.createdAt ?? given.stoppedAt ?? 0) + MADE_BEFORE
  const startedAt = given.startedAt === null ? supposedStart : Number(given.startedAt)
  const supposedEnd = isEnd(status) ? startedAt + 50 : null
  return {
    startedAt,
    hasStarted: given.startedAt !== null && status !== "new",
    createdAt: given.createdAt === undefined ? startedAt - MADE_BEFORE : Number(given.createdAt),
    stoppedAt:
      given.stoppedAt === undefined
        ? supposedEnd
        : given.stoppedAt === null
          ? null
          : Number(given.stoppedAt),
    status,
    mode: given.mode ?? (given.retryOf === undefined ? modeOf(workflow) : "retry"),
    workflow,
    retryOf: given.retryOf ?? null,
    engine: given.engine ?? engine,
  }
}
