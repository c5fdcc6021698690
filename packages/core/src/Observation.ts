import type { Actor, Execution } from "./Execution.js"

/**
 * What is known of an execution after it was observed again: what became of it is as the new
 * observation says; what does not change keeps its value where the new one does not tell it, since a
 * list and `get` tell different things.
 */
export const mergeObservation = (previous: Execution, next: Execution): Execution => {
  const { workflow, usage, ...known } = previous
  const { provider, ...told } = next
  return {
    // Of the parts that may be absent, those that were not asked for this time stay.
    ...known,
    ...told,
    provider,
    workflow: {
      id: told.workflow.id ?? workflow.id,
      name: told.workflow.name ?? workflow.name,
      version: told.workflow.version ?? workflow.version,
    },
    listedAt: told.listedAt ?? known.listedAt,
    trigger: mergeTrigger(known.trigger, told.trigger),
    actor: mergeActor(known.actor, told.actor),
    retryOf: told.retryOf ?? known.retryOf,
    parentId: told.parentId ?? known.parentId,
    usage: {
      totalTokens: told.usage.totalTokens ?? usage.totalTokens,
      totalSteps: told.usage.totalSteps ?? usage.totalSteps,
    },
    url: told.url ?? known.url,
    attributes: { ...known.attributes, ...told.attributes },
  }
}

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
