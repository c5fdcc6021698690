/**
 * A text as both databases can hold it: Postgres takes no NUL, and neither takes half a surrogate
 * pair. Only what is searched by is held like this; what is given back is JSON, which escapes both.
 */
export const storedText = (text: string): string => text.replaceAll("\0", "\u2400").toWellFormed()

/** A text that may be missing. */
export const storedTextOrNull = (text: string | null): string | null =>
  text === null ? null : storedText(text)
