import { base64, escaping, placesOfUndone, undone } from "./TextEncoding.js"

/** The text that replaces a secret. */
export const redacted = "<redacted>"

/**
 * The minimum length of a redacted secret. A shorter one would blot out half of every message; no
 * provider has such keys.
 */
export const shortestSecret = 4

/**
 * Removes secrets from text: verbatim, escaped as in URLs, JSON, HTML and source code, up to three
 * times over, and in base64, alone or inside a longer value.
 */
export interface Redactor {
  /**
   * The text without secrets, then cut to a reasonable length; in this order, so that no half of a
   * secret remains.
   */
  readonly text: (text: string) => string
  /** The text without secrets, uncut: for values that are stored rather than shown. */
  readonly whole: (text: string) => string
  /** Whether a text contains a secret in any of these encodings. */
  readonly holds: (text: string) => boolean
}

const longestText = 800
const mostLookedThrough = 64 * 1024
/** The longest encoding of one character: escaped twice, `%2526%2523`. */
const longestEscape = 18
const mostEscapes = 3

/** Nearly every text contains none of these and therefore no escapes: one scan is enough. */
const escapedOrBroken = /[^ -$'-[\]-~]/
/** The same for secrets whose base64 contains characters that its alphabet for URLs replaces. */
const inAnyWriting = /[^ -$'-,.-[\]^`-~]/

/** The start and the end of a secret in a text. */
type Range = readonly [start: number, end: number]

/** A redactor for the secrets of one connection. */
export const makeRedactor = (secrets: ReadonlyArray<string>): Redactor => {
  const long = secrets.filter((secret) => secret.length >= shortestSecret)
  const plain = unique(
    long.flatMap((secret) => [secret, bytesOf(secret), secret.replaceAll(" ", "+")]),
  )
  const encoded = unique(long.flatMap(base64Forms))
  const longestForm = longestEscape * Math.max(0, ...plain.map(({ length }) => length))

  const shortestOf = (of: ReadonlyArray<string>) => Math.min(...of.map(({ length }) => length))
  const shortestPlain = shortestOf(plain)
  const shortestEncoded = shortestOf(encoded)
  const forms = [...plain, ...encoded]
  const mayDiffer = encoded.some((form) => /[+/]/.test(form)) ? inAnyWriting : escapedOrBroken
  const holds = (text: string): boolean =>
    mayDiffer.test(text) ? holdsWritten(text) : hasAny(forms, text)
  const holdsWritten = (text: string): boolean => {
    let level = text
    for (let times = 0; level.length >= shortestPlain; times++) {
      if (hasAny(plain, level)) return true
      const mayBeEncoded = level.length >= shortestEncoded
      if (mayBeEncoded && hasAny(encoded, undone(level, base64))) return true
      const next = times === mostEscapes ? level : undone(level, escaping)
      if (next === level) break
      level = next
    }
    return false
  }
  const rangesIn = (text: string): ReadonlyArray<Range> => {
    const ranges: Array<Range> = []
    let level = text
    let inText = (place: number): number => place
    for (let times = 0; times <= mostEscapes; times++) {
      const inLevel = inText
      for (const [from, to] of [...rangesOf(plain, level), ...encodedRanges(encoded, level)]) {
        ranges.push([inLevel(from), inLevel(to)])
      }
      const escaped = level
      level = undone(escaped, escaping)
      if (level === escaped) break
      // Secrets are rarely found in escaped text: the indices are computed on demand.
      let places: ReadonlyArray<number> | null = null
      inText = (place) => {
        places ??= placesOfUndone(escaped, escaping)
        return inLevel(places[place] ?? 0)
      }
    }
    return ranges
  }
  const whole = (text: string): string => (holds(text) ? without(text, rangesIn(text)) : text)
  return {
    whole,
    text: (text) => {
      if (text.length <= mostLookedThrough) return cutShort(whole(text))
      const looked = text.slice(0, mostLookedThrough)
      // The cut may leave half of a secret: drop as much as that half may take.
      const kept = Math.max(0, looked.length - longestForm)
      const ranges = rangesIn(looked)
        .filter(([from]) => from < kept)
        .map(([from, to]): Range => [from, Math.min(to, kept)])
      return `${without(looked.slice(0, kept), ranges).slice(0, longestText)}…`
    },
    holds,
  }
}

const cutShort = (text: string): string =>
  text.length > longestText ? `${text.slice(0, longestText)}…` : text

/** In lower case, as URLs write the names of hosts. */
const unique = (forms: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set(forms.map(inSmallLetters)),
]

/**
 * Lower case, with every character at its index: if some have two in lower case, only ASCII is
 * changed.
 */
const inSmallLetters = (text: string): string => {
  const small = text.toLowerCase()
  return small.length === text.length
    ? small
    : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Its bytes in UTF-8, each as a character. */
const bytesOf = (secret: string): string =>
  Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte)).join("")

/**
 * The part that the base64 of every text with the secret has in common, such as of "Bearer" and the
 * secret. The secret's byte offset in that text decides which of three forms it has.
 */
const base64Forms = (secret: string): ReadonlyArray<string> => {
  const bytes = bytesOf(secret)
  return [0, 1, 2].map((before) => {
    const end = before + bytes.length
    const text = btoa(`${"\0".repeat(before)}${bytes}`)
    return text.slice(Math.ceil((before * 8) / 6), Math.floor((end * 8) / 6))
  })
}

const hasAny = (forms: ReadonlyArray<string>, text: string): boolean => {
  const searched = inSmallLetters(text)
  return forms.some((form) => searched.includes(form))
}

const rangesOf = (forms: ReadonlyArray<string>, text: string): ReadonlyArray<Range> => {
  const searched = inSmallLetters(text)
  return forms.flatMap((form) => {
    const found: Array<Range> = []
    for (
      let at = searched.indexOf(form);
      at !== -1;
      at = searched.indexOf(form, at + form.length)
    ) {
      found.push([at, at + form.length])
    }
    return found
  })
}

/**
 * The characters at both ends also contain bits of the text beside the secret, and are removed too.
 */
const encodedRanges = (forms: ReadonlyArray<string>, text: string): ReadonlyArray<Range> => {
  const encoded = undone(text, base64)
  const found = rangesOf(forms, encoded)
  if (found.length === 0) return found
  const places = placesOfUndone(text, base64)
  return found.map(([from, to]) => [
    places[isBase64(encoded[from - 1]) ? from - 1 : from] ?? 0,
    places[isBase64(encoded[to]) ? to + 1 : to] ?? 0,
  ])
}

const isBase64 = (character: string | undefined): boolean =>
  character !== undefined && /[\d+/a-z]/i.test(character)

const without = (text: string, ranges: ReadonlyArray<Range>): string => {
  if (ranges.length === 0) return text
  const parts: Array<string> = []
  let end = 0
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    if (from > end || parts.length === 0) parts.push(text.slice(end, from), redacted)
    end = Math.max(end, to)
  }
  parts.push(text.slice(end))
  return parts.join("")
}
