import { uuid7Of } from "../shared/Identifiers.js"

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

/** The trigger of an execution, in n8n's words. */
export type N8nMode = "integrated" | "manual" | "retry" | "trigger" | "webhook"

/** An execution of a history that is given rather than made. Times are Dates or milliseconds since 1970. */
export interface N8nExecution {
  /** null for one that has not started, or ended before it could. */
  readonly startedAt: Date | number | null
  /** When n8n created it, which only `GET /executions/{id}` returns. Default: 4 ms before its start. */
  readonly createdAt?: Date | number | undefined
  /** null until it has ended. Default: 50 ms after its start where the status is an end, else null. */
  readonly stoppedAt?: Date | number | null | undefined
  /** Default "success". */
  readonly status?: N8nStatus | undefined
  /** Default: the way in which the workflow is started. */
  readonly mode?: N8nMode | undefined
  /** The index of the workflow. Default 0. */
  readonly workflow?: number | undefined
  /** The id of the execution that this one repeats. */
  readonly retryOf?: string | undefined
  /** The engine that ran it, which decides the form of its id. Default: the server's. */
  readonly engine?: 1 | 2 | undefined
}

/** Everything about an execution that the seed or an `N8nExecution` decides. Times are milliseconds. */
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

/** How the workflows are started, in turn. */
const startModes = ["webhook", "trigger", "integrated"] as const

/** Milliseconds from the creation of an execution to its start. */
export const createdBefore = 4

/** Tells the ids of executions from others of the same seed. */
export const idSalt = 67

/** The id of an execution: engine 1 counts them, engine 2 uses version 7 UUIDs. */
export const n8nIdOf = (
  seed: number,
  row: number,
  { engine, createdAt }: Pick<N8nFacts, "engine" | "createdAt">,
): string => (engine === 1 ? String(row + 1) : uuid7Of(seed, row, idSalt, createdAt))

/** Whether an execution of this status has ended. */
export const isEnd = (status: N8nStatus): boolean =>
  status !== "running" && status !== "new" && status !== "waiting" && status !== "unknown"

/** How a workflow is started. */
export const modeOf = (workflow: number): (typeof startModes)[number] =>
  startModes[workflow % startModes.length] ?? "webhook"

/** The facts of a given execution. */
export const givenFacts = (given: N8nExecution, engine: 1 | 2): N8nFacts => {
  const { status = "success", workflow = 0 } = given
  const supposedStart = Number(given.createdAt ?? given.stoppedAt ?? 0) + createdBefore
  const startedAt = given.startedAt === null ? supposedStart : Number(given.startedAt)
  const supposedEnd = isEnd(status) ? startedAt + 50 : null
  const givenEnd =
    given.stoppedAt === null || given.stoppedAt === undefined ? null : Number(given.stoppedAt)
  return {
    startedAt,
    hasStarted: given.startedAt !== null && status !== "new",
    createdAt: given.createdAt === undefined ? startedAt - createdBefore : Number(given.createdAt),
    stoppedAt: given.stoppedAt === undefined ? supposedEnd : givenEnd,
    status,
    mode: given.mode ?? (given.retryOf === undefined ? modeOf(workflow) : "retry"),
    workflow,
    retryOf: given.retryOf ?? null,
    engine: given.engine ?? engine,
  }
}

/** The facts of an execution that has just ended. */
export const endedFacts = (facts: N8nFacts, status: N8nStatus, stoppedAt: number): N8nFacts => ({
  ...facts,
  status,
  // An execution that succeeded has started.
  hasStarted: facts.hasStarted || status === "success",
  stoppedAt: Math.max(stoppedAt, facts.startedAt),
})
