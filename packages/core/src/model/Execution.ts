import * as Schema from "effect/Schema"
import type { Json } from "./Json.js"

/** What a list may give beside the summary of each execution. */
export const Include = Schema.Literals(["steps", "inputs", "outputs", "raw"])

/** One of the words of {@link Include}. */
export type Include = typeof Include.Type

/**
 * What has become of an execution, in words that mean the same for every provider.
 *
 * `partial` ended well in the whole while a part of it failed; `waiting` stands still until
 * something outside goes on with it; `unknown` is a word that execlog has not heard of, which is
 * then found in `providerStatus`. Nothing is ever called `succeeded` by default.
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

/** All statuses, in the order of a life. */
export const executionStatuses: ReadonlyArray<ExecutionStatus> = ExecutionStatus.literals

const terminal: ReadonlySet<ExecutionStatus> = new Set([
  "succeeded",
  "partial",
  "failed",
  "timed_out",
  "canceled",
  "skipped",
] satisfies ReadonlyArray<ExecutionStatus>)

/** Whether an execution of this status has ended for good. `unknown` has not, as far as we know. */
export const isTerminal = (status: ExecutionStatus): boolean => terminal.has(status)

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

/** An execution as a list gives it: with these parts alone, where `get` gives all. */
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

/**
 * When an execution was listed, in milliseconds. Where the provider tells no listing time the start
 * stands in for it; null where there is neither.
 */
export const listingTime = ({
  listedAt,
  startedAt,
}: Pick<Execution, "listedAt" | "startedAt">): number | null =>
  (listedAt ?? startedAt)?.getTime() ?? null

/**
 * Compares two executions by timestamp, else by the listing time of the provider, then id. One with
 * neither is the latest.
 */
export const compareTimestamp = (a: Execution, b: Execution): number =>
  compareBy(({ timestamp, listedAt }) => (timestamp ?? listedAt)?.getTime() ?? null, a, b)

/** Compares two executions by listing time, then id. One without a listing time is the latest. */
export const compareListing = (a: Execution, b: Execution): number => compareBy(listingTime, a, b)

const compareBy = (
  timeOf: (execution: Execution) => number | null,
  a: Execution,
  b: Execution,
): number => {
  const at = (execution: Execution) => timeOf(execution) ?? Number.POSITIVE_INFINITY
  const byTime = at(a) === at(b) ? 0 : at(a) - at(b)
  return byTime !== 0 ? byTime : a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}
