import { createHash } from "node:crypto"
import {
  AdapterError,
  type Cursor,
  type CursorFault,
  type Entry,
  type LogQuery,
} from "@execlog/core"
import { checkQuery, wordOption } from "@execlog/core/unstable"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Struct from "effect/Struct"
import { checkTextsOption } from "../database/ArgumentChecks.js"
import { connectionsById } from "../tables/Connections.js"
import { type FoundDocument, executionOf } from "../tables/Documents.js"
import { untimed } from "../tables/Executions.js"
import { storedText } from "../tables/StoredText.js"
import { type Gone, type RowQuery, conditionsOf, isFound, needsDocument } from "./Conditions.js"

/** The scope of a query of a store. */
export interface StoredScope {
  /** The names of connections. Default: all. */
  readonly connections?: ReadonlyArray<string> | undefined
  /**
   * How to treat executions that were unfinished when the provider removed them: `"exclude"` (the
   * default) omits them, `"include"` returns them too, `"only"` nothing else.
   */
  readonly gone?: Gone | undefined
}

/** A checked query of a store. */
export interface StoredQuery extends RowQuery {
  /** Identifies the query in its cursors. */
  readonly fingerprint: string
}

/** Checks a query. Throws an AdapterError `InvalidQuery` or `Unsupported`. */
export const checkStoredQuery = (
  query: LogQuery,
  { connections, gone }: StoredScope,
  now: number,
): StoredQuery => {
  const checked = checkQuery(query, now)
  if (checked.search !== null) {
    throw new AdapterError({
      reason: "Unsupported",
      message: "A store cannot search: each provider defines its own search.",
      operation: "plan",
      subject: { kind: "query", name: "search" },
      hint: { code: "other", text: "Query the provider, or leave out the search." },
    })
  }
  if (connections !== undefined) checkTextsOption("connections", connections)
  const names =
    connections === undefined ? null : [...new Set(connections.map(storedText))].toSorted()
  // The planned bound depends on the time of the query.
  const planned = checked.planned === null
  const filters = { ...Struct.omit(checked, ["include", "pageSize", "planned"]), planned }
  const treatment = wordOption("gone", gone, "exclude", goneWords)
  const fingerprint = queryFingerprint([filters, names, treatment])
  return { query: checked, connections: names, gone: treatment, fingerprint }
}

const goneWords: ReadonlyArray<Gone> = ["exclude", "include", "only"]

/** The least rows to read when not all of them match. */
const leastRead = 500

/** A batch of matches, and the place where the next batch starts; null at the end. */
export interface StoredSlice {
  readonly entries: ReadonlyArray<StoredEntry>
  readonly next: StoredPlace | null
}

/** A stored execution, with a cursor that resumes after it. */
export interface StoredEntry extends Entry {
  /** Whether its details, such as the reason of a failure, were requested from the provider. */
  readonly isDetailed: boolean
}

interface FoundRow extends FoundDocument {
  readonly details_at: number | null
  readonly connection_id: number
  readonly timestamp: number
  readonly id: string
}

/** The place of a cursor; null without one. Throws `InvalidQuery`. */
export const placeOfCursor = (
  { fingerprint }: StoredQuery,
  cursor: string | null | undefined,
): StoredPlace | null =>
  cursor === null || cursor === undefined ? null : decodeStoredCursor(cursor, fingerprint)

/** Reads the batch after a place, ordered by timestamp, id, connection. */
export const readSlice = Effect.fnUntraced(function* (
  sql: SqlClient,
  stored: StoredQuery,
  after: StoredPlace | null,
  wanted: number,
): Effect.fn.Return<StoredSlice, SqlError> {
  const { query, fingerprint } = stored
  const most = needsDocument(stored) ? Math.max(wanted, leastRead) : wanted
  const isNewest = query.order === "newest"
  const conditions = [...conditionsOf(sql, stored)]
  if (after !== null) {
    const place = sql`(${after.timestamp}, ${after.id}, ${after.connectionId})`
    conditions.push(
      sql`(timestamp, executions.id, connection_id) ${sql.literal(isNewest ? "<" : ">")} ${place}`,
    )
  }
  const parts = query.include.map((part) => sql.literal(`, documents.${part}`))
  const direction = sql.literal(isNewest ? "DESC" : "ASC")
  const rows = yield* sql<FoundRow>`
    SELECT connection_id, timestamp, executions.id, details_at, documents.execution${sql.join("", false)(parts)}
    FROM executions JOIN documents ON documents.key = executions.key
    ${conditions.length === 0 ? sql.literal("") : sql`WHERE ${sql.and(conditions)}`}
    ORDER BY timestamp ${direction}, executions.id ${direction}, connection_id ${direction}
    LIMIT ${most}`
  const connections = yield* connectionsById(sql)
  const entries = rows.flatMap((row): ReadonlyArray<StoredEntry> => {
    const connection = connections.get(row.connection_id)
    if (connection === undefined) return []
    const execution = executionOf(row, connection)
    if (!isFound(stored, execution)) return []
    const cursor = () => encodeStoredCursor(placeOfRow(row), fingerprint)
    return [{ execution, isDetailed: row.details_at !== null, cursor }]
  })
  const last = rows.at(-1)
  return { entries, next: last === undefined || rows.length < most ? null : placeOfRow(last) }
})

const placeOfRow = ({ timestamp, id, connection_id }: FoundRow): StoredPlace => ({
  timestamp,
  id,
  connectionId: connection_id,
})

/** A place in the order of the store: timestamp, id, connection. */
export interface StoredPlace {
  readonly timestamp: number
  readonly id: string
  readonly connectionId: number
}

// The largest integer of Postgres.
const largestConnection = 2 ** 31 - 1

const Written = Schema.fromJsonString(
  Schema.Struct({
    // `untimed` stands for a missing time.
    timestamp: Schema.Int.check(Schema.isBetween({ minimum: -untimed, maximum: untimed })),
    id: Schema.String.check(Schema.makeFilter((id) => storedText(id) === id)),
    connectionId: Schema.Natural.check(Schema.isLessThanOrEqualTo(largestConnection)),
    query: Schema.String,
  }),
)

const decode = Schema.decodeUnknownResult(Written)

const checksum = (text: string): string =>
  createHash("sha256").update(text).digest("base64url").slice(0, 11)

/** Identifies the query of a cursor. */
const queryFingerprint = (query: unknown): string => checksum(JSON.stringify(query))

/** Encodes a cursor: opaque, safe in URLs, valid for the same query of the same store. */
const encodeStoredCursor = (place: StoredPlace, query: string): Cursor => {
  const body = Buffer.from(JSON.stringify({ ...place, query })).toString("base64url")
  return `stored.${body}.${checksum(body)}`
}

/** Decodes a cursor. Throws an AdapterError `InvalidQuery` that says what is wrong with it. */
const decodeStoredCursor = (cursor: Cursor, query: string): StoredPlace => {
  // Plain JavaScript may pass anything.
  const given: unknown = cursor
  if (typeof given !== "string") throw invalid("malformed", "must be a string")
  const [kind, body, sum, ...rest] = given.split(".")
  if (kind !== "stored" || body === undefined || sum === undefined || rest.length > 0) {
    throw invalid(
      kind === "stored" ? "malformed" : "other_kind",
      "is not from a store: it comes from a provider's list, or is malformed",
    )
  }
  if (checksum(body) !== sum) {
    throw invalid("altered", "was altered or cut off: its checksum does not match")
  }
  const decoded = decode(Buffer.from(body, "base64url").toString("utf8"))
  if (Result.isFailure(decoded))
    throw invalid("malformed", "is malformed: its content cannot be read")
  if (decoded.success.query !== query) {
    throw invalid(
      "other_query",
      "belongs to a different query (filters, order or connections changed)",
    )
  }
  return decoded.success
}

const invalid = (cursorFault: CursorFault, problem: string): AdapterError =>
  new AdapterError({
    reason: "InvalidQuery",
    message: `The cursor ${problem}.`,
    operation: "query",
    subject: { kind: "option", name: "cursor" },
    cursorFault,
    hint: "start_over",
  })
