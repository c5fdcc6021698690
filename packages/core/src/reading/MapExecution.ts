import type { ExecutionDraft, StepDraft } from "../adapter/ExecutionDraft.js"
import { DecodeFault, faultOfId, withoutPromise } from "../model/DecodeFault.js"
import {
  type Execution,
  type ExecutionStatus,
  type Include,
  type Step,
  isTerminal,
} from "../model/Execution.js"
import type { Json } from "../model/Json.js"
import { faultOfJson } from "../model/Nesting.js"
import type { Source } from "../walk/Plan.js"

/** Data of an execution from outside the adapter's draft. */
export interface Listing {
  readonly listedAt: Date | null
  readonly raw: Json | undefined
  /** The requested parts; others are omitted, even if the item contains them. */
  readonly wanted: ReadonlySet<Include>
}

/**
 * Completes an adapter's draft. Throws if a field is not valid. An id that cannot be used is the
 * provider's fault, and reported as such.
 */
export const completeExecution = (
  draft: ExecutionDraft,
  source: Source,
  listing: Listing,
): Execution | DecodeFault => {
  withoutPromise(draft)
  const { wanted } = listing
  const { startedAt, error, workflow, usage, trigger, actor } = draft
  const scheduledFor = draft.scheduledFor ?? null
  checkTime("scheduledFor", scheduledFor)
  // An adapter in plain JavaScript may return anything.
  if (typeof draft.id !== "string" || draft.id === "") throw new Error("it has no id")
  const fault = faultOfId(draft.id)
  if (fault !== null) return new DecodeFault(fault)
  const { status, finishedAt, durationMs } = progressOf(draft, source.statuses)
  const execution: Writable<Execution> = {
    provider: source.provider,
    connection: source.name,
    id: draft.id,
    workflow: {
      id: textOrNull("workflow.id", workflow?.id),
      name: textOrNull("workflow.name", workflow?.name),
      version: textOrNull("workflow.version", workflow?.version),
    },
    status,
    providerStatus: textOrNull("providerStatus", draft.providerStatus),
    timestamp: startedAt ?? finishedAt ?? scheduledFor ?? draft.createdAt ?? listing.listedAt,
    scheduledFor,
    startedAt,
    finishedAt,
    listedAt: listing.listedAt,
    durationMs,
    error:
      error === null || error === undefined
        ? null
        : { ...errorOf(error), stepId: textOrNull("error.stepId", error.stepId) },
    trigger: trigger === undefined ? unknownTrigger : checkFlat("trigger", trigger),
    actor: actor === null || actor === undefined ? null : checkFlat("actor", actor),
    attempt: numberOrNull("attempt", draft.attempt),
    retryOf: textOrNull("retryOf", draft.retryOf),
    parentId: textOrNull("parentId", draft.parentId),
    tags: tagsOf(draft.tags ?? []),
    usage: {
      totalTokens: numberOrNull("usage.totalTokens", usage?.totalTokens),
      totalSteps: numberOrNull("usage.totalSteps", usage?.totalSteps),
    },
    url: textOrNull("url", draft.url),
    attributes: givenAttributes(draft.attributes ?? {}),
  }
  // Assigned rather than spread: this runs for every execution, and a spread costs as much as the
  // rest.
  if (draft.steps !== undefined && wanted.has("steps")) {
    execution.steps = draft.steps.map((step) => completeStep(step, source.statuses, wanted))
  }
  const { inputs, outputs } = draft
  if (inputs !== undefined && wanted.has("inputs")) execution.inputs = checkJson(inputs)
  if (outputs !== undefined && wanted.has("outputs")) execution.outputs = checkJson(outputs)
  if (listing.raw !== undefined) execution.raw = listing.raw
  return execution
}

const unknownTrigger = { kind: "unknown", providerKind: null } as const

const errorOf = (error: NonNullable<StepDraft["error"]>) => ({
  message: textOrNull("error.message", error.message) ?? "",
  type: textOrNull("error.type", error.type),
})

/** Checks that all values are texts, as in a trigger or an actor. */
const checkFlat = <A extends object>(name: string, value: A): A => {
  // Object.entries, or naming each field, would cost more than the whole mapping.
  for (const field in value) {
    const text: unknown = value[field]
    if (typeof text !== "string" && text !== null && text !== undefined)
      throw new Error(`${name}.${field} is not a text`)
  }
  return value
}

const completeStep = (
  draft: StepDraft,
  statuses: Source["statuses"],
  wanted: Listing["wanted"],
): Step => {
  const { error, inputs, outputs } = draft
  const { status, finishedAt, durationMs } = progressOf(draft, statuses)
  return {
    id: textOrNull("a step's id", draft.id),
    name: textOrNull("a step's name", draft.name),
    type: textOrNull("a step's type", draft.type),
    status,
    providerStatus: textOrNull("a step's providerStatus", draft.providerStatus),
    startedAt: draft.startedAt,
    finishedAt,
    durationMs,
    error: error === null || error === undefined ? null : errorOf(error),
    ...(inputs !== undefined && wanted.has("inputs") ? { inputs: checkJson(inputs) } : {}),
    ...(outputs !== undefined && wanted.has("outputs") ? { outputs: checkJson(outputs) } : {}),
    attributes: givenAttributes(draft.attributes ?? {}),
  }
}

/** The status and the end of an execution or step. Without an end, it has no duration. */
const progressOf = (
  draft: Pick<StepDraft, "status" | "providerStatus" | "startedAt" | "finishedAt" | "durationMs">,
  statuses: Source["statuses"],
): Pick<Step, "status" | "finishedAt" | "durationMs"> => {
  const { startedAt } = draft
  checkTime("startedAt", startedAt)
  checkTime("finishedAt", draft.finishedAt)
  const status = draft.status ?? statusOf(draft.providerStatus, statuses)
  const hasEnded = isTerminal(status) || (status === "unknown" && draft.finishedAt !== null)
  const finishedAt = hasEnded ? draft.finishedAt : null
  return {
    status,
    finishedAt,
    durationMs: hasEnded ? (credible(draft.durationMs) ?? elapsed(startedAt, finishedAt)) : null,
  }
}

/** Items are JSON of an acceptable depth; the values that an adapter derives may not be. */
const checkJson = (value: Json): Json => {
  const fault = faultOfJson(value)
  if (fault !== null) throw new Error(fault)
  return value
}

const textOrNull = (name: string, value: unknown): string | null => {
  if (value === null || value === undefined) return null
  if (typeof value === "string") return value
  throw new Error(`${name} is not a text`)
}

const numberOrNull = (name: string, value: unknown): number | null => {
  if (value === null || value === undefined) return null
  if (typeof value === "number") return value
  throw new Error(`${name} is not a number`)
}

const tagsOf = (tags: ReadonlyArray<string>): ReadonlyArray<string> => {
  if (Array.isArray(tags) && tags.length <= mostTags && !tags.some(isNoText)) return tags
  throw new Error("tags is not a list of texts")
}

const mostTags = 100_000
const isNoText = (tag: unknown): boolean => typeof tag !== "string"

const checkTime = (name: string, time: Date | null): void => {
  if (time !== null && Number.isNaN(time.getTime())) throw new Error(`${name} is not a valid time`)
}

type Writable<A> = { -readonly [Key in keyof A]: A[Key] }

const statusOf = (word: string | null, statuses: Source["statuses"]): ExecutionStatus =>
  (word !== null && Object.hasOwn(statuses, word) ? statuses[word] : undefined) ?? "unknown"

const elapsed = (startedAt: Date | null, finishedAt: Date | null): number | null =>
  startedAt === null || finishedAt === null
    ? null
    : credible(finishedAt.getTime() - startedAt.getTime())

/** Clocks that disagree can put an end before its start; the duration is then unknown. */
const credible = (milliseconds: number | null | undefined): number | null =>
  typeof milliseconds === "number" && Number.isFinite(milliseconds) && milliseconds >= 0
    ? milliseconds
    : null

const givenAttributes = (attributes: {
  readonly [name: string]: Json | undefined
}): { readonly [name: string]: Json } => {
  const given: Record<string, Json> = {}
  for (const name in attributes) {
    const value = attributes[name]
    if (value !== undefined && value !== null) given[name] = checkJson(value)
  }
  return given
}
