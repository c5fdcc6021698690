import type { Json } from "@execlog/core"
import { UsageError } from "../session/UsageError.js"

/** Where a value comes from: the file, and the path of keys in it. */
export interface ConfigPlace {
  readonly file: string
  readonly path: string
}

const variable = /\$\{([^}]*)\}/g

/** As far as one may stand: behind the last brace, each that begins would be read to the end of the text. */
const searched = (text: string): string => text.slice(0, text.lastIndexOf("}") + 1)

const replaceVariables = (
  text: string,
  replace: (written: string, name: string) => string,
): string => {
  const part = searched(text)
  return part.replace(variable, replace) + text.slice(part.length)
}

/** Replaces ${NAME} in all texts of a value by the environment's. An unset one is a UsageError. */
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

/** The names of the variables that a text takes. */
const variablesIn = (text: string): ReadonlyArray<string> =>
  [...searched(text).matchAll(variable)].map(([, name = ""]) => name)

/** The names of the variables that all texts of a value take, at whatever depth. */
export const variablesInAll = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return variablesIn(value)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    ...variablesIn(key),
    ...variablesInAll(inner),
  ])
}

/** The first variable of a text that is set to nothing; null where there is none. */
export const emptyVariableIn = (value: Json, environment: NodeJS.ProcessEnv): string | null =>
  typeof value === "string"
    ? (variablesIn(value).find((name) => environment[name] === "") ?? null)
    : null

const isList = (value: Json): value is ReadonlyArray<Json> => Array.isArray(value)
