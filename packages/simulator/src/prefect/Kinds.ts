import type { PrefectStateType } from "./State.js"

/** A kind of made run: its state, and which times it has. */
export interface PrefectKind {
  readonly type: PrefectStateType
  readonly name: string
  /**
   * ran: it started and ended. stands: it started and has not ended. unstarted: it ended without a start.
   * waits: it has not started.
   */
  readonly life: "ran" | "stands" | "unstarted" | "waits"
}

/** The share of each kind among the runs that are due. */
const shares: ReadonlyArray<readonly [number, PrefectStateType, string, PrefectKind["life"]]> = [
  [0.7, "COMPLETED", "Completed", "ran"],
  [0.1, "FAILED", "Failed", "ran"],
  [0.02, "FAILED", "TimedOut", "ran"],
  [0.02, "CRASHED", "Crashed", "ran"],
  [0.02, "CANCELLED", "Cancelled", "ran"],
  [0.01, "CANCELLED", "Cancelled", "unstarted"],
  [0.005, "FAILED", "Failed", "unstarted"],
  [0.01, "COMPLETED", "Skipped", "ran"],
  [0.005, "PAUSED", "Paused", "stands"],
  [0.005, "PAUSED", "Suspended", "stands"],
  // A process that was killed without a runner to see it stays running for ever.
  [0.005, "RUNNING", "Running", "stands"],
  [0.005, "CANCELLING", "Cancelling", "stands"],
  [0.005, "SCHEDULED", "AwaitingRetry", "stands"],
  [0.005, "SCHEDULED", "Resuming", "stands"],
  [0.005, "SCHEDULED", "Late", "waits"],
  [0.005, "PENDING", "Pending", "waits"],
  [0.005, "PENDING", "Submitting", "waits"],
  [0, "SCHEDULED", "Scheduled", "waits"],
  [0, "SCHEDULED", "Rescheduled", "waits"],
]

const kinds: ReadonlyArray<PrefectKind> = shares.map(([, type, name, life]) => ({
  type,
  name,
  life,
}))

const completed: PrefectKind = { type: "COMPLETED", name: "Completed", life: "ran" }

const codeOf = (name: string): number => kinds.findIndex((kind) => kind.name === name)

/** The codes of kinds that are not drawn by their shares. A history keeps a code of one byte a run. */
export const kindCodes = {
  completed: codeOf("Completed"),
  failed: codeOf("Failed"),
  running: codeOf("Running"),
  late: codeOf("Late"),
  pending: codeOf("Pending"),
  scheduled: codeOf("Scheduled"),
  rescheduled: codeOf("Rescheduled"),
}

/** A kind by its code. */
export const kindOf = (code: number | undefined): PrefectKind => kinds[code ?? 0] ?? completed

/** The code of the kind that a roll from 0 to 1 draws by the shares. */
export const drawKind = (roll: number): number => {
  let rest = roll
  const code = shares.findIndex(([share]) => {
    rest -= share
    return rest < 0
  })
  return code === -1 ? kindCodes.completed : code
}
