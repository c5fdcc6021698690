import { withoutPromise } from "../model/DecodeFault.js"
import type { Actor, ExecutionStatus, TriggerKind } from "../model/Execution.js"
import type { ExecutionDraft } from "./ExecutionDraft.js"

/**
 * An execution as an adapter's mapping returns it: an {@link ExecutionDraft} in which more may be
 * omitted. Null, undefined and absent mean the same.
 */
export interface MappedExecution extends Omit<ExecutionDraft, "error" | "trigger" | "actor"> {
  /** Without a message, or with an empty one, there is no error. */
  readonly error?:
    | {
        readonly message: string | null | undefined
        readonly type?: string | null | undefined
        readonly stepId?: string | null | undefined
      }
    | null
    | undefined
  /**
   * Without a kind, core looks up the provider's word in `triggers`; any other word is `unknown`.
   */
  readonly trigger?:
    | {
        readonly kind?: TriggerKind | undefined
        readonly providerKind: string | null | undefined
      }
    | undefined
  /** Without an id, or with an empty one, there is no actor. */
  readonly actor?:
    | {
        readonly kind: Actor["kind"]
        readonly id: string | null | undefined
        readonly name?: string | null | undefined
        readonly email?: string | null | undefined
      }
    | null
    | undefined
}

/** The provider's words for a status, each with its meaning. */
export interface Statuses {
  readonly [word: string]: ExecutionStatus
}

/** The provider's words for what triggers an execution, each with its kind. */
export interface Triggers {
  readonly [word: string]: TriggerKind
}

/** Fills in what a mapping omitted. */
export const draftOf = (mapped: MappedExecution, triggers: Triggers): ExecutionDraft => {
  const { error, trigger, actor } = withoutPromise(mapped)
  return {
    ...mapped,
    error: error?.message ? { ...error, message: error.message } : null,
    trigger: trigger ? triggerOf(trigger, triggers) : undefined,
    actor: actor?.id
      ? { ...actor, id: actor.id, name: actor.name ?? null, email: actor.email ?? null }
      : null,
  }
}

const triggerOf = (
  { kind, providerKind = null }: NonNullable<MappedExecution["trigger"]>,
  triggers: Triggers,
): NonNullable<ExecutionDraft["trigger"]> => {
  const meant =
    providerKind !== null && Object.hasOwn(triggers, providerKind) ? triggers[providerKind] : null
  return { kind: kind ?? meant ?? "unknown", providerKind }
}
