import type { Execution } from "@execlog/core"

/** A column of an execution in formats that have columns, by what its cells hold. */
export type ExecutionColumn = { readonly name: string } & (
  | Cells<"text", string>
  | Cells<"instant", Date>
  | Cells<"number", number>
  /** A number of things, which should be an integer. */
  | Cells<"count", number>
  /** Data that is written as JSON. */
  | Cells<"json", unknown>
)

interface Cells<Kind extends string, Value> {
  readonly kind: Kind
  readonly value: (execution: Execution) => Value | null | undefined
}

/** The columns, in their order. New ones are added at the end. */
export const executionColumns: ReadonlyArray<ExecutionColumn> = [
  { name: "provider", kind: "text", value: ({ provider }) => provider },
  { name: "connection", kind: "text", value: ({ connection }) => connection },
  { name: "id", kind: "text", value: ({ id }) => id },
  { name: "workflow_id", kind: "text", value: ({ workflow }) => workflow.id },
  { name: "workflow_name", kind: "text", value: ({ workflow }) => workflow.name },
  { name: "workflow_version", kind: "text", value: ({ workflow }) => workflow.version },
  { name: "status", kind: "text", value: ({ status }) => status },
  { name: "provider_status", kind: "text", value: ({ providerStatus }) => providerStatus },
  { name: "started_at", kind: "instant", value: ({ startedAt }) => startedAt },
  { name: "finished_at", kind: "instant", value: ({ finishedAt }) => finishedAt },
  { name: "listed_at", kind: "instant", value: ({ listedAt }) => listedAt },
  { name: "duration_ms", kind: "number", value: ({ durationMs }) => durationMs },
  { name: "error_message", kind: "text", value: ({ error }) => error?.message },
  { name: "error_type", kind: "text", value: ({ error }) => error?.type },
  { name: "error_step_id", kind: "text", value: ({ error }) => error?.stepId },
  { name: "trigger_kind", kind: "text", value: ({ trigger }) => trigger.kind },
  { name: "trigger_provider_kind", kind: "text", value: ({ trigger }) => trigger.providerKind },
  { name: "actor_kind", kind: "text", value: ({ actor }) => actor?.kind },
  { name: "actor_id", kind: "text", value: ({ actor }) => actor?.id },
  { name: "actor_name", kind: "text", value: ({ actor }) => actor?.name },
  { name: "actor_email", kind: "text", value: ({ actor }) => actor?.email },
  { name: "retry_of", kind: "text", value: ({ retryOf }) => retryOf },
  { name: "parent_id", kind: "text", value: ({ parentId }) => parentId },
  { name: "total_tokens", kind: "count", value: ({ usage }) => usage.totalTokens },
  { name: "total_steps", kind: "count", value: ({ usage }) => usage.totalSteps },
  { name: "url", kind: "text", value: ({ url }) => url },
  { name: "attributes", kind: "json", value: ({ attributes }) => attributes },
  { name: "steps", kind: "json", value: ({ steps }) => steps },
  { name: "inputs", kind: "json", value: ({ inputs }) => inputs },
  { name: "outputs", kind: "json", value: ({ outputs }) => outputs },
  { name: "raw", kind: "json", value: ({ raw }) => raw },
  { name: "timestamp", kind: "instant", value: ({ timestamp }) => timestamp },
  { name: "scheduled_for", kind: "instant", value: ({ scheduledFor }) => scheduledFor },
  { name: "attempt", kind: "count", value: ({ attempt }) => attempt },
  { name: "tags", kind: "json", value: ({ tags }) => tags },
]
