import type { AdapterError, CursorFault } from "../model/AdapterError.js"
import { fingerprint } from "../model/Fingerprint.js"
import type { Cursor } from "../model/LogPage.js"
import { invalidQuery } from "../model/LogQuery.js"

/** The version of each kind of cursor: of one connection, and of several as one log. */
const versions = { connection: "1", log: "log1" } as const

/** The kind of read that a cursor resumes. */
export type CursorKind = keyof typeof versions

/** Writes the content of a cursor, with a version before and a checksum after it. */
export const writeCursor = (kind: CursorKind, content: string): Cursor => {
  const body = base64Of(content).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
  return `${versions[kind]}.${body}.${fingerprint(content)}`
}

/** Whether a cursor is of a kind, by its version. */
export const isCursorOf = (kind: CursorKind, cursor: Cursor): boolean =>
  typeof cursor === "string" && cursor.startsWith(`${versions[kind]}.`)

/** Reads the content of a cursor. Throws `InvalidQuery`, which says what does not fit. */
export const readCursor = (kind: CursorKind, cursor: Cursor): string => {
  if (typeof cursor !== "string") throw invalidCursor("malformed", "is malformed: it is not a text")
  const [version, body, checksum, ...rest] = cursor.split(".")
  if (body === undefined || checksum === undefined || rest.length > 0) {
    throw invalidCursor("malformed", "is malformed: execlog did not return it")
  }
  if (version !== versions[kind]) {
    const isOfOtherKind = Object.values(versions).some((known) => known === version)
    throw isOfOtherKind
      ? invalidCursor(
          "other_kind",
          `belongs to ${kind === "log" ? "a single connection" : "a log of several connections"}`,
        )
      : invalidCursor(
          "other_version",
          `has version ${version}; this version of execlog reads version ${versions[kind]}`,
        )
  }
  const content = decodeBase64(body)
  if (content === null || fingerprint(content) !== checksum) {
    throw invalidCursor("altered", "was altered or cut off: its checksum does not match")
  }
  return content
}

/** An error that says what is wrong with a cursor. */
export const invalidCursor = (cursorFault: CursorFault, problem: string): AdapterError =>
  invalidQuery(`The cursor ${problem}.`, {
    subject: { kind: "option", name: "cursor" },
    cursorFault,
    hint: "start_over",
  })

const decodeBase64 = (body: string): string | null => {
  if (!/^[\w-]+$/.test(body)) return null
  const remainder = body.length % 4
  if (remainder === 1) return null
  return textOfBase64(
    body.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - remainder) % 4),
  )
}

/** A text in base64, by its UTF-8 bytes: `btoa` alone throws where a character lies above U+00FF. */
const base64Of = (text: string): string => {
  let bytes = ""
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte)
  return btoa(bytes)
}

/** The text of such base64; null where the bytes are not UTF-8. */
const textOfBase64 = (base64: string): string | null => {
  const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
