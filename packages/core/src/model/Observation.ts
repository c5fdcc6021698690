import type { Actor, Execution } from "./Execution.js"

/**
 * Merges a new observation of an execution into the previous one. The state comes from the new
 * observation. Fields that never change keep their value if the new one lacks them, since a list
 * and `get` return different fields.
 */
export const mergeObservation = (previous: Execution, next: Execution): Execution => ({
  // Optional parts that this observation lacks keep their value. The result is compared as text, so
  // the order of the keys stays too.
  ...previous,
  ...next,
  workflow: {
    id: next.workflow.id ?? previous.workflow.id,
    name: next.workflow.name ?? previous.workflow.name,
    version: next.workflow.version ?? previous.workflow.version,
  },
  providerStatus: nextProviderStatus(previous, next),
  timestamp: next.timestamp ?? previous.timestamp,
  scheduledFor: next.scheduledFor ?? previous.scheduledFor,
  listedAt: next.listedAt ?? previous.listedAt,
  error: next.error ?? (isSameEnd(previous, next) ? previous.error : null),
  trigger: mergeTrigger(previous.trigger, next.trigger),
  actor: mergeActor(previous.actor, next.actor),
  attempt: next.attempt ?? previous.attempt,
  retryOf: next.retryOf ?? previous.retryOf,
  parentId: next.parentId ?? previous.parentId,
  tags: next.tags.length > 0 ? next.tags : previous.tags,
  usage: {
    totalTokens: next.usage.totalTokens ?? previous.usage.totalTokens,
    totalSteps: next.usage.totalSteps ?? previous.usage.totalSteps,
  },
  url: next.url ?? previous.url,
  attributes: { ...previous.attributes, ...next.attributes },
})

/** An endpoint may omit the provider's word; a missing word is not a change. */
export const nextProviderStatus = (
  previous: Pick<Execution, "status" | "providerStatus">,
  next: Pick<Execution, "status" | "providerStatus">,
): string | null =>
  next.providerStatus ?? (previous.status === next.status ? previous.providerStatus : null)

/**
 * Whether the execution has not changed: `get` may have returned fields of the end that a list
 * omits.
 */
const isSameEnd = (previous: Execution, next: Execution): boolean =>
  previous.status === next.status &&
  previous.providerStatus === nextProviderStatus(previous, next) &&
  previous.finishedAt?.getTime() === next.finishedAt?.getTime()

const mergeTrigger = (
  previous: Execution["trigger"],
  next: Execution["trigger"],
): Execution["trigger"] =>
  next.kind === "unknown" && (previous.kind !== "unknown" || next.providerKind === null)
    ? previous
    : next

const mergeActor = (previous: Actor | null, next: Actor | null): Actor | null => {
  if (previous === null || next === null) return next ?? previous
  if (previous.kind !== next.kind || previous.id !== next.id) return next
  return { ...next, name: next.name ?? previous.name, email: next.email ?? previous.email }
}
