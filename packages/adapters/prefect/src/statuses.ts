import type { ExecutionStatus } from "@execlog/core"
import type { State } from "./wire.js"

/** Types of states, and the names that say more than their type. */
export const statuses: { readonly [word: string]: ExecutionStatus } = {
  SCHEDULED: "queued",
  PENDING: "queued",
  RUNNING: "running",
  CANCELLING: "running",
  PAUSED: "waiting",
  COMPLETED: "succeeded",
  FAILED: "failed",
  CRASHED: "failed",
  CANCELLED: "canceled",
  TimedOut: "timed_out",
  AwaitingRetry: "waiting",
}

/** The names that are words of their own, by the type that they refine. */
const refined: { readonly [name: string]: string } = {
  TimedOut: "FAILED",
  // It has started, and waits for its next attempt.
  AwaitingRetry: "SCHEDULED",
}

/** The word of a state: its type, or a name that says more. */
export const wordOf = (state: State | null | undefined): string | null => {
  const { type = null, name } = state ?? {}
  return name && Object.hasOwn(refined, name) && refined[name] === type ? name : type
}

/** The types of the states that have these words. */
export const typesOf = (words: ReadonlyArray<string>): Array<string> => [
  ...new Set(words.map((word) => refined[word] ?? word)),
]

/** What went wrong: Prefect tells it in the message of the state, and no further. */
export const errorOf = (state: State | null | undefined) =>
  (state?.type === "FAILED" || state?.type === "CRASHED") && state.message
    ? { message: state.message, type: null }
    : null
