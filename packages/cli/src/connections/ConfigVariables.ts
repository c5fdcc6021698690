import type { Json } from "@execlog/core"
import { UsageError } from "../session/UsageError.js"

/** Where a value comes from: the file, and the path of keys in it. */
export interface ConfigPlace {
  readonly file: string
  readonly path: string
}

const variable = /\$\{([^}]*)\}/g

/** The part to search, up to the last brace: beyond it, each `${` would cost a scan to the end. */
const searched = (text: string): string => text.slice(0, text.lastIndexOf("}") + 1)

const replaceVariables = (
  text: string,
  replace: (written: string, name: string) => string,
): string => {
  const part = searched(text)
  return part.replace(variable, replace) + text.slice(part.length)
}

/** Replaces ${NAME} in all texts of a value by the environment variable. An unset variable is a UsageError. */
export const withVariables = (
  value: Json,
  place: ConfigPlace,
  environment: NodeJS.ProcessEnv,
): Json => {
  const below = (inner: Json, key: string | number) =>
    withVariables(inner, { ...place, path: `${place.path}.${key}` }, environment)
  if (typeof value === "string") return textWithVariables(value, place, environment)
  if (isList(value)) return value.map(below)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, below(inner, key)]))
}

/** The same for one text. */
export const textWithVariables = (
  text: string,
  { file, path }: ConfigPlace,
  environment: NodeJS.ProcessEnv,
): string =>
  replaceVariables(text, (written, name) => {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new UsageError(
        `${file}: ${path}: ${written} does not name an environment variable.`,
        "Write ${NAME}, with letters, digits and underscores.",
      )
    }
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined
    if (value === undefined) {
      throw new UsageError(
        `${file}: ${path}: the environment variable ${name} is not set.`,
        `Set it before you call execlog: export ${name}=…`,
      )
    }
    return value
  })

/** The names of the variables in a text. */
const variablesIn = (text: string): ReadonlyArray<string> =>
  [...searched(text).matchAll(variable)].map(([, name = ""]) => name)

/** The names of the variables in all texts of a value, at any depth. */
export const variablesInAll = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return variablesIn(value)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    ...variablesIn(key),
    ...variablesInAll(inner),
  ])
}

/** The first variable in a text that is empty; null if there is none. */
export const emptyVariableIn = (value: Json, environment: NodeJS.ProcessEnv): string | null =>
  typeof value === "string"
    ? (variablesIn(value).find((name) => environment[name] === "") ?? null)
    : null

const isList = (value: Json): value is ReadonlyArray<Json> => Array.isArray(value)
