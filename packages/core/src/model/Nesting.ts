import { Unreadable } from "./Guarded.js"
import { isJsonList, isJsonObject, type Json } from "./Json.js"

/**
 * So many levels of lists and objects an item may have. What lies deeper breaks what recurses over it:
 * JSON.stringify, masks, databases.
 */
const deepestLevel = 1000

const tooDeep = `it is nested deeper than ${deepestLevel} levels`

/** Why an item is rejected that has more. */
export const rejectDeep = (): Unreadable => new Unreadable(tooDeep)

/**
 * Stands where such a part of an item stood. Stores contain it: a new wording of the reason must not
 * change it.
 */
const left = "<it is nested deeper than 1000 levels>"

/** Whether a value is nested deeper than so many levels. It is looked into no further. */
export const isTooDeep = (value: Json, most = deepestLevel): boolean => {
  if (typeof value !== "object" || value === null) return false
  if (most === 0) return true
  // Loops, since this runs for every value of every item.
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
 * Why a value that an adapter gives is no JSON of a sane depth, or null where it is: what is no JSON, a
 * BigInt or an object with a `toJSON` of its own, fails only when all are written.
 */
export const faultOfJson = (value: unknown, most = deepestLevel): string | null => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return null
  if (value === null || value === undefined) return null
  if (typeof value !== "object" || "toJSON" in value) return noJson
  if (most === 0) return tooDeep
  // Loops, since this runs for every value of every item.
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

const noJson = "it holds something that is not JSON"
/** An answer has no room for more, and a list with holes may have any length. */
const longestList = 10_000_000

/** What is told of an item that is nested too deep: its outermost fields. */
export const withoutDeepParts = (value: Json): Json =>
  isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, field]) => [
          name,
          isTooDeep(field, deepestLevel - 1) ? left : field,
        ]),
      )
    : left

/** Whether this is what was told of such an item: it must not be taken for the whole. */
export const hasLostParts = (value: Json): boolean =>
  value === left || (isJsonObject(value) && Object.values(value).includes(left))
