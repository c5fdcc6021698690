/**
 * A text that both databases can store: Postgres rejects NUL, and both reject lone surrogates. Only for
 * search columns; documents are JSON, which escapes both.
 */
export const storedText = (text: string): string => text.replaceAll("\0", "\u2400").toWellFormed()

/** The same for a text that may be missing. */
export const storedTextOrNull = (text: string | null): string | null =>
  text === null ? null : storedText(text)
