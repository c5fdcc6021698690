import { endOfString } from "../model/Json.js"

/** Shorter bodies are not checked: they cannot take much memory. */
const longestUnchecked = 1024 * 1024
/** A nested list takes a few bytes of a response, and ten times as many in memory. */
const bytesOfValue = 32
const leastValues = 100_000
const mostLevels = 100_000
/** Each new sequence of keys in an object takes some 200 bytes in memory. */
const mostShapes = 200_000

const quote = 34
const comma = 44
const colon = 58
const opening = 123
const closing = 125
// Brackets and braces differ only in this bit.
const braceBit = 32

/**
 * Why a JSON body would take many times its size in memory; null if it would not. Counts before
 * parsing, in one pass.
 */
export const excessOf = (body: string, maxBodyBytes: number): string | null => {
  if (body.length <= longestUnchecked) return null
  const mostValues = Math.max(leastValues, Math.floor(maxBodyBytes / bytesOfValue))
  const shapes = makeShapes()
  let values = 0
  let level = 0
  let name = 0
  let nameEnd = 0
  for (let place = 0; place < body.length; place++) {
    const code = body.charCodeAt(place)
    if (code === quote) {
      name = place
      nameEnd = endOfString(body, place)
      place = nameEnd - 1
    } else if (code === colon) {
      shapes.name(hashOf(body, name, nameEnd))
      if (shapes.count() > mostShapes) return `it has objects of more than ${mostShapes} shapes`
    } else if (code === comma) {
      values++
    } else if ((code | braceBit) === opening) {
      values++
      level++
      shapes.open()
    } else if ((code | braceBit) === closing) {
      level--
      shapes.close()
    }
    if (level > mostLevels) return `it is nested deeper than ${mostLevels} levels`
    if (values > mostValues) return `it contains more than ${mostValues} values`
  }
  return null
}

const bits = 21
/** Longer names are rare, because they take space. */
const longestHashed = 64

/** FNV-1a. */
const hashOf = (text: string, start: number, end: number): number => {
  let hash = 0x811c9dc5
  for (let place = start; place < Math.min(end, start + longestHashed); place++) {
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
  }
  return hash
}

/**
 * Counts the distinct sequences of keys. Sequences that collide in a table of two million bits are
 * counted once.
 */
const makeShapes = () => {
  const marks = new Uint32Array(2 ** (bits - 5))
  const outer: Array<number> = []
  let shape = 0
  let count = 0
  return {
    open: () => {
      outer.push(shape)
      shape = 0
    },
    close: () => {
      shape = outer.pop() ?? 0
    },
    name: (hash: number) => {
      shape = Math.imul(shape ^ hash, 0x85ebca6b)
      const mark = (shape ^ (shape >>> 15)) >>> (32 - bits)
      const bit = 1 << (mark & 31)
      const word = marks[mark >>> 5] ?? 0
      if ((word & bit) === 0) count++
      marks[mark >>> 5] = word | bit
    },
    count: () => count,
  }
}
