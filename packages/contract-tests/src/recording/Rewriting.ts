import type { Json } from "@execlog/core"
import { parseJson } from "@execlog/core/adapter"
import { isArray, isObject, type JsonPath } from "../kit/JsonPath.js"

/** How the texts and numbers of a JSON value are replaced, and which of its fields are left out. */
export interface Rewriting {
  readonly text: (text: string) => string
  readonly number?: (number: number, path: JsonPath) => Json
  /** Whether a field, or what follows a text of this name in a list, is left out. */
  readonly drops?: (name: string) => boolean
}

/** A JSON value with its texts replaced, also in its names and in the JSON that stands in a text. */
export const rewritten = (value: Json, how: Rewriting, path: JsonPath = []): Json => {
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

/** A text with what is in it replaced; JSON in it stays JSON, and stays as it was where nothing is. */
export const rewrittenText = (text: string, how: Rewriting, path: JsonPath = []): string => {
  const inner = jsonWithin(text)
  if (inner === undefined) return how.text(text)
  const changed = JSON.stringify(rewritten(inner, how, path))
  return changed === JSON.stringify(inner) ? text : changed
}

const namesDropped = (how: Rewriting, name: Json | undefined): boolean =>
  typeof name === "string" && how.drops?.(name) === true

/** The object or list that a text is the JSON of; undefined where it is none. */
export const jsonWithin = (text: string): Json | undefined =>
  /^\s*[[{]/.test(text) ? parseJson(text) : undefined
