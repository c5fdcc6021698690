import type { Actor, Execution, Json, Step } from "@execlog/core"
import { emptyFields } from "@execlog/core/unstable"
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
export const documentOf = ({
  steps,
  inputs,
  outputs,
  raw,
  ...summary
}: Execution): Omit<DocumentRow, "key"> => ({
  execution: JSON.stringify({ ...summary, provider: undefined, connection: undefined }),
  steps: jsonOrNull(steps),
  inputs: jsonOrNull(inputs),
  outputs: jsonOrNull(outputs),
  raw: jsonOrNull(raw),
})

const jsonOrNull = (value: unknown): string | null =>
  value === undefined ? null : JSON.stringify(value)

/** The stored execution; a field that was unknown when it was written is empty. Throws a DamagedRow. */
export const executionOf = (
  { execution: text, steps, inputs, outputs, raw }: FoundDocument,
  connection: StoredConnection,
): Execution => {
  const what = `an execution of "${connection.name}"`
  const kept = withMissing(keptJson(text, what, isKeptExecution), missing)
  return {
    provider: connection.provider,
    connection: givenName(connection),
    ...kept,
    workflow: withMissing(kept.workflow, missing.workflow),
    timestamp: instantOf(kept.timestamp),
    scheduledFor: instantOf(kept.scheduledFor),
    startedAt: instantOf(kept.startedAt),
    finishedAt: instantOf(kept.finishedAt),
    listedAt: instantOf(kept.listedAt),
    error: kept.error === null ? null : withMissing(kept.error, missingOfError),
    trigger: withMissing(kept.trigger, missing.trigger),
    actor: kept.actor === null ? null : withMissing(kept.actor, missingOfActor),
    usage: withMissing(kept.usage, missing.usage),
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

const stepOf = (kept: KeptStep): Step => {
  const step = withMissing(kept, missingOfStep)
  return {
    ...step,
    startedAt: instantOf(step.startedAt),
    finishedAt: instantOf(step.finishedAt),
    error: step.error === null ? null : withMissing(step.error, missingOfStepError),
  }
}

const instantOf = (text: string | null): Date | null => (text === null ? null : new Date(text))

/** Documents are compared as text: the kept fields stay in their order, missing ones follow. */
const withMissing = <Kept, Missing>(kept: Kept, defaults: Missing): Kept & Missing => ({
  ...kept,
  ...defaults,
  ...kept,
})

type Written<A> = {
  readonly [Key in keyof A]: A[Key] extends Date | null ? string | null : A[Key]
}

type WrittenExecution = Written<
  Omit<Execution, "provider" | "connection" | "steps" | "inputs" | "outputs" | "raw">
>

type WrittenStep = Written<Step>

/** Every version wrote the `Always` fields; a row may be older than the others. */
type Kept<A, Always extends keyof A> = Pick<A, Always> & Partial<Omit<A, Always>>

type KeptExecution = Kept<WrittenExecution, "id" | "status">

type KeptStep = Kept<WrittenStep, "status">

/** The value of each field that a row may lack because the version that wrote it did not know the field. */
const missing: Omit<WrittenExecution, "id" | "status"> = emptyFields

const missingOfError: Omit<NonNullable<Execution["error"]>, "message"> = {
  type: null,
  stepId: null,
}

const missingOfActor: Omit<Actor, "kind" | "id"> = { name: null, email: null }

const missingOfStep: Omit<WrittenStep, "status" | "inputs" | "outputs"> = {
  id: null,
  name: null,
  type: null,
  providerStatus: null,
  startedAt: null,
  finishedAt: null,
  durationMs: null,
  error: null,
  attributes: {},
}

const missingOfStepError: Omit<NonNullable<Step["error"]>, "message"> = { type: null }

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isInstant = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "string" && !Number.isNaN(Date.parse(value)))

/** Whether a value has the fields that every version wrote, and the others in the form that readers rely on. */
const isKeptExecution = (kept: unknown): kept is KeptExecution =>
  isObject(kept) &&
  typeof kept["id"] === "string" &&
  typeof kept["status"] === "string" &&
  [kept["workflow"], kept["trigger"], kept["usage"], kept["attributes"]].every(
    (part) => part === undefined || isObject(part),
  ) &&
  [kept["actor"], kept["error"]].every(
    (part) => part === undefined || part === null || isObject(part),
  ) &&
  (kept["tags"] === undefined || Array.isArray(kept["tags"])) &&
  times.every((name) => isInstant(kept[name]))

type TimeOf<A> = { [Key in keyof A]: A[Key] extends Date | null ? Key : never }[keyof A]

const times: ReadonlyArray<string> = Object.keys({
  timestamp: true,
  scheduledFor: true,
  startedAt: true,
  finishedAt: true,
  listedAt: true,
} satisfies Record<NonNullable<TimeOf<Execution>>, true>)

const areKeptSteps = (kept: unknown): kept is ReadonlyArray<KeptStep> =>
  Array.isArray(kept) &&
  kept.every(
    (step) => isObject(step) && isInstant(step["startedAt"]) && isInstant(step["finishedAt"]),
  )

/** Everything read from JSON is JSON. */
export const isJson = (kept: unknown): kept is Json => kept !== undefined
