import { AdapterError } from "@execlog/core"

/** Checks an argument that is a string. Throws `InvalidQuery`. */
export const checkText = (name: string, value: unknown): void => {
  if (typeof value !== "string") throw wrongArgument(name, `a string, not ${shown(value)}`)
}

/** Checks an option that is a list of strings. Throws `InvalidQuery`. */
export const checkTextsOption = (name: string, value: unknown): void => {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return
  throw wrongInput("option", name, `an array of strings, not ${shown(value)}`)
}

/** Checks an argument that is a whole number. Throws `InvalidQuery`. */
export const checkWholeNumber = (name: string, value: unknown, least: number): void => {
  if (Number.isSafeInteger(value) && Number(value) >= least) return
  throw wrongArgument(name, `a whole number of at least ${least}, not ${shown(value)}`)
}

/** Checks an argument that is an object. Throws `InvalidQuery`. */
export const checkObject = (name: string, value: unknown): void => {
  if (typeof value === "object" && value !== null) return
  throw wrongArgument(name, `an object, not ${shown(value)}`)
}

/** The error about an argument that TypeScript rules out and plain JavaScript may pass. */
export const wrongArgument = (name: string, expected: string): AdapterError =>
  wrongInput("argument", name, expected)

const wrongInput = (kind: "argument" | "option", name: string, expected: string): AdapterError =>
  new AdapterError({
    reason: "InvalidQuery",
    message: `The ${kind} ${name} must be ${expected}.`,
    operation: "query",
    subject: { kind, name },
  })

// The content of an object may be secret.
const shown = (value: unknown): string => {
  if (Array.isArray(value)) return "an array"
  if (typeof value === "object" && value !== null) return "an object"
  return typeof value === "string" ? JSON.stringify(value) : String(value)
}
