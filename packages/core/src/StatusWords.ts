import { type ExecutionStatus, executionStatuses } from "./ExecutionStatus.js"

/** What others call a status. */
const foreign: ReadonlyMap<string, ExecutionStatus> = new Map([
  ["pending", "queued"],
  ["scheduled", "queued"],
  ["new", "queued"],
  ["in_progress", "running"],
  ["inprogress", "running"],
  ["started", "running"],
  ["active", "running"],
  ["paused", "waiting"],
  ["suspended", "waiting"],
  ["success", "succeeded"],
  ["successful", "succeeded"],
  ["completed", "succeeded"],
  ["complete", "succeeded"],
  ["finished", "succeeded"],
  ["done", "succeeded"],
  ["ok", "succeeded"],
  ["error", "failed"],
  ["errored", "failed"],
  ["failure", "failed"],
  ["crashed", "failed"],
  ["timeout", "timed_out"],
  ["timedout", "timed_out"],
  ["cancelled", "canceled"],
  ["aborted", "canceled"],
  ["stopped", "canceled"],
  ["killed", "canceled"],
  ["terminated", "canceled"],
  ["partially_succeeded", "partial"],
] as const)

/** The status that a word stands for which is not one: a foreign word, or a misspelt one; else null. */
export const statusMeant = (written: string): ExecutionStatus | null => {
  const word = written.toLowerCase().slice(0, 40).replaceAll(/[\s-]/g, "_")
  const named = executionStatuses.find((status) => status === word) ?? foreign.get(word)
  if (named !== undefined) return named
  const known: ReadonlyArray<readonly [string, ExecutionStatus]> = [
    ...executionStatuses.map((status) => [status, status] as const),
    ...foreign,
  ]
  // One slip of the finger in a short word, two in a long one.
  const near = known.find(([other]) => distance(word, other) <= (other.length < 6 ? 1 : 2))
  return near?.[1] ?? null
}

/** How many letters differ between two words, by insertions, deletions and replacements. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
