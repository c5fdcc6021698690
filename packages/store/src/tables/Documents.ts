import type { Execution, Json, Step } from "@execlog/core"
import { keptJson } from "../database/DamagedRow.js"
import { givenName, type StoredConnection } from "./Connections.js"

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
