/** Any value that `JSON.parse` can give. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json
}

/** Reads a text of JSON; undefined where it is none. */
export const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a value that came from JSON is a list. */
export const isJsonList = (value: Json | undefined): value is ReadonlyArray<Json> =>
  Array.isArray(value)

/** Whether a value that came from JSON is an object. */
export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)
