import type { Actor, Execution, ExecutionStatus, TriggerKind } from "../model/Execution.js"
import type { Json } from "../model/Json.js"

/**
 * What an adapter says of an execution: all that the item tells. Core fills in the rest, and leaves out
 * the parts that were not asked for. Null and absent mean the same, but for a part that was asked for:
 * null says that there is none.
 */
export interface ExecutionDraft {
  readonly id: string
  /** Set only where the provider's word alone does not say it: core looks that up in `statuses`. */
  readonly status?: ExecutionStatus | undefined
  readonly providerStatus: string | null
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  /** When it was due, where the provider plans. */
  readonly scheduledFor?: Date | null | undefined
  /** When it was made: it counts under this where no other instant is told. */
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
  /** 1 for the first. */
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

/** Those fields that are told. */
type Told<A> = { readonly [Name in keyof A]?: A[Name] | undefined }

/** What an adapter says of a step; core fills in the rest, as it does for executions. */
export interface StepDraft {
  readonly id?: string | null | undefined
  readonly name?: string | null | undefined
  readonly type?: string | null | undefined
  /** Set only where the provider's word alone does not say it. */
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
