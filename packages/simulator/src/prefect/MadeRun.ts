import { below, fraction, pick } from "../shared/Random.js"
import { groupOf, groupSpan, placeInGroup, timeInGroup } from "../shared/RowGroups.js"
import { drawKind, kindCodes, kindOf } from "./Kinds.js"
import type { PrefectRunFacts } from "./Run.js"
import { messageOf } from "./State.js"

/** The inputs that determine generated flow runs. Times are whole microseconds. */
export interface PrefectSeed {
  readonly executions: number
  readonly seed: number
  readonly nowMicroseconds: number
  readonly perHour: number
  readonly flows: number
}

/** At most so many made runs are due in the future. */
const mostFuture = 24

/** A second and an hour in microseconds. */
const second = 1_000_000
const hour = 3_600 * second

const salts = {
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

const adjectives: readonly [string, ...Array<string>] = [
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
const animals: readonly [string, ...Array<string>] = [
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
const tagSets: readonly [ReadonlyArray<string>, ...Array<ReadonlyArray<string>>] = [
  [],
  ["prod"],
  ["prod", "nightly"],
  ["team-blue"],
]

/** Number of made runs that are due in the future. They are the first rows. */
const futureOf = ({ executions }: PrefectSeed): number => Math.min(mostFuture, executions >> 4)

/** The rank of a made run among those that are due, from the newest back. */
const rankOf = (made: PrefectSeed, row: number): number => row - futureOf(made)

/** A number from 0 to 1 of a run's group: below 0.25 its runs are a schedule's, below 0.5 they come at once. */
const styleOf = (made: PrefectSeed, row: number): number =>
  fraction(made.seed, groupOf(rankOf(made, row)), salts.group)

/** Whether a schedule made the run. All runs of such a group are due at one instant. */
export const madeScheduled = (made: PrefectSeed, row: number): boolean =>
  row < futureOf(made) || styleOf(made, row) < 0.25

/** The row of a made run's parent, or null. It is the next row. */
export const madeParent = (made: PrefectSeed, row: number): number | null => {
  const isChild =
    row + 1 < made.executions &&
    placeInGroup(rankOf(made, row)) === 3 &&
    !madeScheduled(made, row) &&
    fraction(made.seed, groupOf(rankOf(made, row)), salts.family) < 0.5
  return isChild ? row + 1 : null
}

/** The row of a made run's only subflow, or null. */
export const madeChild = (made: PrefectSeed, row: number): number | null =>
  row > 0 && madeParent(made, row - 1) === row ? row - 1 : null

/** Whether a made run was started through its flow's deployment. */
export const madeDeployed = (made: PrefectSeed, row: number): boolean =>
  madeScheduled(made, row) ||
  (madeParent(made, row) === null && fraction(made.seed, row, salts.deployed) < 0.3)

/** The flow of a made run. Subflows are of the last flow. */
export const madeFlow = (made: PrefectSeed, row: number): number =>
  madeParent(made, row) === null
    ? below(made.flows, made.seed, row, salts.flow)
    : Math.max(0, made.flows - 1)

/** The name of a made run. */
export const madeName = ({ seed }: PrefectSeed, row: number): string =>
  `${pick(adjectives, seed, row, salts.name)}-${pick(animals, seed, row, salts.name + 0x100)}`

/** The tags of a made run. */
export const madeTags = (made: PrefectSeed, row: number): ReadonlyArray<string> => {
  const tags = pick(tagSets, made.seed, row, salts.tags)
  return madeScheduled(made, row) ? ["auto-scheduled", ...tags] : tags
}

const delayOf = (made: PrefectSeed, row: number): number =>
  madeDeployed(made, row)
    ? second + below(14 * second, made.seed, row, salts.delay)
    : 20_000 + below(100_000, made.seed, row, salts.delay)

/** Whether a run that was planned for later was started by hand. */
const isEarly = (made: PrefectSeed, row: number): boolean =>
  row < futureOf(made)
    ? row % 8 === 5
    : madeScheduled(made, row) && fraction(made.seed, row, salts.early) < 0.05

/** The start of a made run, or the start that it would have had. */
export const madeStart = (made: PrefectSeed, row: number, expected: number): number => {
  if (!isEarly(made, row)) return expected + delayOf(made, row)
  return Math.min(expected, made.nowMicroseconds) - 1_800 * second - delayOf(made, row)
}

/** The expected start of a made run: whole hours to come first, then groups of sixteen back from now. */
export const madeExpected = (made: PrefectSeed, row: number): number => {
  const { seed, nowMicroseconds: now, perHour } = made
  const future = futureOf(made)
  if (row < future) return (Math.floor(now / hour) + 1 + Math.floor((future - 1 - row) / 3)) * hour
  const parent = madeParent(made, row)
  if (parent !== null) return madeStart(made, parent, madeExpected(made, parent)) + 100_000
  const density = { now, perHour, second }
  const rank = rankOf(made, row)
  const style = styleOf(made, row)
  if (style < 0.25) {
    const middle = now - (groupOf(rank) + 0.5) * groupSpan(density)
    return Math.floor(middle / second) * second
  }
  return timeInGroup(density, rank, fraction(seed, row, salts.place), style < 0.5)
}

const durationOf = (made: PrefectSeed, row: number): number => {
  const roll = fraction(made.seed, row, salts.duration)
  return Math.round(30_000 + (roll > 0.99 ? (roll - 0.99) * 36_000 : roll ** 4 * 60) * second)
}

/** The end of a made run, or the end that it would have had. A parent ends after its child. */
export const madeEnd = (made: PrefectSeed, row: number, start: number): number => {
  const child = madeChild(made, row)
  if (child === null) return start + durationOf(made, row)
  return madeEnd(made, child, madeStart(made, child, start + 100_000)) + 50_000
}

/** The end of a run that never started, just after it was due. */
export const unstartedEnd = (expected: number): number => expected + 25_677

/** Of a parent and its child, both complete or both fail. A run that was started early completes. */
const drawnKind = (
  roll: number,
  { isKin, isStartedEarly }: { readonly isKin: boolean; readonly isStartedEarly: boolean },
): number => {
  if (isKin) return roll < 0.8 ? kindCodes.completed : kindCodes.failed
  return isStartedEarly ? kindCodes.completed : drawKind(roll)
}

/** The code of a made run's kind. A run whose end lies after now is still running. */
export const madeKind = (made: PrefectSeed, row: number, expected: number): number => {
  const { seed, nowMicroseconds: now } = made
  const isStartedEarly = isEarly(made, row)
  const start = madeStart(made, row, expected)
  if (start > now && expected > now)
    return fraction(seed, row, salts.kind) < 0.1 ? kindCodes.rescheduled : kindCodes.scheduled
  if (start > now) return madeScheduled(made, row) ? kindCodes.late : kindCodes.pending
  const family = madeParent(made, row) ?? row
  const isKin = family !== row || madeChild(made, row) !== null
  const code = drawnKind(fraction(seed, family, salts.kind), { isKin, isStartedEarly })
  const hasEnd = kindOf(code).life === "ran"
  return hasEnd && madeEnd(made, row, start) > now ? kindCodes.running : code
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
  const isScheduled = madeScheduled(made, row)
  const flow = madeFlow(made, row)
  const order = 1000 + below(9000, seed, madeParent(made, row) ?? row, salts.order)
  const hasBegun = life === "ran" || life === "stands"
  const endUnstarted = life === "unstarted" ? unstartedEnd(expected) : null
  const start = hasBegun ? madeStart(made, row, expected) : endUnstarted
  const end = start !== null && life === "ran" ? madeEnd(made, row, start) : endUnstarted
  const wasRetried = hasBegun && !isScheduled && fraction(seed, row, salts.retried) < 0.05
  const created = madeCreated(made, row, expected)
  // The state of a run that stands is younger than its start.
  const standsSince = start === null ? created + 200 : start + (type === "RUNNING" ? 0 : 800_000)
  const stateAt = end ?? standsSince
  const isWaiting = type === "SCHEDULED" && life === "waits"
  const planned = name === "Rescheduled" ? expected + 2 * hour : expected
  const due = isWaiting ? planned : stateAt + 60 * second
  const ran = start === null ? 0 : stateAt - start
  return {
    name: madeName(made, row),
    flow,
    deployed: madeDeployed(made, row),
    scheduled: isScheduled,
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
    runCount: hasBegun ? (wasRetried ? 2 : 1) : 0,
    totalRunTime: wasRetried ? Math.floor(ran / 2) : ran,
    tasks: hasBegun ? below(5, seed, row, salts.tasks) : 0,
  }
}

/** The creation of a made run. A schedule creates its runs hours before they are due. */
export const madeCreated = (made: PrefectSeed, row: number, expected: number): number =>
  madeScheduled(made, row)
    ? Math.min(expected, made.nowMicroseconds) - 6 * hour - (row & 15) * 1_700
    : expected + 300
