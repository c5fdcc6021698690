import type { Execution } from "@execlog/core"

/**
 * Whether all that its provider gives of an execution was asked for, of why it failed too; null where the
 * list alone was to be read.
 */
export type AllAsked = (execution: Execution) => boolean | null

/**
 * Why an execution failed. Where nothing tells it, whether all that its provider gives was asked for; null
 * where there is nothing to say.
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
