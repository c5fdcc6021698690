import type { Execution } from "@execlog/core"

/**
 * Whether the details of an execution were read, with the reason of its failure; null if only the
 * list was to be read.
 */
export type AllAsked = (execution: Execution) => boolean | null

/**
 * Why an execution failed. If there is no reason, says whether the details were read; null
 * if there is nothing to say.
 */
export const reasonText = (
  { status, error }: Pick<Execution, "status" | "error">,
  isAllAsked: boolean | null,
): string | null => {
  if (error !== null) return error.message
  const hasFailed = status === "failed" || status === "timed_out"
  if (!hasFailed || isAllAsked === null) return null
  return isAllAsked ? "the provider gives no reason" : "no reason in the list"
}
