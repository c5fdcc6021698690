/** Any value that `JSON.parse` can return. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json
}

/**
 * Parses JSON; undefined if the text is not valid JSON. An integer beyond 2^53, whose last digits a
 * number would lose, becomes a string of its digits.
 */
export const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(mayHoldLongInteger.test(text) ? withDigitsAsText(text) : text)
  } catch {
    return undefined
  }
}

// Nearly all texts fail this test: ids with so many digits are in quotes, and fractions follow a
// point. V8 skips ahead by the digits that are written out, which takes a third of the time of
// \d{15}.
const mayHoldLongInteger = /(?:^|[\s:,[-])[1-9]\d\d\d\d\d\d\d\d{8}/

/**
 * Puts integers beyond 2^53 in quotes. Text that is not JSON is returned unchanged, since keys are
 * not quoted twice.
 */
const withDigitsAsText = (text: string): string => {
  const parts: Array<string> = []
  const token = /"|(?<![\w.+-])-?[1-9]\d{15,}(?![\d.eE]|\s*:)/g
  let kept = 0
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const { 0: written, index } = found
    if (written === '"') {
      token.lastIndex = endOfString(text, index)
    } else if (!Number.isSafeInteger(Number(written))) {
      parts.push(text.slice(kept, index), '"', written, '"')
      kept = token.lastIndex
    }
  }
  parts.push(text.slice(kept))
  return parts.join("")
}

/** The index after a string that begins at a quote. */
export const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end
    while (text[before - 1] === "\\") before -= 1
    if ((end - before) % 2 === 0) return end + 1
  }
  return text.length
}

/** Whether a JSON value is an array. */
export const isJsonList = (value: Json | undefined): value is ReadonlyArray<Json> =>
  Array.isArray(value)

/** Whether a JSON value is an object. */
export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The message of an error: a text, or an object's text under `message`, `detail` or `error`. */
export const messageOf = (error: Json | undefined): string | undefined => {
  if (typeof error === "string") return error
  if (!isJsonObject(error)) return undefined
  for (const name of ["message", "detail", "error"]) {
    const said = error[name]
    if (typeof said === "string" && said !== "") return said
    if (isJsonObject(said) && typeof said["message"] === "string") return said["message"]
  }
  return undefined
}
