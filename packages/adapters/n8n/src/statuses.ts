import type { ExecutionStatus } from "@execlog/core"

/** n8n's words for the status of an execution, and of a run of a node. */
export const statuses: { readonly [word: string]: ExecutionStatus } = {
  canceled: "canceled",
  crashed: "failed",
  error: "failed",
  new: "queued",
  running: "running",
  success: "succeeded",
  unknown: "unknown",
  waiting: "waiting",
}
