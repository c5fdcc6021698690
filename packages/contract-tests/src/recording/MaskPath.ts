import { AdapterError } from "@execlog/core"
import { matchesPath, readPathPattern } from "@execlog/core/unstable"
import type { JsonPath } from "../kit/JsonPath.js"

/** Whether a place in a response is chosen for masking. */
export type MaskPaths = (path: JsonPath) => boolean

/**
 * Reads paths into the JSON of responses: names joined by dots, `*` for one name or index, `**` for any
 * number of them. Case-insensitive. Throws `InvalidSettings`.
 */
export const readMaskPaths = (paths: ReadonlyArray<string>): MaskPaths => {
  const patterns = paths.map((path) => {
    const pattern = readPathPattern(path)
    if (pattern !== null) return pattern
    throw new AdapterError({
      reason: "InvalidSettings",
      message: `${JSON.stringify(path)} is not a valid path to mask.`,
      operation: "settings",
      hint: {
        code: "correct_setting",
        text: 'Join whole names by dots, with * for any one name or index and ** for any number: "data.*.email".',
      },
    })
  })
  return (path) => {
    const names = path.map(String)
    return patterns.some((pattern) => matchesPath(pattern, names))
  }
}
