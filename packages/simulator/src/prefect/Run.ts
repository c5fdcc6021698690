import { type Instant, microseconds } from "../shared/Instant.js"
import { isFinal, messageOf, ownWord, type PrefectState, type PrefectStateType } from "./State.js"

/** A flow run that is given rather than made. Only `expectedStartTime` is needed. */
export interface PrefectRun {
  /** The time that bounds and windows of lists go by. It never changes. */
  readonly expectedStartTime: Instant
  /** Default: `expectedStartTime` where the state has begun, else null. */
  readonly startTime?: Instant | null | undefined
  /** Default: 50 ms after the start where the state is final, else null. */
  readonly endTime?: Instant | null | undefined
  /** Default: now where a schedule made it or it is SCHEDULED, else just after `expectedStartTime`. */
  readonly created?: Instant | undefined
  /** Default COMPLETED. */
  readonly state?: PrefectStateType | undefined
  /** Default: the type's own word. */
  readonly stateName?: string | undefined
  readonly message?: string | null | undefined
  /** The index of the flow. Default 0. */
  readonly flow?: number | undefined
  /** It was started through the flow's deployment. Default false. */
  readonly deployed?: boolean | undefined
  /** The deployment's schedule made it, and its id is a version 7 UUID. Default false. */
  readonly scheduled?: boolean | undefined
  /** The id of the parent flow run, of a subflow. */
  readonly parent?: string | undefined
  readonly name?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly parameters?: Readonly<Record<string, unknown>> | undefined
  readonly runCount?: number | undefined
  /** Number of task runs, up to 6. Default 2, or 0 where it has not begun. */
  readonly tasks?: number | undefined
}

/** Everything that the seed or a `PrefectRun` decides about a flow run. Times are whole microseconds. */
export interface PrefectRunFacts {
  readonly name: string
  readonly flow: number
  readonly deployed: boolean
  readonly scheduled: boolean
  readonly parent: number | null
  readonly tags: readonly string[]
  readonly parameters: Readonly<Record<string, unknown>>
  readonly expected: number
  readonly created: number
  readonly start: number | null
  readonly end: number | null
  readonly nextScheduled: number | null
  readonly type: PrefectStateType
  readonly stateName: string
  readonly message: string | null
  readonly stateAt: number
  /** The planned start that its state holds. */
  readonly scheduledTime: number | null
  /** Number of states since the first. */
  readonly transitions: number
  readonly runCount: number
  /** Time in RUNNING states that have ended. */
  readonly totalRunTime: number
  readonly tasks: number
}

/** The microseconds of a time; the fallback where none is given. */
const timeOr = (time: Instant | null | undefined, fallback: number | null): number | null => {
  if (time === undefined) return fallback
  return time === null ? null : microseconds(time)
}

/** The facts of a given run. `parent` is the row of its parent. */
export const givenFacts = (
  run: PrefectRun,
  parent: number | null,
  now: number,
): PrefectRunFacts => {
  const type = run.state ?? "COMPLETED"
  const stateName = run.stateName ?? ownWord(type)
  const expected = microseconds(run.expectedStartTime)
  const hasBegun = type !== "SCHEDULED" && type !== "PENDING"
  const start = timeOr(run.startTime, hasBegun ? expected : null)
  const end = timeOr(run.endTime, isFinal(type) ? (start ?? expected) + 50_000 : null)
  const isPlanned = type === "SCHEDULED" || run.scheduled === true
  const created =
    run.created === undefined ? (isPlanned ? now : expected + 300) : microseconds(run.created)
  return {
    name: run.name ?? "made-up-run",
    flow: run.flow ?? 0,
    deployed: run.deployed === true || run.scheduled === true,
    scheduled: run.scheduled ?? false,
    parent,
    tags: run.tags ?? [],
    parameters: run.parameters ?? { order: "ORD-2000" },
    expected,
    created,
    start,
    end,
    nextScheduled: type === "SCHEDULED" ? expected : null,
    type,
    stateName,
    message: run.message === undefined ? messageOf(type, stateName, 2000) : run.message,
    stateAt: end ?? start ?? created,
    scheduledTime: type === "SCHEDULED" ? expected : null,
    transitions: 0,
    runCount: run.runCount ?? (start === null ? 0 : 1),
    totalRunTime: start === null || end === null ? 0 : Math.max(0, end - start),
    tasks: Math.min(6, run.tasks ?? (start === null ? 0 : 2)),
  }
}

/** The facts of a run in its next state. Its times move as they do in Prefect. */
export const movedFacts = (
  facts: PrefectRunFacts,
  state: PrefectState,
  now: number,
): PrefectRunFacts => {
  const { type } = state
  const at = Math.max(
    state.at === undefined ? now : microseconds(state.at),
    facts.start ?? -Infinity,
  )
  const stateName = state.name ?? ownWord(type)
  const scheduledTime = state.scheduledTime === undefined ? at : microseconds(state.scheduledTime)
  const ran = facts.type === "RUNNING" ? Math.max(0, at - facts.stateAt) : 0
  const hasEnded = isFinal(type)
  return {
    ...facts,
    // Set once, and kept through retries and pauses.
    start:
      facts.start ?? (type === "RUNNING" || (hasEnded && state.unstarted !== true) ? at : null),
    // A final state after another one keeps the earlier end.
    end: hasEnded ? (facts.end ?? at) : null,
    nextScheduled: type === "SCHEDULED" ? scheduledTime : null,
    type,
    stateName,
    message: state.message === undefined ? messageOf(type, stateName, 2000) : state.message,
    stateAt: at,
    scheduledTime: type === "SCHEDULED" ? scheduledTime : null,
    transitions: facts.transitions + 1,
    runCount: facts.runCount + (type === "RUNNING" ? 1 : 0),
    totalRunTime: facts.totalRunTime + ran,
    tasks: facts.start === null && type === "RUNNING" ? 2 : facts.tasks,
  }
}
