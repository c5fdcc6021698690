import type { Execution } from "@execlog/core"

/**
 * Why an execution failed. Where all that its provider gives was asked for, and it told nothing, it says
 * so; null where there is nothing to say.
 */
export const reasonText = (
  { status, error }: Pick<Execution, "status" | "error">,
  isAllAsked: boolean,
): string | null => {
  if (error !== null) return error.message
  const hasFailed = status === "failed" || status === "timed_out"
  return hasFailed && isAllAsked ? "the provider gives no reason" : null
}
