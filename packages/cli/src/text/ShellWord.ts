import { withoutUnsafe } from "./TerminalText.js"

/** Quotes text as one shell word: POSIX, or $'…' (bash, zsh, ksh) if it contains control characters. */
export const shellWord = (text: string): string => {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text
  if (withoutUnsafe(text, () => "") === text) return `'${text.replaceAll("'", `'\\''`)}'`
  return `$'${withoutUnsafe(text.replace(/[\\']/g, String.raw`\$&`), octalBytes)}'`
}

// Octal has a fixed length in every shell, and bytes do not depend on its locale.
const octalBytes = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")
