import type { Instant } from "../shared/Instant.js"

/** Prefect's types of states. */
export const prefectStateTypes = [
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
export type PrefectStateType = (typeof prefectStateTypes)[number]

/** The next state of a flow run. */
export interface PrefectState {
  readonly type: PrefectStateType
  /** Default: the type's own word, such as Completed. */
  readonly name?: string | undefined
  /** Default: Prefect's own message for a failure, a crash or a cancellation, else null. */
  readonly message?: string | null | undefined
  /** Default: now, which moves on by 250 ms. */
  readonly at?: Instant | undefined
  /** When a SCHEDULED run is to begin. Default: `at`. */
  readonly scheduledTime?: Instant | undefined
  /** A final state leaves a run without a start as it is. Default false: it sets the start, as in 3.8.8. */
  readonly unstarted?: boolean | undefined
}

const finalTypes: ReadonlySet<PrefectStateType> = new Set([
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "CRASHED",
])

/** Whether a run in a state of this type has ended. */
export const isFinal = (type: PrefectStateType): boolean => finalTypes.has(type)

/** The name of a state that was given none. */
export const ownWord = (type: PrefectStateType): string =>
  type.charAt(0) + type.slice(1).toLowerCase()

/** Prefect's own message for a state, or null. */
export const messageOf = (type: PrefectStateType, name: string, order: number): string | null => {
  if (name === "TimedOut") return "Flow run exceeded timeout of 60.0 second(s)"
  if (type === "FAILED")
    return `Flow run encountered an exception: ValueError: order ORD-${order} has no price`
  if (type === "CRASHED") return "Flow run infrastructure exited with non-zero status code 137."
  return type === "CANCELLED" ? "Flow run was cancelled successfully." : null
}
