import { deepJson, isDeeperThan } from "./DeepJson.js"

/** Text that a provider sent, made safe to show: control characters are seen, not obeyed. */

// C0, C1 and DEL; line separators; what turns the direction of writing; half surrogates; the BOM.
const unsafe = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

const unsafeInJson =
  /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

const unsafeInCell =
  /(?![\t\n\r])[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

const deepestIndented = 200

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

const escapeOf = (character: string): string => {
  const code = character.charCodeAt(0)
  return (
    shortEscapes[character] ??
    (code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : unicodeEscapeOf(character))
  )
}

const unicodeEscapeOf = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`

/** Text with each character that a terminal would obey replaced by what `escape` gives for it. */
export const withoutUnsafe = (text: string, escape: (character: string) => string): string =>
  text.replace(unsafe, escape)

/** Text on one line of a terminal. */
export const terminalText = (text: string): string => withoutUnsafe(text, escapeOf)

/** Text in a cell of a CSV file: line breaks and tabs stay, other control characters are shown. */
export const cellText = (text: string): string => text.replace(unsafeInCell, escapeOf)

/**
 * JSON that says the same and holds no character that a terminal obeys. What is nested very deep
 * is not indented, since each of its lines would be mostly space.
 */
export const terminalJson = (value: unknown, indent?: number): string =>
  jsonOf(value, indent).replace(unsafeInJson, unicodeEscapeOf)

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
