import { isJsonList, isJsonObject, type Json, type JsonObject } from "../model/Json.js"

/** Merges fragments of parameters: objects by key, arrays end to end; else the last one stands. */
export const mergeParams = (fragments: ReadonlyArray<JsonObject>): JsonObject => {
  const merged: Record<string, Json> = {}
  for (const fragment of fragments) {
    for (const [key, value] of Object.entries(fragment)) {
      merged[key] = mergeValues(merged[key], value)
    }
  }
  return merged
}

const mergeValues = (before: Json | undefined, value: Json): Json => {
  if (isJsonList(before) && isJsonList(value)) return [...before, ...value]
  return isJsonObject(before) && isJsonObject(value) ? mergeParams([before, value]) : value
}
