import { drawDuration } from "../shared/Duration.js"
import { below, fraction } from "../shared/Random.js"
import {
  createdBefore,
  isEnd,
  modeOf,
  type N8nFacts,
  n8nIdOf,
  type N8nStatus,
} from "./Execution.js"

/** The inputs that determine generated executions. Times are milliseconds. */
export interface N8nSeed {
  readonly seed: number
  readonly executions: number
  readonly now: number
  readonly perHour: number
  readonly workflows: number
  readonly engine: 1 | 2
}

const salts = { status: 61, duration: 62, place: 63, workflow: 64, mode: 65, retry: 66 }

/** Number of rows from a retry down to the execution that it repeats. */
const retriedBelow = 3

const plannedStatus = (roll: number): N8nStatus => {
  if (roll < 0.8) return "success"
  if (roll < 0.9) return "error"
  if (roll < 0.92) return "crashed"
  if (roll < 0.96) return "canceled"
  return roll < 0.98 ? "waiting" : "success"
}

/** The start of a made execution. Higher ids start later. */
const madeStart = (made: N8nSeed, row: number): number => {
  const gap = 3_600_000 / made.perHour
  const age = made.executions - 1 - row + fraction(made.seed, row, salts.place)
  return Math.floor(made.now - age * gap)
}

/** In milliseconds. */
const durations = { usual: 40_000, longest: 1_200_000, power: 4 }

const durationOf = (made: N8nSeed, row: number): number =>
  Math.round(12 + drawDuration(fraction(made.seed, row, salts.duration), durations))

/** The status of a made execution. One whose end lies after now is still running. */
export const madeStatus = (made: N8nSeed, row: number): N8nStatus => {
  const status = plannedStatus(fraction(made.seed, row, salts.status))
  return isEnd(status) && madeStart(made, row) + durationOf(made, row) > made.now
    ? "running"
    : status
}

/** The workflow of a made execution. */
export const madeWorkflow = (made: N8nSeed, row: number): number =>
  below(made.workflows, made.seed, retriedRow(made, row) ?? row, salts.workflow)

/** The execution that a made one repeats, or null. */
const retriedRow = (made: N8nSeed, row: number): number | null => {
  const retried = row - retriedBelow
  if (retried < 0 || fraction(made.seed, row, salts.retry) >= 0.5) return null
  return plannedStatus(fraction(made.seed, retried, salts.status)) === "error" &&
    retriedRow(made, retried) === null
    ? retried
    : null
}

/** The made retry of an execution that succeeded, or null. */
export const madeSuccessOf = (made: N8nSeed, row: number): number | null => {
  const retry = row + retriedBelow
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
  const isManual = fraction(made.seed, row, salts.mode) < 0.05
  const idOfMade = (other: number) =>
    n8nIdOf(made.seed, other, {
      engine: made.engine,
      createdAt: madeStart(made, other) - createdBefore,
    })
  return {
    startedAt,
    hasStarted: status !== "new",
    createdAt: startedAt - createdBefore,
    stoppedAt: isEnd(status) ? startedAt + durationOf(made, row) : null,
    status,
    mode: retried === null ? (isManual ? "manual" : modeOf(workflow)) : "retry",
    workflow,
    retryOf: retried === null ? null : idOfMade(retried),
    engine: made.engine,
  }
}
