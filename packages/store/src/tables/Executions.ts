import { type Execution, isTerminal, type Json, type Step } from "@execlog/core"
import { listingTime } from "@execlog/core/unstable"
import { keptJson } from "../database/DamagedRow.js"
import { givenName, type StoredConnection } from "./Connections.js"
import { storedText, storedTextOrNull } from "./StoredText.js"

/** The columns by which an execution is found and counted. */
export interface ExecutionRow {
  readonly key: number
  readonly connection_id: number
  readonly id: string
  readonly workflow_id: string | null
  readonly workflow_name: string | null
  readonly status: string
  readonly provider_status: string | null
  readonly is_open: 0 | 1
  readonly actor_id: string | null
  /** Its timestamp; `untimed` if it has none. */
  readonly timestamp: number
  readonly scheduled_for: number | null
  readonly started_at: number | null
  readonly finished_at: number | null
  readonly listing_at: number
  readonly duration_ms: number | null
  readonly total_tokens: number | null
  readonly error_message: string | null
  readonly observed_at: number
  readonly first_seen_at: number
  readonly stale_at: number | null
  /** Since when the provider no longer has this unfinished execution; else null. */
  readonly gone_at: number | null
  /** When its details were requested by `get`; null while that is due. */
  readonly details_at: number | null
  /** How often that request failed. */
  readonly details_tries: number
}

/** The stored content of an execution; parts that were never read are null. */
export interface DocumentRow {
  readonly key: number
  readonly execution: string
  readonly steps: string | null
  readonly inputs: string | null
  readonly outputs: string | null
  readonly raw: string | null
}

/** A document as queried; parts that are not included are missing. */
export type FoundDocument = Pick<DocumentRow, "execution"> & Partial<Omit<DocumentRow, "key">>

/** Stands for a missing time: such an execution sorts as the latest. */
export const untimed = 9e15

const longestErrorMessage = 500

/** The search columns of an execution. */
export const columnsOf = (
  execution: Execution,
): Omit<
  ExecutionRow,
  | "key"
  | "connection_id"
  | "observed_at"
  | "first_seen_at"
  | "stale_at"
  | "gone_at"
  | "details_at"
  | "details_tries"
> => ({
  id: storedText(execution.id),
  workflow_id: storedTextOrNull(execution.workflow.id),
  workflow_name: storedTextOrNull(execution.workflow.name),
  status: execution.status,
  provider_status: storedTextOrNull(execution.providerStatus),
  is_open: isTerminal(execution.status) ? 0 : 1,
  actor_id: storedTextOrNull(execution.actor?.id ?? null),
  timestamp: execution.timestamp?.getTime() ?? untimed,
  scheduled_for: execution.scheduledFor?.getTime() ?? null,
  started_at: execution.startedAt?.getTime() ?? null,
  finished_at: execution.finishedAt?.getTime() ?? null,
  listing_at: listingTime(execution) ?? untimed,
  duration_ms: execution.durationMs,
  total_tokens: execution.usage.totalTokens,
  error_message: storedTextOrNull(execution.error?.message.slice(0, longestErrorMessage) ?? null),
})

/** An execution as stored: JSON, without provider and connection. */
export const documentOf = (execution: Execution): Omit<DocumentRow, "key"> => {
  const { provider: _, connection: __, steps, inputs, outputs, raw, ...rest } = execution
  return {
    execution: JSON.stringify(rest),
    steps: jsonOrNull(steps),
    inputs: jsonOrNull(inputs),
    outputs: jsonOrNull(outputs),
    raw: jsonOrNull(raw),
  }
}

const jsonOrNull = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value)

/** The stored execution. Throws a DamagedRow. */
export const executionOf = (
  { execution: text, steps, inputs, outputs, raw }: FoundDocument,
  connection: StoredConnection,
): Execution => {
  const what = `an execution of "${connection.name}"`
  const kept = keptJson(text, what, isKeptExecution)
  return {
    provider: connection.provider,
    connection: givenName(connection),
    ...kept,
    timestamp: instantOf(kept.timestamp),
    scheduledFor: instantOf(kept.scheduledFor),
    startedAt: instantOf(kept.startedAt),
    finishedAt: instantOf(kept.finishedAt),
    listedAt: instantOf(kept.listedAt),
    ...(isGiven(steps)
      ? { steps: keptJson(steps, `the steps of ${what}`, areKeptSteps).map(stepOf) }
      : {}),
    ...(isGiven(inputs) ? { inputs: keptJson(inputs, `the inputs of ${what}`, isJson) } : {}),
    ...(isGiven(outputs) ? { outputs: keptJson(outputs, `the outputs of ${what}`, isJson) } : {}),
    ...(isGiven(raw) ? { raw: keptJson(raw, `the raw of ${what}`, isJson) } : {}),
  }
}

const isGiven = (part: string | null | undefined): part is string =>
  part !== null && part !== undefined

type Written<A> = {
  readonly [Key in keyof A]: A[Key] extends Date | null ? string | null : A[Key]
}

type KeptStep = Written<Step>

type KeptExecution = Written<
  Omit<Execution, "provider" | "connection" | "steps" | "inputs" | "outputs" | "raw">
>

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isInstant = (value: unknown): boolean =>
  value === null || (typeof value === "string" && !Number.isNaN(Date.parse(value)))

/** Whether a value has the fields of a stored execution that readers rely on. */
const isKeptExecution = (kept: unknown): kept is KeptExecution =>
  isObject(kept) &&
  typeof kept["id"] === "string" &&
  typeof kept["status"] === "string" &&
  [kept["workflow"], kept["trigger"], kept["usage"], kept["attributes"]].every(isObject) &&
  [kept["actor"], kept["error"]].every((part) => part === null || isObject(part)) &&
  Array.isArray(kept["tags"]) &&
  instants.every((name) => isInstant(kept[name]))

const instants = ["timestamp", "scheduledFor", "startedAt", "finishedAt", "listedAt"] as const

const areKeptSteps = (kept: unknown): kept is ReadonlyArray<KeptStep> =>
  Array.isArray(kept) &&
  kept.every(
    (step) => isObject(step) && isInstant(step["startedAt"]) && isInstant(step["finishedAt"]),
  )

/** Everything read from JSON is JSON. */
export const isJson = (kept: unknown): kept is Json => kept !== undefined

const stepOf = (step: KeptStep): Step => ({
  ...step,
  startedAt: instantOf(step.startedAt),
  finishedAt: instantOf(step.finishedAt),
})

const instantOf = (text: string | null): Date | null => (text === null ? null : new Date(text))
