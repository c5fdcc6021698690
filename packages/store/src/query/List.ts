import { AdapterError, checkQuery, type Entry, type LogQuery } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { executionOf, type FoundDocument } from "../tables/Executions.js"
import { conditionsOf, type Gone, isFound, needsDocument, type RowQuery } from "./Conditions.js"
import { connectionsById } from "../tables/Connections.js"
import {
  decodeStoredCursor,
  encodeStoredCursor,
  queryFingerprint,
  type StoredPlace,
} from "./ListCursor.js"
import { storedText } from "../tables/StoredText.js"

/** What of a store is asked. */
export interface StoredScope {
  /** The connections, by name; all where nothing is said. */
  readonly connections?: ReadonlyArray<string> | undefined
  /**
   * What the provider has no more and had not ended when it was last seen: it is left out where nothing
   * is said, given as well with `"include"`, and alone with `"only"`.
   */
  readonly gone?: Gone | undefined
}

/** A query of a store that was checked. */
export interface StoredQuery extends RowQuery {
  /** What a cursor of it goes with. */
  readonly fingerprint: string
}

/** Checks a query. Throws an AdapterError `InvalidQuery` or `Unsupported`. */
export const checkStoredQuery = (
  query: LogQuery,
  { connections, gone = "exclude" }: StoredScope,
  now: number,
): StoredQuery => {
  const checked = checkQuery(query, now)
  if (checked.search !== null) {
    throw new AdapterError({
      reason: "Unsupported",
      message: "A store has no search: each provider searches in its own way, and only live.",
      operation: "plan",
      hint: "Ask the provider, or leave the search out.",
    })
  }
  const names =
    connections === undefined ? null : [...new Set(connections.map(storedText))].toSorted()
  const { include: _, pageSize: __, planned, ...rest } = checked
  // What is planned changes with the time at which it is asked for.
  const filters = { ...rest, planned: planned === null }
  const fingerprint = queryFingerprint([filters, names, gone])
  return { query: checked, connections: names, gone, fingerprint }
}

/** Where not all that is read is found, a few at a time would be slow. */
const leastRead = 500

/** A slice of what a query finds, with where the next one begins; null at the end. */
export interface StoredSlice {
  readonly entries: ReadonlyArray<StoredEntry>
  readonly next: StoredPlace | null
}

/** An execution of the store, with the cursor that goes on after it. */
export interface StoredEntry extends Entry {
  /** All that the provider has of it was asked for, of why it failed too. */
  readonly isDetailed: boolean
}

interface FoundRow extends FoundDocument {
  readonly details_at: number | null
  readonly connection_id: number
  readonly timestamp: number
  readonly id: string
}

/** Where a cursor stands; null without one. Throws `InvalidQuery`. */
export const placeOfCursor = (
  { fingerprint }: StoredQuery,
  cursor: string | null | undefined,
): StoredPlace | null =>
  cursor === null || cursor === undefined ? null : decodeStoredCursor(cursor, fingerprint)

/** Reads the slice that follows on a place, in the order of timestamp, id, connection. */
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
    const cursor = () => encodeStoredCursor(placeOf(row), fingerprint)
    return [{ execution, isDetailed: row.details_at !== null, cursor }]
  })
  const last = rows.at(-1)
  return { entries, next: last === undefined || rows.length < most ? null : placeOf(last) }
})

const placeOf = ({ timestamp, id, connection_id }: FoundRow): StoredPlace => ({
  timestamp,
  id,
  connectionId: connection_id,
})
