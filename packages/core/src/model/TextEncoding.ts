/** An encoding that can be undone in a text. */
export interface TextEncoding {
  readonly pattern: RegExp
  /** The decoded text of a match; null if the match is not encoded. */
  readonly undo: (...match: ReadonlyArray<string | undefined>) => string | null
}

const entities: { readonly [name: string]: string } = {
  amp: "&",
  apos: "'",
  equals: "=",
  gt: ">",
  lt: "<",
  plus: "+",
  quot: '"',
  sol: "/",
}

const controls: { readonly [letter: string]: string } = { n: "\n", r: "\r", t: "\t" }

const escapes =
  /%([\da-f]{2})|\\u([\da-f]{4})|\\x([\da-f]{2})|\\([^ux])|&#x([\da-f]{1,6});|&#(\d{1,7});|&([a-z]{2,6});/gi

/**
 * The escapes of URLs, JSON, HTML and source code. An escaped byte becomes the character of that
 * number.
 */
export const escaping: TextEncoding = {
  pattern: escapes,
  undo: (_, percent, json, hex, escaped, htmlHex, html, name) => {
    const code = percent ?? json ?? hex ?? htmlHex
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    if (html !== undefined) return String.fromCharCode(Number(html))
    if (escaped !== undefined) return controls[escaped] ?? escaped
    return entities[name?.toLowerCase() ?? ""] ?? null
  },
}

/** The alphabet of base64 for URLs, and line breaks. */
export const base64: TextEncoding = {
  pattern: /(?:\r\n?|\n)[\t ]*|-|_/g,
  undo: (found) => (found === "-" ? "+" : found === "_" ? "/" : ""),
}

/** The text with an encoding undone. */
export const undone = (text: string, { pattern, undo }: TextEncoding): string =>
  text.replace(pattern, (...match) => undo(...match) ?? match[0])

/**
 * The index in the text of each character of {@link undone}, and of its end: one index more than
 * there are characters.
 */
export const placesOfUndone = (
  text: string,
  { pattern, undo }: TextEncoding,
): ReadonlyArray<number> => {
  const places: Array<number> = []
  let taken = 0
  const takeUpTo = (end: number): void => {
    while (taken < end) places.push(taken++)
  }
  for (const match of text.matchAll(pattern)) {
    const other = undo(...match)
    if (other === null) continue
    takeUpTo(match.index)
    for (let count = other.length; count > 0; count--) places.push(match.index)
    taken = match.index + match[0].length
  }
  takeUpTo(text.length)
  places.push(text.length)
  return places
}
