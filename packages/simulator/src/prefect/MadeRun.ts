import { messageOf, type PrefectRunFacts, type PrefectStateType } from "./Run.js"
import { below, fraction, pick } from "../shared/Random.js"

/** What decides the flow runs that are made rather than given. */
export interface PrefectSeed {
  readonly executions: number
  readonly seed: number
  readonly nowMicroseconds: number
  readonly perHour: number
  readonly flows: number
}

/** A state and what its times are: it ran and ended, stands after its start, ended unstarted, or waits for its start. */
interface Kind {
  readonly type: PrefectStateType
  readonly name: string
  readonly life: "ran" | "stands" | "unstarted" | "waits"
}

const SHARES: readonly (readonly [number, PrefectStateType, string, Kind["life"]])[] = [
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

/** The kinds of made runs, by the code in which a history keeps them. */
const KINDS: readonly Kind[] = SHARES.map(([, type, name, life]) => ({
  type,
  name,
  life,
}))

const COMPLETED: Kind = { type: "COMPLETED", name: "Completed", life: "ran" }
const codeOf = (name: string): number => KINDS.findIndex((kind) => kind.name === name)
const CODE = {
  completed: codeOf("Completed"),
  failed: codeOf("Failed"),
  running: codeOf("Running"),
  late: codeOf("Late"),
  pending: codeOf("Pending"),
  scheduled: codeOf("Scheduled"),
  rescheduled: codeOf("Rescheduled"),
}

/** A kind by its code. */
export const kindOf = (code: number | undefined): Kind => KINDS[code ?? 0] ?? COMPLETED

const GROUP = 16
const FUTURE = 24
const SECOND = 1_000_000
const HOUR = 3_600 * SECOND
const SALT = {
  group: 61,
  place: 62,
  kind: 63,
  delay: 64,
  duration: 65,
  family: 66,
  deployed: 67,
  flow: 68,
  name: 69,
  order: 70,
  early: 71,
  retried: 72,
  tags: 73,
  tasks: 74,
}

const ADJECTIVES: readonly [string, ...string[]] = [
  "amber",
  "brisk",
  "calm",
  "dusty",
  "eager",
  "frosty",
  "gentle",
  "hollow",
  "ivory",
  "jolly",
  "lucid",
  "mellow",
]
const ANIMALS: readonly [string, ...string[]] = [
  "badger",
  "crane",
  "dolphin",
  "egret",
  "falcon",
  "gecko",
  "heron",
  "ibex",
  "jackal",
  "lynx",
  "marten",
  "newt",
]
const TAGS: readonly [readonly string[], ...(readonly string[])[]] = [
  [],
  ["prod"],
  ["prod", "nightly"],
  ["team-blue"],
]

const futureOf = ({ executions }: PrefectSeed): number => Math.min(FUTURE, executions >> 4)

const groupOf = (made: PrefectSeed, row: number): number => (row - futureOf(made)) >> 4

/** Whether a schedule made the run: all of such a group are due at one instant. */
export const madeScheduled = (made: PrefectSeed, row: number): boolean =>
  row < futureOf(made) || fraction(made.seed, groupOf(made, row), SALT.group) < 0.25

/** The row of the run whose subflow a made run is, or null. It lies just behind. */
export const madeParent = (made: PrefectSeed, row: number): number | null => {
  const isChild =
    row + 1 < made.executions &&
    ((row - futureOf(made)) & (GROUP - 1)) === 3 &&
    !madeScheduled(made, row) &&
    fraction(made.seed, groupOf(made, row), SALT.family) < 0.5
  return isChild ? row + 1 : null
}

/** The row of a made run's only subflow, or null. */
export const madeChild = (made: PrefectSeed, row: number): number | null =>
  row > 0 && madeParent(made, row - 1) === row ? row - 1 : null

export const madeDeployed = (made: PrefectSeed, row: number): boolean =>
  madeScheduled(made, row) ||
  (madeParent(made, row) === null && fraction(made.seed, row, SALT.deployed) < 0.3)

export const madeFlow = (made: PrefectSeed, row: number): number =>
  madeParent(made, row) === null
    ? below(made.flows, made.seed, row, SALT.flow)
    : Math.max(0, made.flows - 1)

export const madeName = ({ seed }: PrefectSeed, row: number): string =>
  `${pick(ADJECTIVES, seed, row, SALT.name)}-${pick(ANIMALS, seed, row, SALT.name + 0x100)}`

export const madeTags = (made: PrefectSeed, row: number): readonly string[] => {
  const tags = pick(TAGS, made.seed, row, SALT.tags)
  return madeScheduled(made, row) ? ["auto-scheduled", ...tags] : tags
}

const delayOf = (made: PrefectSeed, row: number): number =>
  madeDeployed(made, row)
    ? SECOND + below(14 * SECOND, made.seed, row, SALT.delay)
    : 20_000 + below(100_000, made.seed, row, SALT.delay)

/** Planned for the future and started by hand before that. */
const isEarly = (made: PrefectSeed, row: number): boolean =>
  row < futureOf(made)
    ? row % 8 === 5
    : madeScheduled(made, row) && fraction(made.seed, row, SALT.early) < 0.05

/** When a made run would start, whether or not it did. */
export const madeStart = (made: PrefectSeed, row: number, expected: number): number => {
  if (!isEarly(made, row)) return expected + delayOf(made, row)
  return Math.min(expected, made.nowMicroseconds) - 1_800 * SECOND - delayOf(made, row)
}

/** When a made run is expected to start: schedules at whole hours to come, then groups of sixteen back from now. */
export const madeExpected = (made: PrefectSeed, row: number): number => {
  const { seed, nowMicroseconds: now, perHour } = made
  const future = futureOf(made)
  if (row < future) return (Math.floor(now / HOUR) + 1 + Math.floor((future - 1 - row) / 3)) * HOUR
  const parent = madeParent(made, row)
  if (parent !== null) return madeStart(made, parent, madeExpected(made, parent)) + 100_000
  const group = groupOf(made, row)
  const spread = (HOUR / perHour) * GROUP
  const style = fraction(seed, group, SALT.group)
  if (style < 0.25) return Math.floor((now - (group + 0.5) * spread) / SECOND) * SECOND
  const width = style < 0.5 ? Math.min(spread, 2 * SECOND) : spread
  const place = (((row - future) & (GROUP - 1)) + fraction(seed, row, SALT.place)) / GROUP
  return Math.floor(now - group * spread - place * width)
}

const durationOf = (made: PrefectSeed, row: number): number => {
  const roll = fraction(made.seed, row, SALT.duration)
  return Math.round(30_000 + (roll > 0.99 ? (roll - 0.99) * 36_000 : roll ** 4 * 60) * SECOND)
}

/** When a made run would end. A parent ends after its child. */
export const madeEnd = (made: PrefectSeed, row: number, start: number): number => {
  const child = madeChild(made, row)
  if (child === null) return start + durationOf(made, row)
  return madeEnd(made, child, madeStart(made, child, start + 100_000)) + 50_000
}

/** The end of a run that never started. */
export const unstartedEnd = (expected: number): number => expected + 25_677

/** The code of a made run's kind: one whose end lies after now is still running. */
export const madeKind = (made: PrefectSeed, row: number, expected: number): number => {
  const { seed, nowMicroseconds: now } = made
  const early = isEarly(made, row)
  const start = madeStart(made, row, expected)
  if (start > now && expected > now)
    return fraction(seed, row, SALT.kind) < 0.1 ? CODE.rescheduled : CODE.scheduled
  if (start > now) return madeScheduled(made, row) ? CODE.late : CODE.pending
  const family = madeParent(made, row) ?? row
  const kin = family !== row || madeChild(made, row) !== null
  let roll = fraction(seed, family, SALT.kind)
  let code = CODE.completed
  if (kin) code = roll < 0.8 ? CODE.completed : CODE.failed
  else if (!early) {
    code = SHARES.findIndex(([share]) => {
      roll -= share
      return roll < 0
    })
    if (code === -1) code = CODE.completed
  }
  const hasEnd = kindOf(code).life === "ran"
  return hasEnd && madeEnd(made, row, start) > now ? CODE.running : code
}

const parametersOf = (flow: number, order: number): Readonly<Record<string, unknown>> => {
  if (flow === 0) return { order: `ORD-${order}` }
  if (flow === 1) return { rows: order % 50, dry_run: false }
  return flow === 2 ? { parts: ["east", "west"], since: null } : {}
}

/** The facts of a made run of this kind. */
export const madeFacts = (
  made: PrefectSeed,
  row: number,
  expected: number,
  code: number,
): PrefectRunFacts => {
  const { seed } = made
  const { type, name, life } = kindOf(code)
  const scheduled = madeScheduled(made, row)
  const flow = madeFlow(made, row)
  const order = 1000 + below(9000, seed, madeParent(made, row) ?? row, SALT.order)
  const began = life === "ran" || life === "stands"
  const unstarted = life === "unstarted" ? unstartedEnd(expected) : null
  const start = began ? madeStart(made, row, expected) : unstarted
  const end = start !== null && life === "ran" ? madeEnd(made, row, start) : unstarted
  const retried = began && !scheduled && fraction(seed, row, SALT.retried) < 0.05
  const created = madeCreated(made, row, expected)
  // Of a run that stands, the state is younger than the start.
  const standsSince = start === null ? created + 200 : start + (type === "RUNNING" ? 0 : 800_000)
  const stateAt = end ?? standsSince
  const waits = type === "SCHEDULED" && life === "waits"
  const planned = name === "Rescheduled" ? expected + 2 * HOUR : expected
  const due = waits ? planned : stateAt + 60 * SECOND
  const ran = start === null ? 0 : stateAt - start
  return {
    name: madeName(made, row),
    flow,
    deployed: madeDeployed(made, row),
    scheduled,
    parent: madeParent(made, row),
    tags: madeTags(made, row),
    parameters: parametersOf(flow, order),
    expected,
    created,
    start,
    end,
    nextScheduled: type === "SCHEDULED" ? due : null,
    type,
    stateName: name,
    message: name === "Skipped" ? "nothing to do today" : messageOf(type, name, order),
    stateAt,
    scheduledTime: type === "SCHEDULED" ? due : null,
    transitions: 0,
    runCount: began ? (retried ? 2 : 1) : 0,
    totalRunTime: retried ? Math.floor(ran / 2) : ran,
    tasks: began ? below(5, seed, row, SALT.tasks) : 0,
  }
}

/** When a made run was created: one of a schedule long before it was due. */
export const madeCreated = (made: PrefectSeed, row: number, expected: number): number =>
  madeScheduled(made, row)
    ? Math.min(expected, made.nowMicroseconds) - 6 * HOUR - (row & 15) * 1_700
    : expected + 300
