import type { ExecutionStatus } from "@execlog/core"
import type { State } from "./wire.js"

/** Types of states. Their names are free, but for the one of what took too long. */
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
}

/** The word of a state: its type, or `TimedOut`. */
export const wordOf = (state: State | null | undefined): string | null =>
  state?.type === "FAILED" && state.name === "TimedOut" ? "TimedOut" : (state?.type ?? null)

/** The types of the states that have these words. */
export const typesOf = (words: ReadonlyArray<string>): Array<string> => [
  ...new Set(words.map((word) => (word === "TimedOut" ? "FAILED" : word))),
]

/** What went wrong: Prefect tells it in the message of the state, and no further. */
export const errorOf = (state: State | null | undefined) =>
  (state?.type === "FAILED" || state?.type === "CRASHED") && state.message
    ? { message: state.message, type: null }
    : null
