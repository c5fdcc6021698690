import { AdapterError } from "@execlog/core"
import type { JsonPath } from "../JsonPath.js"

/** Whether a place in an answer is one of those that a user chose. */
export type MaskPaths = (path: JsonPath) => boolean

/**
 * Reads paths into an answer's JSON: names joined by dots, `*` for any one name or index, `**` for
 * any number of them. Upper and lower case are the same. Throws `InvalidSettings`.
 */
export const readMaskPaths = (paths: ReadonlyArray<string>): MaskPaths => {
  const patterns = paths.map((path) => {
    const parts = path.toLowerCase().split(".")
    if (!parts.includes("")) return parts
    throw new AdapterError({
      reason: "InvalidSettings",
      message: `${JSON.stringify(path)} is no path to mask.`,
      operation: "settings",
      hint: 'Join names by dots, with * for any one name or index and ** for any number: "data.*.email".',
    })
  })
  return (path) => {
    const names = path.map((name) => String(name).toLowerCase())
    return patterns.some((pattern) => matches(pattern, names))
  }
}

const matches = (pattern: ReadonlyArray<string>, names: ReadonlyArray<string>): boolean => {
  // Whether the pattern so far matches the first so many names, for each number of names.
  let reached = [true, ...names.map(() => false)]
  for (const part of pattern) {
    let isReached = false
    reached = reached.map((_, count) => {
      isReached ||= reached[count] === true
      if (part === "**") return isReached
      return count > 0 && reached[count - 1] === true && (part === "*" || part === names[count - 1])
    })
  }
  return reached.at(-1) === true
}
