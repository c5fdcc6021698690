import { drawDuration } from "../shared/Duration.js"
import { below, fraction } from "../shared/Random.js"
import { groupOf, timeInGroup } from "../shared/RowGroups.js"

/** The inputs that determine generated executions. Times are milliseconds. */
export interface AlloySeed {
  readonly seed: number
  readonly executions: number
  readonly now: number
  readonly perHour: number
  readonly workflows: number
  readonly users: number
}

const salts = {
  burst: 41,
  place: 42,
  duration: 43,
  outcome: 44,
  workflow: 45,
  user: 46,
  startLag: 47,
  endLag: 48,
}

/** Made executions lie so long before now that each event is listed before it, in milliseconds. */
const longestLag = 5

/** The start of a made execution. */
export const madeStart = ({ seed, now, perHour }: AlloySeed, execution: number): number =>
  timeInGroup(
    { now: now - longestLag, perHour, second: 1000 },
    execution,
    fraction(seed, execution, salts.place),
    fraction(seed, groupOf(execution), salts.burst) < 0.25,
  )

/** In milliseconds. */
const durations = { usual: 20_000, longest: 3_600_000, power: 3 }

/** The end of a made execution; NaN while it runs. */
export const madeEnd = ({ seed, now }: AlloySeed, execution: number, startedAt: number): number => {
  if (fraction(seed, execution, salts.outcome) > 0.99) return NaN
  const duration = drawDuration(fraction(seed, execution, salts.duration), durations)
  const completedAt = startedAt + Math.floor(50 + duration)
  return completedAt > now - longestLag ? NaN : completedAt
}

/** Whether a made execution fails when it ends. */
export const madeFailed = ({ seed }: AlloySeed, execution: number): boolean =>
  fraction(seed, execution, salts.outcome) < 0.08

/** The workflow of a made execution. */
export const madeWorkflow = ({ seed, workflows }: AlloySeed, execution: number): number =>
  below(workflows, seed, execution, salts.workflow)

/** The user of a made execution. */
export const madeUser = ({ seed, users }: AlloySeed, execution: number): number =>
  below(users, seed, execution, salts.user)

/** Milliseconds from the start of a made execution to the listing of its event. */
export const madeStartLag = ({ seed }: AlloySeed, execution: number): number =>
  below(longestLag + 1, seed, execution, salts.startLag)

/** Milliseconds from the end of a made execution to the listing of its event. */
export const madeEndLag = ({ seed }: AlloySeed, execution: number): number =>
  below(longestLag + 1, seed, execution, salts.endLag)
