/** What stands where a secret stood. */
export const redacted = "<redacted>"

/** A shorter text would blot out half of every message; no provider has such keys. */
export const shortestSecret = 4

/** Removes secrets from text: as they are, URL-encoded, in base64, and as JSON writes them. */
export interface Redactor {
  /** The text without secrets, cut to a sane length: in this order, so that no half of one stays. */
  readonly text: (text: string) => string
  /** The text without secrets, whole: for what is kept rather than shown. */
  readonly whole: (text: string) => string
  /** Whether a text holds a secret, in any of these forms. */
  readonly holds: (text: string) => boolean
}

const longestText = 800
const mostLookedThrough = 64 * 1024

/**
 * The patterns of base64, in both alphabets, of any text that holds a secret, such as "Bearer" and it:
 * where it stands in that text by bytes decides which of three ways its bits are cut. A character at
 * either end, which also holds bits of what stands beside, goes as well.
 */
const base64Patterns = (secret: string): ReadonlyArray<string> => {
  const bytes = Array.from(new TextEncoder().encode(secret), (byte) => String.fromCharCode(byte))
  return [0, 1, 2].flatMap((before) => {
    const end = before + bytes.length
    const text = btoa(`${"\0".repeat(before)}${bytes.join("")}`)
    const own = text.slice(Math.ceil((before * 8) / 6), Math.floor((end * 8) / 6))
    const forms = [own, own.replaceAll("+", "-").replaceAll("/", "_")]
    return [...new Set(forms)].map((form) => `[\\w+/-]?${patternOf(form)}[\\w+/-]?`)
  })
}

/** An engine of patterns refuses those of tens of thousands of characters. */
const longestPattern = 4096

/** Matches a form of a secret: a long one by how it begins, with all that it may go on to. */
const patternOf = (form: string): string => {
  const rest = Math.max(0, form.length - longestPattern)
  return rest === 0 ? escaped(form) : `${escaped(form.slice(0, longestPattern))}[^]{0,${rest}}`
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)

/** A redactor for the secrets of one connection. */
export const makeRedactor = (secrets: ReadonlyArray<string>): Redactor => {
  const long = secrets.filter((secret) => secret.length >= shortestSecret)
  const forms = new Set(
    long.flatMap((secret) => [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      encodeURIComponent(secret.toWellFormed()).replaceAll(/%../g, (code) => code.toLowerCase()),
      new URLSearchParams({ "": secret }).toString().slice(1),
      JSON.stringify(secret).slice(1, -1),
    ]),
  )
  // The longest first, so that no form is cut in two by a shorter one inside it.
  const ordered = [...forms].toSorted((a, b) => b.length - a.length)
  // In any case of its letters: the name of a host is written in small ones.
  const patterns = [...ordered.map(patternOf), ...long.flatMap(base64Patterns)].map(
    (pattern) => new RegExp(pattern, "gi"),
  )
  const whole = (text: string): string =>
    patterns.reduce((rest, pattern) => rest.replaceAll(pattern, redacted), text)
  const longestForm = ordered[0]?.length ?? 0
  return {
    whole,
    text: (text) => {
      const isLong = text.length > mostLookedThrough
      const looked = whole(text.slice(0, mostLookedThrough))
      // Where it was cut, half of a secret may be left: as much is dropped as that can be.
      const clean = isLong ? looked.slice(0, Math.max(0, looked.length - longestForm)) : looked
      return isLong || clean.length > longestText ? `${clean.slice(0, longestText)}…` : clean
    },
    holds: (text) => whole(text) !== text,
  }
}
