import type { Json } from "@execlog/core"
import { parseJson } from "@execlog/core/adapter"
import { isArray, isObject, type JsonPath } from "../kit/JsonPath.js"

/** How to replace texts and numbers in a JSON value, and which fields to omit. */
export interface JsonRewrite {
  readonly text: (text: string) => string
  readonly number?: (number: number, path: JsonPath) => Json
  /** Whether to omit a field, or the element after a text of this name in a list. */
  readonly drops?: (name: string) => boolean
}

/** A JSON value with its texts replaced, including names and JSON inside texts. */
export const rewritten = (value: Json, how: JsonRewrite, path: JsonPath = []): Json => {
  if (typeof value === "string") return rewrittenText(value, how, path)
  if (typeof value === "number") return how.number?.(value, path) ?? value
  if (isArray(value)) {
    return value
      .filter(
        (_, index) => !namesDropped(how, value[index]) && !namesDropped(how, value[index - 1]),
      )
      .map((inner, index) => rewritten(inner, how, [...path, index]))
  }
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => how.drops?.(name) !== true)
      // A header as an object: { "name": "cookie", "value": "…" }.
      .filter(
        ([name]) =>
          name !== "value" || ![value["name"], value["key"]].some((of) => namesDropped(how, of)),
      )
      .map(([name, inner]) => [how.text(name), rewritten(inner, how, [...path, name])]),
  )
}

/** A text with its content replaced. JSON stays JSON, verbatim if nothing in it was replaced. */
export const rewrittenText = (text: string, how: JsonRewrite, path: JsonPath = []): string => {
  const inner = jsonWithin(text)
  if (inner === undefined) return how.text(text)
  const changed = JSON.stringify(rewritten(inner, how, path))
  return changed === JSON.stringify(inner) ? text : changed
}

const namesDropped = (how: JsonRewrite, name: Json | undefined): boolean =>
  typeof name === "string" && how.drops?.(name) === true

/** The object or list of a JSON text; undefined if it is not one. */
export const jsonWithin = (text: string): Json | undefined =>
  /^\s*[[{]/.test(text) ? parseJson(text) : undefined
