/** Any value that `JSON.parse` can give. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json
}

export const isList = (value: Json | undefined): value is ReadonlyArray<Json> =>
  Array.isArray(value)

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The value that a path leads to; undefined where there is none. */
export const valueAt = (value: Json, path: ReadonlyArray<string>): Json | undefined => {
  let at: Json | undefined = value
  for (const key of path) {
    if (!isObject(at) || !Object.hasOwn(at, key)) return undefined
    at = at[key]
  }
  return at
}
