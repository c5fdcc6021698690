import { inspect } from "node:util"

/** A secret found in a value. */
export interface Leak {
  readonly what: string
  /** The text before it, for a message that does not repeat it. */
  readonly before: string
}

/** The first value that contains a secret, or half of one, in any form; null if none does. */
export const findLeak = (
  values: { readonly [what: string]: unknown },
  secrets: ReadonlyArray<string>,
): Leak | null => {
  const marks = secrets.flatMap(marksOf)
  for (const [what, value] of Object.entries(values)) {
    for (const text of textsOf(value)) {
      const mark = marks.find((form) => text.includes(form))
      if (mark === undefined) continue
      const at = text.indexOf(mark)
      return { what, before: text.slice(Math.max(0, at - 60), at).replaceAll("\n", " ") }
    }
  }
  return null
}

/** The texts in which a value may be seen: printed, as JSON, thrown. */
const textsOf = (value: unknown): ReadonlyArray<string> => {
  const printed = inspect(value, {
    depth: null,
    showHidden: true,
    getters: true,
    maxStringLength: null,
    maxArrayLength: null,
  })
  const texts = [printed, jsonOf(value), ...errorsOf(value).flatMap(textsOfError)]
  return [...texts, ...texts.flatMap(decodedWithin)]
}

const textsOfError = (error: Error): ReadonlyArray<string> => [
  error.message,
  error.stack ?? "",
  String(error),
  jsonOf(error),
]

/** An error and the chain of its causes. */
const errorsOf = (value: unknown): ReadonlyArray<Error> =>
  value instanceof Error ? [value, ...errorsOf(value.cause)] : []

const jsonOf = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? ""
  } catch {
    // A circular value has no JSON.
    return ""
  }
}

/** The decoded content of a cursor, which is put into URLs and files. */
const decodedWithin = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/[\w+/-]{24,}/g)].map(([word]) =>
    Buffer.from(word, "base64").toString("latin1"),
  )

const leastHalf = 8

/** The forms of a secret in a text; each half of a long one counts too. */
const marksOf = (secret: string): ReadonlyArray<string> => {
  const half = Math.ceil(secret.length / 2)
  const pieces = half < leastHalf ? [secret] : [secret, secret.slice(0, half), secret.slice(-half)]
  return pieces.flatMap((piece) => [
    piece,
    encodeURIComponent(piece),
    JSON.stringify(piece).slice(1, -1),
    ...[0, 1, 2].map((offset) => base64Within(piece, offset)),
  ])
}

/** A text inside base64, at an offset of bytes, without the characters that depend on its neighbours. */
const base64Within = (text: string, offset: number): string => {
  const encoded = btoa("\0".repeat(offset) + text).replaceAll("=", "")
  const end = (offset + text.length) % 3 === 0 ? encoded.length : -1
  return encoded.slice(Math.ceil((offset * 4) / 3), end)
}
