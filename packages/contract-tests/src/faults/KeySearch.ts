import { inspect } from "node:util"

/** A key as no sane text holds it, with characters that URLs, JSON and base64 write otherwise. */
export const canary = "canary-4f9d/27c1+b8=e6"

/** The key in the forms that servers repeat it in. */
export const echo = [
  canary,
  encodeURIComponent(canary),
  encodeURIComponent(canary).toLowerCase(),
  Buffer.from(canary).toString("base64"),
].join(" ")

/** Also half a key is one. */
const marks = [
  "canary-4f9d",
  "27c1+b8",
  "27c1%2bb8",
  "27c1%2Bb8",
  Buffer.from(canary).toString("base64").slice(0, 10),
]

/** Where in a value the key stands, in any form that people print values in; null where nowhere. */
export const keyIn = (value: unknown): string | null => {
  for (const text of formsOf(value)) {
    const mark = marks.find((form) => text.includes(form))
    if (mark === undefined) continue
    const at = text.indexOf(mark)
    return `${text.slice(Math.max(0, at - 80), at)}KEY`
  }
  return null
}

const formsOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  const options = {
    depth: null,
    showHidden: true,
    maxStringLength: null,
    maxArrayLength: null,
  } as const
  const forms = [inspect(value, options)]
  try {
    forms.push(JSON.stringify(value) ?? "")
  } catch {
    // What is nested too deep or circular cannot be written as JSON, so that it leaks nothing there.
  }
  if (value instanceof Error) {
    forms.push(value.message, String(value), value.stack ?? "", inspect(value.cause, options))
  }
  return forms
}
