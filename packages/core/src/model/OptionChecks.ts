import { AdapterError, type Subject } from "./AdapterError.js"
import { Include } from "./Execution.js"
import { isCredible } from "./Instant.js"
import {
  givenNames,
  hintOfName,
  listOf,
  type Method,
  type OptionName,
  optionNames,
  transportNames,
} from "./OptionNames.js"

/** The values that an option or an argument accepts. */
interface Kind {
  /** Completes "must be …". */
  readonly expected: string
  readonly accepts: (value: unknown) => boolean
}

const isText = (value: unknown): value is string => typeof value === "string"

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const text: Kind = { expected: "a text", accepts: isText }
const object: Kind = { expected: "an object", accepts: isObject }
const callback: Kind = { expected: "a function", accepts: (value) => typeof value === "function" }

const time: Kind = {
  expected: "a valid Date",
  accepts: (value) => value instanceof Date && isCredible(value.getTime()),
}

const wholeNumber = (least: number): Kind => ({
  expected: `a whole number of at least ${least}`,
  accepts: (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= least,
})

const word = (words: ReadonlyArray<string>): Kind => ({
  expected: `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
  accepts: (value) => isText(value) && words.includes(value),
})

const arrayOf = (elements: string, accepts: Kind["accepts"]): Kind => ({
  expected: `an array of ${elements}`,
  accepts: (value) => Array.isArray(value) && value.every(accepts),
})

/** An array of any values. */
export const arrayArgument: Kind = { expected: "an array", accepts: Array.isArray }

/** The id of an execution; an empty one is left to the adapter, which says how its ids look. */
export const idArgument = text

/** Several ids. */
export const idsArgument = arrayOf("ids, each a text", isText)

/** An execution, of which only the id is checked. */
export const executionArgument: Kind = {
  expected: "an execution",
  accepts: (value) => isObject(value) && "id" in value && isText(value.id),
}

/** Several executions. */
export const executionsArgument = arrayOf("executions", executionArgument.accepts)

/** Whether a value is the signal of an AbortController, perhaps of another realm. */
export const isAbortSignal = (value: unknown): value is AbortSignal =>
  typeof value === "object" && value !== null && "aborted" in value && "addEventListener" in value

// `details` has a default in each method, with which `wordOption` checks it.
const kinds: { readonly [name in Exclude<OptionName, "details">]: Kind } = {
  name: text,
  transport: object,
  redact: {
    expected: 'a function, such as redactPaths("inputs.password")',
    accepts: callback.accepts,
  },
  fetch: callback,
  limit: wholeNumber(1),
  cursor: { expected: "a cursor or null", accepts: (value) => value === null || isText(value) },
  parallelWindows: wholeNumber(1),
  listedSince: time,
  onRejected: callback,
  onWarning: callback,
  onFailure: callback,
  signal: { expected: "an AbortSignal", accepts: isAbortSignal },
  include: arrayOf(Include.literals.join(", "), (value) =>
    Include.literals.some((part) => part === value),
  ),
  connection: text,
  intervalMs: wholeNumber(1),
  since: time,
  lookBackMs: wholeNumber(0),
  staleAfterMs: wholeNumber(0),
}

/**
 * Checks the options of a method of core: their names, and the kinds of their values. Only `undefined`
 * means that one is not given. Throws `InvalidQuery`, or `InvalidSettings` for `createClient` and `createLog`.
 */
export const checkOptions = (method: Method, options: object | undefined): void => {
  checkOptionNames(method, options, optionNames[method])
  for (const [name, value] of Object.entries(options ?? {})) {
    const kind = isKind(name) ? kinds[name] : null
    if (kind === null || value === undefined || kind.accepts(value)) continue
    throw wrongValue(method, { kind: "option", name }, kind, value)
  }
}

const isKind = (name: string): name is keyof typeof kinds => Object.hasOwn(kinds, name)

/**
 * Checks that options are an object, and their names; the hint says where an unknown one belongs. Throws
 * `InvalidQuery`, or `InvalidSettings` for `createClient` and `createLog`.
 */
export const checkOptionNames = (
  method: string,
  options: object | undefined,
  known: ReadonlyArray<string>,
): void => {
  if (options === undefined) return
  if (!isObject(options)) {
    throw wrongValue(method, { kind: "argument", name: "options" }, object, options)
  }
  const unknown = givenNames(options).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const otherwise = known.length === 0 ? "It has no options." : `Its options are ${listOf(known)}.`
  throw new AdapterError({
    ...failureIn(method),
    message: `${method} has no option "${unknown}".`,
    subject: { kind: "option", name: unknown },
    hint: { code: "change_name", text: hintOfName(unknown, known, otherwise) },
  })
}

/** Checks the names of transport settings. Throws `InvalidSettings`. */
export const checkTransportNames = (settings: object): void => {
  const unknown = givenNames(settings).find((name) => !transportNames.includes(name))
  if (unknown === undefined) return
  const otherwise = `The transport settings are ${listOf(transportNames)}.`
  throw new AdapterError({
    ...failureIn("createClient"),
    message: `There is no transport setting "${unknown}".`,
    subject: { kind: "option", name: unknown },
    hint: { code: "change_name", text: hintOfName(unknown, transportNames, otherwise) },
  })
}

/** Checks an argument of a method. Throws `InvalidQuery`. */
export const checkArgument = (method: string, name: string, value: unknown, kind: Kind): void => {
  if (!kind.accepts(value)) throw wrongValue(method, { kind: "argument", name }, kind, value)
}

/** Validates an option that is a whole number, or returns its default. Throws `InvalidQuery`. */
export const wholeNumberOption = (
  name: string,
  given: number | undefined,
  otherwise: number,
  least: number,
): number => {
  if (given === undefined) return otherwise
  requireKind(name, given, wholeNumber(least))
  return given
}

/** Validates an option that is one of several words, or returns its default. Throws `InvalidQuery`. */
export const wordOption = <Word extends string>(
  name: string,
  given: Word | undefined,
  otherwise: Word,
  words: ReadonlyArray<Word>,
): Word => {
  if (given === undefined) return otherwise
  requireKind(name, given, word(words))
  return given
}

/** Validates an option that is a time, and returns milliseconds. Throws `InvalidQuery`. */
export const instantOption = (name: string, given: Date): number => {
  requireKind(name, given, time)
  return given.getTime()
}

const requireKind = (name: string, value: unknown, kind: Kind): void => {
  if (!kind.accepts(value)) throw wrongValue(null, { kind: "option", name }, kind, value)
}

const failureIn = (method: string | null) =>
  method === "createClient" || method === "createLog"
    ? ({ reason: "InvalidSettings", operation: "settings" } as const)
    : ({ reason: "InvalidQuery", operation: "query" } as const)

const wrongValue = (
  method: string | null,
  subject: Subject,
  { expected }: Kind,
  value: unknown,
): AdapterError => {
  const { reason, operation } = failureIn(method)
  const of = method === null || subject.kind === "option" ? "" : ` of ${method}`
  // A setting in the wrong place may be the key.
  const shown = reason === "InvalidSettings" && isText(value) ? "a text" : shownValue(value)
  return new AdapterError({
    reason,
    operation,
    message:
      value === undefined
        ? `The ${subject.kind} ${subject.name}${of} is missing: it must be ${expected}.`
        : `The ${subject.kind} ${subject.name}${of} must be ${expected}, not ${shown}.`,
    subject,
  })
}

const longestShown = 60

const shownValue = (value: unknown): string => {
  if (isText(value)) {
    const written = JSON.stringify(value.slice(0, longestShown))
    return value.length > longestShown ? `${written}…` : written
  }
  if (value instanceof Date) return String(value)
  if (typeof value === "function") return "a function"
  if (Array.isArray(value)) return "an array"
  return typeof value === "object" && value !== null ? "an object" : String(value)
}
