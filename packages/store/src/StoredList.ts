import {
  AdapterError,
  type CheckedQuery,
  checkQuery,
  type Entry,
  type LogQuery,
} from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { executionOf, type FoundDocument } from "./ExecutionRow.js"
import { connectionsById } from "./StoredConnections.js"
import {
  decodeStoredCursor,
  encodeStoredCursor,
  queryFingerprint,
  type StoredPlace,
} from "./StoredCursor.js"
import { storedText } from "./StoredText.js"

/** Which connections are asked. */
export interface StoredScope {
  /** By name; all where nothing is said. */
  readonly connections?: ReadonlyArray<string> | undefined
}

/** A query of a store that was checked. */
export interface StoredQuery {
  readonly query: CheckedQuery
  readonly connections: ReadonlyArray<string> | null
  /** What a cursor of it goes with. */
  readonly fingerprint: string
}

/** Checks a query. Throws an AdapterError `InvalidQuery` or `Unsupported`. */
export const checkStoredQuery = (
  query: LogQuery,
  { connections }: StoredScope,
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
  return { query: checked, connections: names, fingerprint: queryFingerprint([filters, names]) }
}

/** The conditions of a query, to stand behind WHERE. */
export const conditionsOf = (
  sql: SqlClient,
  { query, connections }: StoredQuery,
): ReadonlyArray<Fragment> => {
  const conditions: Array<Fragment> = []
  if (connections?.length === 0) conditions.push(sql.literal("1 = 0"))
  else if (connections !== null) {
    conditions.push(
      sql`executions.connection_id IN (SELECT id FROM connections WHERE name IN ${sql.in(connections)})`,
    )
  }
  if (query.status !== null) conditions.push(sql`status IN ${sql.in(query.status)}`)
  if (query.workflowId !== null) conditions.push(sql`workflow_id = ${storedText(query.workflowId)}`)
  if (query.actorId !== null) conditions.push(sql`actor_id = ${storedText(query.actorId)}`)
  if (query.since !== null) conditions.push(sql`started_at >= ${query.since}`)
  if (query.until !== null) conditions.push(sql`started_at < ${query.until}`)
  return conditions
}

/** A slice of what a query finds, with where the next one begins; null at the end. */
export interface StoredSlice {
  readonly entries: ReadonlyArray<Entry>
  readonly next: StoredPlace | null
}

interface FoundRow extends FoundDocument {
  readonly connection_id: number
  readonly listing_at: number
  readonly id: string
}

/** Where a cursor stands; null without one. Throws `InvalidQuery`. */
export const placeOfCursor = (
  { fingerprint }: StoredQuery,
  cursor: string | null | undefined,
): StoredPlace | null =>
  cursor === null || cursor === undefined ? null : decodeStoredCursor(cursor, fingerprint)

/** Reads the slice that follows on a place, in the order of listing time, id, connection. */
export const readSlice = Effect.fnUntraced(function* (
  sql: SqlClient,
  stored: StoredQuery,
  after: StoredPlace | null,
  most: number,
): Effect.fn.Return<StoredSlice, SqlError> {
  const { query, fingerprint } = stored
  const isNewest = query.order === "newest"
  const conditions = [...conditionsOf(sql, stored)]
  if (after !== null) {
    const place = sql`(${after.listingAt}, ${after.id}, ${after.connectionId})`
    conditions.push(
      sql`(listing_at, executions.id, connection_id) ${sql.literal(isNewest ? "<" : ">")} ${place}`,
    )
  }
  const parts = query.include.map((part) => sql.literal(`, documents.${part}`))
  const direction = sql.literal(isNewest ? "DESC" : "ASC")
  const rows = yield* sql<FoundRow>`
    SELECT connection_id, listing_at, executions.id, documents.execution${sql.join("", false)(parts)}
    FROM executions JOIN documents ON documents.key = executions.key
    ${conditions.length === 0 ? sql.literal("") : sql`WHERE ${sql.and(conditions)}`}
    ORDER BY listing_at ${direction}, executions.id ${direction}, connection_id ${direction}
    LIMIT ${most}`
  const connections = yield* connectionsById(sql)
  const entries = rows.flatMap((row): ReadonlyArray<Entry> => {
    const connection = connections.get(row.connection_id)
    if (connection === undefined) return []
    const execution = executionOf(row, connection)
    return [{ execution, cursor: () => encodeStoredCursor(placeOf(row), fingerprint) }]
  })
  const last = rows.at(-1)
  return { entries, next: last === undefined || rows.length < most ? null : placeOf(last) }
})

const placeOf = ({ listing_at, id, connection_id }: FoundRow): StoredPlace => ({
  listingAt: listing_at,
  id,
  connectionId: connection_id,
})
