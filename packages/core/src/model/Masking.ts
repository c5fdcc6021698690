import { AdapterError } from "./AdapterError.js"
import type { DecodeFault } from "./DecodeFault.js"
import type { Execution, Step } from "./Execution.js"
import { issuesText, shownAt, type ValueIssue, valueAt } from "./Issue.js"
import { type Json, type JsonObject, isJsonList, isJsonObject } from "./Json.js"
import type { Rejected } from "./LogPage.js"
import { redacted } from "./Redaction.js"

/**
 * Decides whether a value is masked: it is then replaced, with everything in it, by `<redacted>`.
 * Called for each value of an execution that may contain anything, with its path, such as
 * `["inputs", "user", "password"]` or `["steps", "0", "outputs", "headers"]`.
 */
export type Redact = (path: ReadonlyArray<string>, value: Json) => boolean

const roots = [
  "workflow",
  "error",
  "actor",
  "url",
  "attributes",
  "steps",
  "inputs",
  "outputs",
  "raw",
] as const

/**
 * Masks the values at paths: names joined by dots, `*` for any one name or index, `**` for any
 * number of them. Case does not matter. Throws `InvalidSettings` for a path that cannot match.
 *
 * @example
 * createClient(connection, { redact: redactPaths("inputs.password", "**.authorization") })
 */
export const redactPaths = (...paths: ReadonlyArray<string>): Redact => {
  const patterns = paths.map(readPattern)
  return (path) => patterns.some((pattern) => matchesPath(pattern, path))
}

const readPattern = (path: string): PathPattern => {
  // JavaScript may pass anything, such as the value of a missing setting.
  const pattern = typeof path === "string" ? readPathPattern(path) : null
  if (pattern !== null && leadsSomewhere(pattern)) return pattern
  const shown = typeof path === "string" ? JSON.stringify(path) : String(path)
  throw invalidRedaction(
    `${shown} is not a path to mask: no field that can be masked has this path.`,
    `Begin with ${roots.join(", ")}, * or **, and join whole names by dots: "inputs.password", "**.authorization".`,
  )
}

/** The names that can be masked in these parts; in other parts, any name. */
const leaves: { readonly [root: string]: ReadonlyArray<string> } = {
  workflow: ["name"],
  error: ["message"],
  actor: ["id", "name", "email"],
  url: [],
}

const leadsSomewhere = ([first = "", ...rest]: PathPattern): boolean => {
  if (isWild(first)) return true
  const own = Object.hasOwn(leaves, first) ? leaves[first] : undefined
  if (own === undefined) return roots.some((root) => root === first)
  return rest.length <= 1 && rest.every((part) => isWild(part) || own.includes(part))
}

const invalidRedaction = (message: string, hint: string): AdapterError =>
  new AdapterError({
    reason: "InvalidSettings",
    message,
    operation: "settings",
    subject: { kind: "option", name: "redact" },
    hint: { code: "correct_setting", text: hint },
  })

/**
 * The user's masking function, which throws `InvalidSettings` if the user's throws, so that nothing is
 * returned unmasked.
 */
export const guardedRedact = (redact: Redact | undefined): Redact | null => {
  if (redact === undefined) return null
  return (path, value) => {
    try {
      return redact(path, value)
    } catch {
      throw invalidRedaction(
        `The function redact failed at ${path.join(".")}.`,
        "It is called for every value, and must return true or false.",
      )
    }
  }
}

/** Masks an execution with the user's function. */
export const redactExecution = (redact: Redact, execution: Execution): Execution => {
  const { workflow, error, actor, url, steps, attributes } = execution
  const ofWorkflow = within(redact, ["workflow"], workflow)
  const ofError = within(redact, ["error"], error)
  const ofActor = within(redact, ["actor"], actor && { ...actor })
  const ofSteps = within(redact, ["steps"], null)
  return Object.assign({}, execution, {
    workflow: { ...workflow, name: text(ofWorkflow, ["workflow", "name"], workflow.name) },
    error: error && { ...error, message: text(ofError, ["error", "message"], error.message) },
    actor: actor && {
      ...actor,
      id: text(ofActor, ["actor", "id"], actor.id),
      name: text(ofActor, ["actor", "name"], actor.name),
      email: text(ofActor, ["actor", "email"], actor.email),
    },
    url: text(redact, ["url"], url),
    attributes: maskFields(redact, ["attributes"], attributes),
    ...(steps === undefined
      ? {}
      : { steps: steps.map((step, index) => redactStep(ofSteps, ["steps", String(index)], step)) }),
    ...maskBodies(redact, [], execution),
  })
}

const redactStep = (outer: Redact, path: ReadonlyArray<string>, step: Step): Step => {
  const redact = within(outer, path, null)
  const ofError = within(redact, [...path, "error"], step.error)
  return {
    ...step,
    name: text(redact, [...path, "name"], step.name),
    error: step.error && {
      ...step.error,
      message: text(ofError, [...path, "error", "message"], step.error.message),
    },
    attributes: maskFields(redact, [...path, "attributes"], step.attributes),
    ...maskBodies(redact, path, step),
  }
}

/**
 * The masking function for the parts of a value: masks everything if the value itself is masked.
 */
const within = (redact: Redact, path: ReadonlyArray<string>, value: Json): Redact =>
  redact(path, value) ? () => true : redact

/**
 * The report of a rejected item after masking. If a value was masked, the reason is rebuilt from the masked
 * issues, or names only the cause, because the original may quote masked values.
 */
export const redactRejected = (
  redact: Redact | null,
  item: Json,
  { reason, cause, issues, quotes }: DecodeFault,
): Pick<Rejected, "raw" | "reason" | "issues"> => {
  if (redact === null) return { raw: item, reason, issues }
  let isMasked = false
  const raw = mask(redact, ["raw"], item, () => {
    isMasked = true
  })
  if (!isMasked) return { raw, reason, issues }
  const masked = issues.map((issue) => maskIssue(raw, issue))
  if (masked.length > 0) return { raw, reason: issuesText(masked), issues: masked }
  if (!quotes) return { raw, reason, issues: masked }
  const what = cause === "adapter" ? "the adapter failed on it" : "it cannot be decoded"
  return { raw, reason: `${what} (reason omitted: it may quote masked values)`, issues: masked }
}

/** An issue of a masked item: its path ends at what is masked, whose names are masked too. */
const maskIssue = (raw: Json, { path, message, got }: ValueIssue): ValueIssue => {
  const at = path.findIndex((_, end) => valueAt(raw, path.slice(0, end)) === redacted)
  const shown = at === -1 ? path : path.slice(0, at)
  return { path: shown, message, got: got === null ? null : shownAt(raw, shown) }
}

const text = <A extends string | null>(
  redact: Redact,
  path: ReadonlyArray<string>,
  value: A,
): A | string => (value !== null && redact(path, value) ? redacted : value)

const bodies = ["inputs", "outputs", "raw"] as const

const maskBodies = (
  redact: Redact,
  path: ReadonlyArray<string>,
  part: { readonly inputs?: Json; readonly outputs?: Json; readonly raw?: Json },
): { readonly [Name in (typeof bodies)[number]]?: Json } =>
  Object.fromEntries(
    bodies.flatMap((name) => {
      const body = part[name]
      return body === undefined ? [] : [[name, mask(redact, [...path, name], body)]]
    }),
  )

const maskFields = (
  redact: Redact,
  path: ReadonlyArray<string>,
  fields: JsonObject,
): JsonObject => {
  const ofFields = within(redact, path, fields)
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, mask(ofFields, [...path, name], value)]),
  )
}

// No pattern is written this deep: anything below is masked rather than checked.
const deepest = 200

const mask = (
  redact: Redact,
  path: ReadonlyArray<string>,
  value: Json,
  onMasked = () => {},
): Json => {
  if (value === null) return null
  if (path.length > deepest || redact(path, value)) {
    onMasked()
    return redacted
  }
  if (isJsonList(value)) {
    return value.map((item, index) => mask(redact, [...path, String(index)], item, onMasked))
  }
  return isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, item]) => [
          name,
          mask(redact, [...path, name], item, onMasked),
        ]),
      )
    : value
}

/**
 * A path into JSON as people write it: names joined by dots, `*` for any one name or index, `**`
 * for any number of them. Case does not matter.
 */
export type PathPattern = ReadonlyArray<string>

/** Whether a part of a pattern matches any name. */
const isWild = (part: string): boolean => part === "*" || part === "**"

/** Parses a pattern; null if a part is empty, or is neither a whole name nor `*` nor `**`. */
export const readPathPattern = (path: string): PathPattern | null => {
  const parts = path.toLowerCase().split(".")
  return parts.some((part) => part === "" || (part.includes("*") && !isWild(part))) ? null : parts
}

/** Whether a pattern matches the whole path. */
export const matchesPath = (pattern: PathPattern, path: ReadonlyArray<string>): boolean => {
  const names = path.map((name) => name.toLowerCase())
  // Element n: whether the pattern so far matches the first n names.
  let reached = [true, ...names.map(() => false)]
  for (const part of pattern) {
    let isReached = false
    reached = reached.map((_, count) => {
      isReached ||= reached[count] === true
      if (part === "**") return isReached
      return count > 0 && reached[count - 1] === true && (part === "*" || part === names[count - 1])
    })
  }
  return reached.at(-1) === true
}
