import { deepJson, isDeeperThan } from "./DeepJson.js"

/** Escapes foreign text, so that a terminal shows control characters instead of executing them. */

// Variation selectors, which choose a form of the preceding character, and joiners of two characters.
const selector = String.raw`\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}`
const joiner = String.raw`\u200c\u200d`

// Invisible: line separators; direction marks; the BOM; characters without a glyph, such as U+200B and
// tags; selectors and joiners without a preceding character, which can hide text.
const invisible = [
  String.raw`[\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]`,
  String.raw`(?![${selector}${joiner}])\p{Default_Ignorable_Code_Point}`,
  String.raw`(?<![^\0-\x7f]|[#*\d])[${selector}]|(?<=[${selector}${joiner}])[${selector}]`,
  String.raw`(?<![^\0-\x7f])[${joiner}]|(?<=[${joiner}])[${joiner}]`,
].join("|")

// C0, C1 and DEL; lone surrogates.
const unsafe = new RegExp(String.raw`[\p{Cc}\p{Cs}]|${invisible}`, "gu")

const unsafeInJson = new RegExp(String.raw`[\x7f-\x9f]|${invisible}`, "gu")

const unsafeInCell =
  /(?![\t\n\r])[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

// More combining marks than any script uses; a terminal draws them over the line above.
const manyMarks = /(\p{M}{8})\p{M}+/gu

const deepestIndented = 200

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

const escapeOf = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  const short = shortEscapes[character]
  if (short !== undefined) return short
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`
  return code > 0xffff ? `\\u{${code.toString(16)}}` : jsonEscapeOf(character)
}

const jsonEscapeOf = (character: string): string => {
  let escaped = ""
  for (let at = 0; at < character.length; at++) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`
  }
  return escaped
}

/** Replaces each control or invisible character by the result of `escape`. */
export const withoutUnsafe = (text: string, escape: (character: string) => string): string =>
  text.replace(unsafe, escape)

/** Text on one line of a terminal. Long runs of combining marks are cut. */
export const terminalText = (text: string): string =>
  withoutUnsafe(text, escapeOf).replace(manyMarks, "$1…")

/** Text in a CSV cell: keeps line breaks and tabs, escapes other control characters. */
export const cellText = (text: string): string => text.replace(unsafeInCell, escapeOf)

/**
 * JSON with control characters escaped. Very deep values are not indented, because indentation would
 * dominate each line.
 */
export const terminalJson = (value: unknown, indent?: number): string =>
  safeJson(jsonOf(value, indent))

const safeJson = (json: string): string =>
  isPlain(json) ? json : json.replace(unsafeInJson, jsonEscapeOf)

/** Whether JSON is plain ASCII without DEL; JSON itself escapes the other control characters. */
const isPlain = (json: string): boolean =>
  Buffer.byteLength(json) === json.length && !json.includes("\x7f")

const jsonOf = (value: unknown, indent: number | undefined): string => {
  if (indent !== undefined && !isDeeperThan(value, deepestIndented)) {
    return JSON.stringify(value, null, indent)
  }
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return deepJson(value)
    throw error
  }
}
