import { DecodeFault } from "./DecodeFault.js"
import { isJsonList, isJsonObject, type Json } from "./Json.js"

/**
 * The deepest nesting of an item, in lists and objects. Deeper values break recursive code:
 * JSON.stringify, masks, databases.
 */
const deepestLevel = 1000

const tooDeep = `it is nested deeper than ${deepestLevel} levels`

/** Why a deeper item is rejected. */
export const rejectDeep = (): DecodeFault => new DecodeFault(tooDeep)

/**
 * Replaces a part of an item that is nested too deep. It is stored with rejected items: a new wording of
 * the reason must not change it.
 */
const left = "<it is nested deeper than 1000 levels>"

/** Whether a value is nested deeper than `most` levels. Deeper levels are not read. */
export const isTooDeep = (value: Json, most = deepestLevel): boolean => {
  if (typeof value !== "object" || value === null) return false
  if (most === 0) return true
  // Loops, because this runs for every value of every item.
  if (isJsonList(value)) {
    for (const item of value) {
      if (typeof item === "object" && isTooDeep(item, most - 1)) return true
    }
    return false
  }
  for (const name in value) {
    const field = value[name]
    if (typeof field === "object" && isTooDeep(field, most - 1)) return true
  }
  return false
}

/**
 * Why a value from an adapter is not JSON of an acceptable depth; null if it is. A value that is
 * not JSON, such as a BigInt or an object with a `toJSON`, would only fail when all executions are
 * written.
 */
export const faultOfJson = (value: unknown, most = deepestLevel): string | null => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return null
  if (value === null || value === undefined) return null
  if (typeof value !== "object" || "toJSON" in value) return noJson
  if (most === 0) return tooDeep
  // Loops, because this runs for every value of every item.
  if (Array.isArray(value)) {
    if (value.length > longestList) return noJson
    for (const item of value) {
      const fault = faultOfJson(item, most - 1)
      if (fault !== null) return fault
    }
    return null
  }
  for (const field of Object.values(value)) {
    const fault = faultOfJson(field, most - 1)
    if (fault !== null) return fault
  }
  return null
}

const noJson = "it contains a value that is not JSON"
/** No response is large enough for more items, but a sparse array may have any length. */
const longestList = 10_000_000

/** The outermost fields of an item that is nested too deep. */
export const withoutDeepParts = (value: Json): Json =>
  isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, field]) => [
          name,
          isTooDeep(field, deepestLevel - 1) ? left : field,
        ]),
      )
    : left

/** Whether parts of this item were replaced, so that it is incomplete. */
export const hasLostParts = (value: Json): boolean =>
  value === left || (isJsonObject(value) && Object.values(value).includes(left))
