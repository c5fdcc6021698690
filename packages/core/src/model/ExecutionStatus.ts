import * as Schema from "effect/Schema"

/**
 * What has become of an execution, in words that mean the same for every provider.
 *
 * `partial` ended well in the whole while a part of it failed; `waiting` stands still until
 * something outside goes on with it; `unknown` is a word that execlog has not heard of, which is
 * then found in `providerStatus`. Nothing is ever called `succeeded` by default.
 */
export const ExecutionStatus = Schema.Literals([
  "queued",
  "running",
  "waiting",
  "succeeded",
  "partial",
  "failed",
  "timed_out",
  "canceled",
  "skipped",
  "unknown",
])

/** One of the ten words of {@link ExecutionStatus}. */
export type ExecutionStatus = typeof ExecutionStatus.Type

/** All statuses, in the order of a life. */
export const executionStatuses: ReadonlyArray<ExecutionStatus> = ExecutionStatus.literals

const terminal: ReadonlySet<ExecutionStatus> = new Set([
  "succeeded",
  "partial",
  "failed",
  "timed_out",
  "canceled",
  "skipped",
] satisfies ReadonlyArray<ExecutionStatus>)

/** Whether an execution of this status has ended for good. `unknown` has not, as far as we know. */
export const isTerminal = (status: ExecutionStatus): boolean => terminal.has(status)
