import type { Execution } from "./Execution.js"

/**
 * Compares two executions by listing time, then id. Where the provider tells no listing time the
 * start stands in for it; an execution without either is the latest.
 */
export const compareListing = (a: Execution, b: Execution): number => {
  const at = ({ listedAt, startedAt }: Execution) =>
    (listedAt ?? startedAt)?.getTime() ?? Number.POSITIVE_INFINITY
  const byTime = at(a) === at(b) ? 0 : at(a) - at(b)
  return byTime !== 0 ? byTime : a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
