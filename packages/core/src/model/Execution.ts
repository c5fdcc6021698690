import * as Schema from "effect/Schema"
import type { Json } from "./Json.js"

/** The parts that a list may return besides the summary of each execution. */
export const Include = Schema.Literals(["steps", "inputs", "outputs", "raw"])

/** One of the literals of {@link Include}. */
export type Include = typeof Include.Type

/**
 * The status of an execution, in words that mean the same for every provider.
 *
 * `partial` succeeded as a whole while a part of it failed. `waiting` is suspended until something
 * outside resumes it. `unknown` is a provider word that the adapter does not know; `providerStatus`
 * holds the word. No status defaults to `succeeded`.
 */
export const ExecutionStatus = Schema.Literals([
  "queued",
  "running",
  "waiting",
  "succeeded",
  "partial",
  "failed",
  "timed_out",
  "canceled",
  "skipped",
  "unknown",
])

/** One of the ten words of {@link ExecutionStatus}. */
export type ExecutionStatus = typeof ExecutionStatus.Type

/** All statuses, in life-cycle order. */
export const executionStatuses: ReadonlyArray<ExecutionStatus> = ExecutionStatus.literals

const terminal: ReadonlySet<ExecutionStatus> = new Set([
  "succeeded",
  "partial",
  "failed",
  "timed_out",
  "canceled",
  "skipped",
] satisfies ReadonlyArray<ExecutionStatus>)

/** Whether this status is final. `unknown` does not count as final. */
export const isTerminal = (status: ExecutionStatus): boolean => terminal.has(status)

const JsonValue: Schema.Codec<Json> = Schema.Json
const Attributes = Schema.Record(Schema.String, JsonValue)
const NullableText = Schema.NullOr(Schema.String)
const NullableInstant = Schema.NullOr(Schema.DateFromString)
const NullableNumber = Schema.NullOr(Schema.Finite)

/** The trigger of an execution, in words that mean the same for every provider. */
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

/** One of the literals of {@link TriggerKind}. */
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
 * The codec between an {@link Execution} and its JSON form, which is the output of
 * `JSON.stringify`: times are ISO 8601 strings in UTC.
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

/** The schema of an {@link Execution} with `Date`s, to validate one that you construct. */
export const Execution = Schema.toType(ExecutionFromJson)

/**
 * One execution of a workflow, in the same form for every provider. It is plain data:
 * `JSON.stringify` produces its JSON form, and {@link ExecutionFromJson} reads that form back.
 */
export interface Execution {
  /** The adapter's id: `"dify"`. */
  readonly provider: string
  /** The user's name for this account, app or server; null if it has none. */
  readonly connection: string | null
  /** The provider's id, which its other endpoints take. */
  readonly id: string
  /** The workflow that ran; its fields are null if the provider does not return them. */
  readonly workflow: {
    /** The provider's id, which the filter `workflowId` takes. */
    readonly id: string | null
    /** Its name for people. */
    readonly name: string | null
    /** The version that ran. */
    readonly version: string | null
  }
  /** The status, in words that mean the same for every provider. */
  readonly status: ExecutionStatus
  /** The provider's own word for the status, verbatim; null if there is none. */
  readonly providerStatus: string | null
  /**
   * UTC. The time by which the execution is counted: its start; if it never started, its end, else
   * when it was due, else when it was created. Null if the provider returns none of these.
   */
  readonly timestamp: Date | null
  /** UTC. When it was due, if the provider schedules executions. */
  readonly scheduledFor: Date | null
  /** UTC. Null if it has not started, or the provider does not say. */
  readonly startedAt: Date | null
  /** UTC. Null until it has ended, or if the provider does not say. */
  readonly finishedAt: Date | null
  /** UTC. The provider's own listing time, by which it orders; null if it returns none. */
  readonly listedAt: Date | null
  /** Milliseconds: the provider's value, else finished − started; null until it has ended. */
  readonly durationMs: number | null
  /** The error; null if there was none, or the provider returns none. */
  readonly error: {
    /** The provider's message. */
    readonly message: string
    /** The provider's kind of error; null if it has none. */
    readonly type: string | null
    /** The id of the failed step; null if the provider does not say which. */
    readonly stepId: string | null
  } | null
  /** Its trigger. */
  readonly trigger: {
    /** The kind, in words that mean the same for every provider. */
    readonly kind: TriggerKind
    /** The provider's own word, verbatim; null if there is none. */
    readonly providerKind: string | null
  }
  /** The user, account or system on whose behalf it ran; null if unknown. */
  readonly actor: Actor | null
  /** 1 for the first attempt; null if the provider does not count attempts. */
  readonly attempt: number | null
  /** The id of the execution that this one retries; null if none, or unknown. */
  readonly retryOf: string | null
  /** The id of the execution that started this one; null if none, or unknown. */
  readonly parentId: string | null
  /** The provider's labels, in its order; empty if it has none. */
  readonly tags: ReadonlyArray<string>
  /** The provider's totals; null if it does not count them. */
  readonly usage: {
    /** Tokens of language models. */
    readonly totalTokens: number | null
    /** Steps that ran. */
    readonly totalSteps: number | null
  }
  /** The address of the provider's page about it; null if there is none. */
  readonly url: string | null
  /** In execution order. Absent if not requested or not returned; empty if there were none. */
  readonly steps?: ReadonlyArray<Step>
  /** The input of the workflow. Absent unless requested with `include`; null if there was none. */
  readonly inputs?: Json
  /** The output of the workflow. Absent unless requested with `include`; null if there was none. */
  readonly outputs?: Json
  /** Other data of the provider, under its own names. */
  readonly attributes: { readonly [name: string]: Json }
  /**
   * The item as `JSON.parse` returned it (the items, if events were folded). Absent unless
   * requested with `include`.
   */
  readonly raw?: Json
}

/**
 * On whose behalf an execution ran: an end user of the workflow's owner, an account of the
 * provider, or the platform itself.
 */
export interface Actor {
  /** An end user of the workflow's owner, an account of the provider, or the platform itself. */
  readonly kind: "end_user" | "account" | "system"
  /** The provider's id, which the filter `actorId` takes. */
  readonly id: string
  /** The name for people; null if the provider does not return it. */
  readonly name: string | null
  /** The e-mail address; null if the provider does not return it. */
  readonly email: string | null
}

/** One step of an execution. Times are UTC, durations are milliseconds. */
export interface Step {
  /** The provider's id; null if it has none. */
  readonly id: string | null
  /** The name for people; null if the provider does not return it. */
  readonly name: string | null
  /** The provider's kind of step, such as a node's type; null if it does not return one. */
  readonly type: string | null
  /** The status, in words that mean the same for every provider. */
  readonly status: ExecutionStatus
  /** The provider's own word for the status, verbatim; null if there is none. */
  readonly providerStatus: string | null
  /** UTC. Null if it has not started, or the provider does not say. */
  readonly startedAt: Date | null
  /** UTC. Null until it has ended, or if the provider does not say. */
  readonly finishedAt: Date | null
  /** Milliseconds: the provider's value, else finished − started; null until it has ended. */
  readonly durationMs: number | null
  /** The error; null if there was none, or the provider returns none. */
  readonly error: {
    /** The provider's message. */
    readonly message: string
    /** The provider's kind of error; null if it has none. */
    readonly type: string | null
  } | null
  /** Its input. Absent unless requested with `include`, or if the provider returns none. */
  readonly inputs?: Json
  /** Its output. Absent unless requested with `include`, or if the provider returns none. */
  readonly outputs?: Json
  /** Other data of the provider, under its own names. */
  readonly attributes: { readonly [name: string]: Json }
}

/**
 * The execution with only these optional parts, as a list returns it; `get` returns all of them.
 */
export const withParts = (
  { steps, inputs, outputs, raw, ...execution }: Execution,
  include: ReadonlyArray<Include>,
): Execution => ({
  ...execution,
  ...(steps !== undefined && include.includes("steps") ? { steps } : {}),
  ...(inputs !== undefined && include.includes("inputs") ? { inputs } : {}),
  ...(outputs !== undefined && include.includes("outputs") ? { outputs } : {}),
  ...(raw !== undefined && include.includes("raw") ? { raw } : {}),
})
