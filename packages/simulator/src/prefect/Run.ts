import { type Instant, microseconds } from "../shared/Instant.js"

/** Prefect's types of states. */
export const PREFECT_STATE_TYPES = [
  "SCHEDULED",
  "PENDING",
  "RUNNING",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "CRASHED",
  "PAUSED",
  "CANCELLING",
] as const

/** The type of a state. Its name is free text. */
export type PrefectStateType = (typeof PREFECT_STATE_TYPES)[number]

/** A state that a flow run is given. */
export interface PrefectState {
  readonly type: PrefectStateType
  /** Default: the type's own word, such as Completed. */
  readonly name?: string | undefined
  /** Default: null, or what Prefect says of a failure. */
  readonly message?: string | null | undefined
  /** Default: now, which moves on by 250 ms. */
  readonly at?: Instant | undefined
  /** When a SCHEDULED run is to begin. Default: `at`. */
  readonly scheduledTime?: Instant | undefined
  /** An end without a start: it keeps none. Default false: the end becomes its start, as in 3.8.8. */
  readonly unstarted?: boolean | undefined
}

/** A flow run that is given rather than made. Only `expectedStartTime` is needed. */
export interface PrefectRun {
  /** What lists are windowed by; it never changes. */
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
  /** Which flow, from 0. Default 0. */
  readonly flow?: number | undefined
  /** It was started through the flow's deployment. Default false. */
  readonly deployed?: boolean | undefined
  /** The deployment's schedule made it; its id then is a version 7 UUID. Default false. */
  readonly scheduled?: boolean | undefined
  /** The id of the flow run whose subflow it is. */
  readonly parent?: string | undefined
  readonly name?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly parameters?: Readonly<Record<string, unknown>> | undefined
  readonly runCount?: number | undefined
  /** How many task runs it has, up to 6. Default 2, or 0 where it has not begun. */
  readonly tasks?: number | undefined
}

/** Everything about a flow run that the seed or a `PrefectRun` decides. Times are whole microseconds. */
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
  /** When it is or was to begin, as its state tells. */
  readonly scheduledTime: number | null
  /** How many states it was given since it was made. */
  readonly transitions: number
  readonly runCount: number
  /** Time spent in RUNNING states that are left. */
  readonly totalRunTime: number
  readonly tasks: number
}

const FINAL: ReadonlySet<PrefectStateType> = new Set([
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "CRASHED",
])

/** Whether a run in such a state has ended. */
export const isFinal = (type: PrefectStateType): boolean => FINAL.has(type)

/** The name of a state that nobody named. */
export const ownWord = (type: PrefectStateType): string =>
  type.charAt(0) + type.slice(1).toLowerCase()

/** What Prefect says of a state, where it says something. */
export const messageOf = (type: PrefectStateType, name: string, order: number): string | null => {
  if (name === "TimedOut") return "Flow run exceeded timeout of 60.0 second(s)"
  if (type === "FAILED")
    return `Flow run encountered an exception: ValueError: order ORD-${order} has no price`
  if (type === "CRASHED") return "Flow run infrastructure exited with non-zero status code 137."
  return type === "CANCELLED" ? "Flow run was cancelled successfully." : null
}

/** The facts of a given run, whose parent's row is looked up already. */
export const givenFacts = (
  run: PrefectRun,
  parent: number | null,
  now: number,
): PrefectRunFacts => {
  const type = run.state ?? "COMPLETED"
  const stateName = run.stateName ?? ownWord(type)
  const expected = microseconds(run.expectedStartTime)
  const hasBegun = type !== "SCHEDULED" && type !== "PENDING"
  const timeOr = (time: Instant | null | undefined, fallback: number | null): number | null => {
    if (time === undefined) return fallback
    return time === null ? null : microseconds(time)
  }
  const start = timeOr(run.startTime, hasBegun ? expected : null)
  const end = timeOr(run.endTime, isFinal(type) ? (start ?? expected) + 50_000 : null)
  const planned = type === "SCHEDULED" || run.scheduled === true
  const created =
    run.created === undefined ? (planned ? now : expected + 300) : microseconds(run.created)
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

/** The facts of a run that was given another state, as Prefect moves its times. */
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
  const final = isFinal(type)
  return {
    ...facts,
    // Set once, and kept through retries and pauses.
    start: facts.start ?? (type === "RUNNING" || (final && state.unstarted !== true) ? at : null),
    // One final state after another keeps the first one's time.
    end: final ? (facts.end ?? at) : null,
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
