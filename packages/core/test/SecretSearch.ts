import { inspect } from "node:util"
import * as Cause from "effect/Cause"

/** All texts in which a value may become visible. */
const textsOf = (value: unknown): ReadonlyArray<string> => [
  typeof value === "string" ? value : "",
  inspect(value, {
    depth: null,
    showHidden: true,
    getters: true,
    maxStringLength: null,
    maxArrayLength: null,
  }),
  jsonOf(value),
  ...(Cause.isCause(value) ? [Cause.pretty(value), String(value)] : []),
  ...errorsOf(value).flatMap((error) => [
    error.message,
    error.stack ?? "",
    String(error),
    jsonOf(error),
  ]),
]

/** An error, the errors of a Cause, and their causes. */
const errorsOf = (value: unknown): ReadonlyArray<Error> => {
  if (Cause.isCause(value)) return [...Cause.prettyErrors(value), ...errorsOf(Cause.squash(value))]
  return value instanceof Error ? [value, ...errorsOf(value.cause)] : []
}

const jsonOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? ""
  } catch {
    // A circular value cannot be written as JSON.
    return ""
  }
}

/** The forms in which a key may appear in a text. */
const formsOf = (key: string): ReadonlyArray<string> => [
  key,
  encodeURIComponent(key),
  new URLSearchParams({ "": key }).toString().slice(1),
  btoa(key).replace(/=+$/, ""),
  JSON.stringify(key).slice(1, -1),
]

/** The names of the values that show one of the marks in any form. */
export const showing = (
  values: { readonly [what: string]: unknown },
  marks: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const forms = marks.flatMap(formsOf)
  return Object.entries(values).flatMap(([what, value]) => {
    const leak = textsOf(value).find((text) => forms.some((form) => text.includes(form)))
    return leak === undefined ? [] : [`${what}: ${leak.slice(0, 300)}`]
  })
}
