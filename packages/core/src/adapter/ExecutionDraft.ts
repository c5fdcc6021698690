import type { Actor, Execution, ExecutionStatus, TriggerKind } from "../model/Execution.js"
import type { Json } from "../model/Json.js"

/**
 * An execution as an adapter maps it: everything that the item contains. Core fills in the rest, and
 * removes the parts that were not requested. Null and absent mean the same, except for a requested part:
 * null says that the execution has none.
 */
export interface ExecutionDraft {
  readonly id: string
  /** Set only if the provider's word, which core looks up in `statuses`, is not enough. */
  readonly status?: ExecutionStatus | undefined
  readonly providerStatus: string | null
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  /** When it was due, if the provider schedules executions. */
  readonly scheduledFor?: Date | null | undefined
  /** When it was created: its timestamp if no other time is known. */
  readonly createdAt?: Date | null | undefined
  readonly durationMs?: number | null | undefined
  readonly workflow?: Told<Execution["workflow"]> | undefined
  readonly error?:
    | {
        readonly message: string
        readonly type?: string | null | undefined
        readonly stepId?: string | null | undefined
      }
    | null
    | undefined
  readonly trigger?:
    | { readonly kind: TriggerKind; readonly providerKind: string | null }
    | undefined
  readonly actor?: Actor | null | undefined
  /** 1 for the first attempt. */
  readonly attempt?: number | null | undefined
  readonly retryOf?: string | null | undefined
  readonly parentId?: string | null | undefined
  readonly tags?: ReadonlyArray<string> | undefined
  readonly usage?: Told<Execution["usage"]> | undefined
  readonly url?: string | null | undefined
  readonly steps?: ReadonlyArray<StepDraft> | undefined
  readonly inputs?: Json | undefined
  readonly outputs?: Json | undefined
  readonly attributes?: { readonly [name: string]: Json | undefined } | undefined
}

/** The known fields. */
type Told<A> = { readonly [Name in keyof A]?: A[Name] | undefined }

/** A step as an adapter maps it; core fills in the rest, as it does for executions. */
export interface StepDraft {
  readonly id?: string | null | undefined
  readonly name?: string | null | undefined
  readonly type?: string | null | undefined
  /** Set only if the provider's word is not enough. */
  readonly status?: ExecutionStatus | undefined
  readonly providerStatus: string | null
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly durationMs?: number | null | undefined
  readonly error?:
    | { readonly message: string; readonly type?: string | null | undefined }
    | null
    | undefined
  readonly inputs?: Json | undefined
  readonly outputs?: Json | undefined
  readonly attributes?: { readonly [name: string]: Json | undefined } | undefined
}
