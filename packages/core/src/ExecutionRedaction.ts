import { AdapterError } from "./AdapterError.js"
import type { Execution, Step } from "./Execution.js"
import { isJsonList, isJsonObject, type Json, type JsonObject } from "./Json.js"
import type { Rejected } from "./LogPage.js"
import { redacted } from "./Redaction.js"

/**
 * Says whether a value that a provider sent is masked: it is then given as `<redacted>`, with all
 * that it holds. Asked for each value of an execution that may hold anything, by its path, such as
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
 * number of them. Upper and lower case are the same. Throws `InvalidSettings` for a path that leads
 * nowhere.
 *
 * @example
 * createClient(connection, { redact: redactPaths("inputs.password", "**.authorization") })
 */
export const redactPaths = (...paths: ReadonlyArray<string>): Redact => {
  const patterns = paths.map(readPattern)
  return (path) => {
    const names = path.map((name) => name.toLowerCase())
    return patterns.some((pattern) => matches(pattern, names))
  }
}

const readPattern = (path: string): ReadonlyArray<string> => {
  // JavaScript may hand over anything, such as the value of a setting that is missing.
  const pattern = typeof path === "string" ? path.toLowerCase().split(".") : [""]
  const [first = ""] = pattern
  const isKnown = first === "*" || first === "**" || roots.some((root) => root === first)
  if (isKnown && !pattern.includes("")) return pattern
  throw new AdapterError({
    reason: "InvalidSettings",
    message: `${JSON.stringify(path)} is no path to mask: it leads to nothing that can be masked.`,
    operation: "settings",
    hint: `Begin with ${roots.join(", ")}, * or **, and join names by dots: "inputs.password", "**.authorization".`,
  })
}

const matches = (pattern: ReadonlyArray<string>, path: ReadonlyArray<string>): boolean => {
  // Whether the pattern so far matches the first so many names, for each number of names.
  let reached = [true, ...path.map(() => false)]
  for (const part of pattern) {
    let isReached = false
    reached = reached.map((_, count) => {
      isReached ||= reached[count] === true
      if (part === "**") return isReached
      return count > 0 && reached[count - 1] === true && (part === "*" || part === path[count - 1])
    })
  }
  return reached.at(-1) === true
}

/** Masks what a user wants masked in an execution. */
export const redactExecution = (redact: Redact, execution: Execution): Execution => {
  const { workflow, error, actor, url, steps } = execution
  const text = masker(redact)
  return Object.assign({}, execution, {
    workflow: { ...workflow, name: text(["workflow", "name"], workflow.name) },
    error: error && { ...error, message: text(["error", "message"], error.message) },
    actor: actor && {
      ...actor,
      id: text(["actor", "id"], actor.id),
      name: text(["actor", "name"], actor.name),
      email: text(["actor", "email"], actor.email),
    },
    url: text(["url"], url),
    attributes: maskFields(redact, ["attributes"], execution.attributes),
    ...(steps === undefined
      ? {}
      : { steps: steps.map((step, index) => redactStep(redact, ["steps", String(index)], step)) }),
    ...maskBodies(redact, [], execution),
  })
}

const redactStep = (redact: Redact, path: ReadonlyArray<string>, step: Step): Step => {
  const text = masker(redact)
  return {
    ...step,
    name: text([...path, "name"], step.name),
    error: step.error && {
      ...step.error,
      message: text([...path, "error", "message"], step.error.message),
    },
    attributes: maskFields(redact, [...path, "attributes"], step.attributes),
    ...maskBodies(redact, path, step),
  }
}

/** Masks what a user wants masked in what could not be read, whose reason may quote it. */
export const redactRejected = <A extends Pick<Rejected, "raw" | "reason">>(
  redact: Redact,
  rejected: A,
): A => {
  const hidden: Array<string> = []
  const raw = mask(redact, ["raw"], rejected.raw, hidden)
  // The longest first, so that none is cut in two by a shorter one inside it.
  const reason = hidden
    // A reason quotes as JSON does.
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, value) => rest.replaceAll(value, redacted), rejected.reason)
  return { ...rejected, raw, reason }
}

const masker =
  (redact: Redact) =>
  <A extends string | null>(path: ReadonlyArray<string>, text: A): A | string =>
    text !== null && redact(path, text) ? redacted : text

const bodies = ["inputs", "outputs", "raw"] as const

const maskBodies = (
  redact: Redact,
  path: ReadonlyArray<string>,
  part: { readonly inputs?: Json; readonly outputs?: Json; readonly raw?: Json },
): { readonly [Name in (typeof bodies)[number]]?: Json } =>
  Object.fromEntries(
    bodies.flatMap((name) => {
      const body = part[name]
      return body === undefined ? [] : [[name, mask(redact, [...path, name], body, [])]]
    }),
  )

const maskFields = (redact: Redact, path: ReadonlyArray<string>, fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, mask(redact, [...path, name], value, [])]),
  )

// Nobody writes a path as deep as this: what lies below is masked rather than not looked at.
const deepest = 200

const mask = (
  redact: Redact,
  path: ReadonlyArray<string>,
  value: Json,
  hidden: Array<string>,
): Json => {
  if (value === null) return null
  if (path.length > deepest || redact(path, value)) {
    hide(value, hidden)
    return redacted
  }
  if (isJsonList(value)) {
    return value.map((item, index) => mask(redact, [...path, String(index)], item, hidden))
  }
  return isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, item]) => [
          name,
          mask(redact, [...path, name], item, hidden),
        ]),
      )
    : value
}

const shortestHidden = 4

/** Notes the texts and numbers of a masked value; shorter ones are found in any sentence. */
const hide = (value: Json, hidden: Array<string>): void => {
  const due: Array<Json> = [value]
  for (let next = due.pop(); next !== undefined; next = due.pop()) {
    if (isJsonList(next)) due.push(...next)
    else if (isJsonObject(next)) due.push(...Object.values(next))
    else if (typeof next === "string" || typeof next === "number") {
      if (String(next).length >= shortestHidden) hidden.push(String(next))
    }
  }
}
