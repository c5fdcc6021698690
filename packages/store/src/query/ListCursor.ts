import { createHash } from "node:crypto"
import { AdapterError, type Cursor } from "@execlog/core"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { untimed } from "../tables/Executions.js"
import { storedText } from "../tables/StoredText.js"

/** The place after an execution in the order of the store: by timestamp, id, connection. */
export interface StoredPlace {
  readonly timestamp: number
  readonly id: string
  readonly connectionId: number
}

// An integer of Postgres.
const largestConnection = 2 ** 31 - 1

const Written = Schema.fromJsonString(
  Schema.Struct({
    // Of what has no time it is above all times.
    timestamp: Schema.Int.check(Schema.isBetween({ minimum: -untimed, maximum: untimed })),
    id: Schema.String.check(Schema.makeFilter((id) => storedText(id) === id)),
    connectionId: Schema.Natural.check(Schema.isLessThanOrEqualTo(largestConnection)),
    query: Schema.String,
  }),
)

const decode = Schema.decodeUnknownResult(Written)

const checksum = (text: string): string =>
  createHash("sha256").update(text).digest("base64url").slice(0, 11)

/** What a cursor goes with. */
export const queryFingerprint = (query: unknown): string => checksum(JSON.stringify(query))

/** Writes a cursor: opaque, safe in a URL, good for the same query of the same store. */
export const encodeStoredCursor = (place: StoredPlace, query: string): Cursor => {
  const body = Buffer.from(JSON.stringify({ ...place, query })).toString("base64url")
  return `stored.${body}.${checksum(body)}`
}

/** Reads a cursor. Throws an AdapterError `InvalidQuery` that says what does not fit. */
export const decodeStoredCursor = (cursor: Cursor, query: string): StoredPlace => {
  const [kind, body, sum, ...rest] = cursor.split(".")
  if (kind !== "stored" || body === undefined || sum === undefined || rest.length > 0) {
    throw invalid("is not one of a store: it came from a provider's list, or is malformed")
  }
  if (checksum(body) !== sum) {
    throw invalid("was altered or cut off: its checksum does not fit")
  }
  const decoded = decode(Buffer.from(body, "base64url").toString("utf8"))
  if (Result.isFailure(decoded)) throw invalid("is malformed: its content cannot be read")
  if (decoded.success.query !== query) {
    throw invalid("is one of another query: filters, order or connections differ")
  }
  return decoded.success
}

const invalid = (problem: string): AdapterError =>
  new AdapterError({
    reason: "InvalidQuery",
    message: `The cursor ${problem}.`,
    operation: "query",
    hint: "Use it with what it came from, or leave it out to start at the beginning.",
  })
