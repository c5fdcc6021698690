import { endOfString } from "./Json.js"

/** Shorter bodies are read as they are: whatever they hold, it takes little. */
const longestUnchecked = 256 * 1024
/** A list in a list takes a few bytes of an answer, and ten times as many in memory. */
const bytesOfValue = 16
const leastValues = 100_000
const mostLevels = 100_000

const quote = 34
const comma = 44
const opening = 123
const closing = 125
// A bracket differs from a brace by this bit alone.
const braceBit = 32

/**
 * Why a body of JSON would take many times its size in memory, or null where it would not. It is
 * counted before anything is made of it, in one pass without memory of its own.
 */
export const excessOf = (body: string, maxBodyBytes: number): string | null => {
  if (body.length <= longestUnchecked) return null
  const mostValues = Math.max(leastValues, Math.floor(maxBodyBytes / bytesOfValue))
  let values = 0
  let level = 0
  for (let place = 0; place < body.length; place++) {
    const code = body.charCodeAt(place)
    if (code === quote) {
      place = endOfString(body, place) - 1
    } else if (code === comma) {
      values++
    } else if ((code | braceBit) === opening) {
      values++
      level++
    } else if ((code | braceBit) === closing) {
      level--
    }
    if (level > mostLevels) return `it is nested deeper than ${mostLevels} levels`
    if (values > mostValues) return `it holds more than ${mostValues} values`
  }
  return null
}
