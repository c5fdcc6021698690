import { hash, scramble, unscramble } from "./Random.js"

const hex = (value: number, digits: number): string =>
  value.toString(16).padStart(digits, "0").slice(-digits)

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether the text is a UUID. */
export const isUuid = (text: string): boolean => uuidPattern.test(text)

/** The version 4 UUID of an index. Each kind of id has a `salt` of its own. */
export const uuidOf = (seed: number, index: number, salt: number): string => {
  const head = scramble(index, hash(seed, 0, salt))
  const middle = hash(seed, index, salt + 0x1000)
  const tail = hash(seed, index, salt + 0x2000)
  const end = hash(seed, index, salt + 0x3000)
  const variant = 0x8000 | (tail & 0x3fff)
  const last = hex(tail >>> 16, 4) + hex(end, 8)
  return `${hex(head, 8)}-${hex(middle >>> 16, 4)}-4${hex(middle, 3)}-${hex(variant, 4)}-${last}`
}

/** The first 48 bits of `uuidOf`: nearly the order of the texts, without the cost of making them. */
export const uuidHead = (seed: number, index: number, salt: number): number =>
  scramble(index, hash(seed, 0, salt)) * 0x1_0000 + (hash(seed, index, salt + 0x1000) >>> 16)

/** The index whose UUID this is, or null. */
export const indexOfUuid = (
  uuid: string,
  seed: number,
  count: number,
  salt: number,
): number | null => {
  if (!isUuid(uuid)) return null
  const index = unscramble(Number.parseInt(uuid.slice(0, 8), 16), hash(seed, 0, salt))
  return index < count && uuidOf(seed, index, salt) === uuid.toLowerCase() ? index : null
}

/** The version 7 UUID of an index: milliseconds, noise, and the index in the last 8 digits. */
export const uuid7Of = (
  seed: number,
  index: number,
  salt: number,
  milliseconds: number,
): string => {
  const time = hex(Math.floor(milliseconds), 12)
  const noise = hash(seed, index, salt + 0x1000)
  const variant = 0x8000 | (noise & 0x3fff)
  const tail = hex(noise >>> 16, 4) + hex(scramble(index, hash(seed, 0, salt)), 8)
  const middle = hex(hash(seed, index, salt + 0x2000), 3)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${middle}-${hex(variant, 4)}-${tail}`
}

/** The index in a version 7 UUID, or null. The caller knows the time and compares the whole id. */
export const indexInUuid7 = (
  uuid: string,
  seed: number,
  count: number,
  salt: number,
): number | null => {
  if (!isUuid(uuid)) return null
  const index = unscramble(Number.parseInt(uuid.slice(-8), 16), hash(seed, 0, salt))
  return index < count ? index : null
}

/** The MongoDB object id of an index: seconds, noise, and the index in the last 8 digits. */
export const objectIdOf = (
  seed: number,
  index: number,
  salt: number,
  milliseconds: number,
): string =>
  hex(Math.floor(milliseconds / 1000), 8) +
  hex(hash(seed, index, salt), 8) +
  hex(scramble(index, hash(seed, 0, salt)), 8)

const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

const inLetters = (value: number, length: number): string => {
  let rest = value
  let text = ""
  for (let place = 0; place < length; place += 1) {
    text = letters.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  }
  return text
}

/** An id of 21 letters and digits, as executions of Alloy have. */
export const shortIdOf = (seed: number, index: number, salt: number): string =>
  inLetters(scramble(index, hash(seed, 0, salt)), 6) +
  inLetters(hash(seed, index, salt + 0x1000), 5) +
  inLetters(hash(seed, index, salt + 0x2000), 5) +
  inLetters(hash(seed, index, salt + 0x3000), 5)

/** The index whose short id this is, or null. */
export const indexOfShortId = (
  id: string,
  seed: number,
  count: number,
  salt: number,
): number | null => {
  let value = 0
  for (const letter of id.slice(0, 6)) value = value * 62 + letters.indexOf(letter)
  const index = unscramble(value, hash(seed, 0, salt))
  return index < count && shortIdOf(seed, index, salt) === id ? index : null
}
