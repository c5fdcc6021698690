import type { Execution } from "./Execution.js"

/**
 * The listing time of an execution, in milliseconds. Falls back to the start if the provider
 * returns no listing time; null if there is neither.
 */
export const listingTime = ({
  listedAt,
  startedAt,
}: Pick<Execution, "listedAt" | "startedAt">): number | null =>
  (listedAt ?? startedAt)?.getTime() ?? null

/**
 * Compares two executions by timestamp, else by the listing time of the provider, then id. One with
 * neither is the latest.
 */
export const compareTimestamp = (a: Execution, b: Execution): number =>
  compareBy(({ timestamp, listedAt }) => (timestamp ?? listedAt)?.getTime() ?? null, a, b)

/** Compares two executions by listing time, then id. One without a listing time sorts last. */
export const compareListing = (a: Execution, b: Execution): number => compareBy(listingTime, a, b)

const compareBy = (
  timeOf: (execution: Execution) => number | null,
  a: Execution,
  b: Execution,
): number => {
  const at = (execution: Execution) => timeOf(execution) ?? Number.POSITIVE_INFINITY
  const byTime = at(a) === at(b) ? 0 : at(a) - at(b)
  return byTime !== 0 ? byTime : a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
