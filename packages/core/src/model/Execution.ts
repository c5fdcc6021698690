import * as Schema from "effect/Schema"
import { ExecutionStatus } from "./ExecutionStatus.js"
import type { Json } from "./Json.js"

const JsonValue: Schema.Codec<Json> = Schema.Json
const Attributes = Schema.Record(Schema.String, JsonValue)
const NullableText = Schema.NullOr(Schema.String)
const NullableInstant = Schema.NullOr(Schema.DateFromString)
const NullableNumber = Schema.NullOr(Schema.Finite)

/** What set an execution off, in words that mean the same for every provider. */
export const TriggerKind = Schema.Literals([
  "api",
  "schedule",
  "webhook",
  "manual",
  "event",
  "retry",
  "subworkflow",
  "unknown",
])

/** One of the words of {@link TriggerKind}. */
export type TriggerKind = typeof TriggerKind.Type

const StepCodec = Schema.Struct({
  id: NullableText,
  name: NullableText,
  type: NullableText,
  status: ExecutionStatus,
  providerStatus: NullableText,
  startedAt: NullableInstant,
  finishedAt: NullableInstant,
  durationMs: NullableNumber,
  error: Schema.NullOr(Schema.Struct({ message: Schema.String, type: NullableText })),
  inputs: Schema.optionalKey(JsonValue),
  outputs: Schema.optionalKey(JsonValue),
  attributes: Attributes,
})

/**
 * The codec between an {@link Execution} and its JSON form, which is what `JSON.stringify` makes
 * of it: times are ISO 8601 texts in UTC.
 *
 * @example
 * const execution = Schema.decodeUnknownSync(ExecutionFromJson)(JSON.parse(line))
 */
export const ExecutionFromJson = Schema.Struct({
  provider: Schema.String,
  connection: NullableText,
  id: Schema.String,
  workflow: Schema.Struct({ id: NullableText, name: NullableText, version: NullableText }),
  status: ExecutionStatus,
  providerStatus: NullableText,
  timestamp: NullableInstant,
  scheduledFor: NullableInstant,
  startedAt: NullableInstant,
  finishedAt: NullableInstant,
  listedAt: NullableInstant,
  durationMs: NullableNumber,
  error: Schema.NullOr(
    Schema.Struct({ message: Schema.String, type: NullableText, stepId: NullableText }),
  ),
  trigger: Schema.Struct({ kind: TriggerKind, providerKind: NullableText }),
  actor: Schema.NullOr(
    Schema.Struct({
      kind: Schema.Literals(["end_user", "account", "system"]),
      id: Schema.String,
      name: NullableText,
      email: NullableText,
    }),
  ),
  attempt: NullableNumber,
  retryOf: NullableText,
  parentId: NullableText,
  tags: Schema.Array(Schema.String),
  usage: Schema.Struct({ totalTokens: NullableNumber, totalSteps: NullableNumber }),
  url: NullableText,
  steps: Schema.optionalKey(Schema.Array(StepCodec)),
  inputs: Schema.optionalKey(JsonValue),
  outputs: Schema.optionalKey(JsonValue),
  attributes: Attributes,
  raw: Schema.optionalKey(JsonValue),
})

/** The schema of the {@link Execution} itself, with `Date`s, for checking one that was made. */
export const Execution = Schema.toType(ExecutionFromJson)

/**
 * One execution of a workflow, the same for every provider. Plain data: `JSON.stringify` of it is
 * its JSON form, and {@link ExecutionFromJson} reads that form back.
 */
export interface Execution {
  /** The adapter's id: `"dify"`. */
  readonly provider: string
  /** The name that the user gave to this account, app or server; null when it has none. */
  readonly connection: string | null
  /** The provider's id, the one that its other endpoints take. */
  readonly id: string
  readonly workflow: {
    readonly id: string | null
    readonly name: string | null
    readonly version: string | null
  }
  readonly status: ExecutionStatus
  /** The provider's own word for the status, verbatim; null when it gave none. */
  readonly providerStatus: string | null
  /**
   * UTC. The one instant that it counts under: when it started; where it never did, when it ended, else
   * when it was due, else when it was created. Null where the provider tells none of these.
   */
  readonly timestamp: Date | null
  /** UTC. When it was due, where the provider plans. */
  readonly scheduledFor: Date | null
  /** UTC. Null when it has not started, or the provider does not say. */
  readonly startedAt: Date | null
  /** UTC. Null until it has ended, or when the provider does not say. */
  readonly finishedAt: Date | null
  /** UTC. The provider's own listing time, by which it orders; null where it tells none. */
  readonly listedAt: Date | null
  /** Milliseconds: the provider's figure, else finished − started; null until it has ended. */
  readonly durationMs: number | null
  /** What went wrong; `stepId` names the step where the provider says which. */
  readonly error: {
    readonly message: string
    readonly type: string | null
    readonly stepId: string | null
  } | null
  /** What set it off; `providerKind` is the provider's own word. */
  readonly trigger: { readonly kind: TriggerKind; readonly providerKind: string | null }
  /** On whose behalf it ran. */
  readonly actor: Actor | null
  /** 1 for the first attempt, where the provider counts. */
  readonly attempt: number | null
  /** The id of the execution that this one repeats. */
  readonly retryOf: string | null
  /** The id of the execution that started this one. */
  readonly parentId: string | null
  /** The provider's labels of it, in its order. */
  readonly tags: ReadonlyArray<string>
  readonly usage: { readonly totalTokens: number | null; readonly totalSteps: number | null }
  /** Where a person can look at it. */
  readonly url: string | null
  /** Absent: not asked for, or not given. Empty: there were none. In the order they ran. */
  readonly steps?: ReadonlyArray<Step>
  /** Absent unless asked for with `include`. */
  readonly inputs?: Json
  /** Absent unless asked for with `include`. */
  readonly outputs?: Json
  /** What else the provider said, under its own names. */
  readonly attributes: { readonly [name: string]: Json }
  /** The item as `JSON.parse` gave it (the items, where events were folded); only when asked for. */
  readonly raw?: Json
}

/** On whose behalf an execution ran: a user of the user's product, an account, or the platform. */
export interface Actor {
  readonly kind: "end_user" | "account" | "system"
  readonly id: string
  readonly name: string | null
  readonly email: string | null
}

/** One step of an execution. Times are UTC, durations are milliseconds. */
export interface Step {
  readonly id: string | null
  readonly name: string | null
  readonly type: string | null
  readonly status: ExecutionStatus
  readonly providerStatus: string | null
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly durationMs: number | null
  readonly error: { readonly message: string; readonly type: string | null } | null
  readonly inputs?: Json
  readonly outputs?: Json
  readonly attributes: { readonly [name: string]: Json }
}
