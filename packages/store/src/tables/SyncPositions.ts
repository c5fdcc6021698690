import { Include } from "@execlog/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { StoredConnection } from "./Connections.js"

/** The two walks of a sync: new executions, and the history before them. */
export type PassName = "recent" | "history"

const PassQuery = Schema.Struct({
  /** Milliseconds; null for no bound. */
  since: Schema.NullOr(Schema.Finite),
  until: Schema.NullOr(Schema.Finite),
  include: Schema.Array(Include),
  /** Missing if not set. */
  pageSize: Schema.optionalKey(Schema.Finite),
})

/** The query of a pass. */
export type PassQuery = typeof PassQuery.Type

/** The position of a pass. Instants are milliseconds. */
export interface SyncPosition {
  readonly query: PassQuery
  /** The cursor to resume at; null at the start, and after the end. */
  readonly cursor: string | null
  /** When it began, by the clock of the store, which never goes back. */
  readonly begunAt: number
  /** Unknown executions listed at this time or later count as new; null: all are history. */
  readonly newsSince: number | null
  /** The listing time below which it ends; null for no bound. */
  readonly listedSince: number | null
  /** The latest listing time that it has read of a started execution. */
  readonly listedUpTo: number | null
  /** Null while it is unfinished. */
  readonly finishedAt: number | null
}

interface PositionRow {
  readonly query: string
  readonly cursor: string | null
  readonly begun_at: number
  readonly news_since: number | null
  readonly listed_since: number | null
  readonly listed_up_to: number | null
  readonly finished_at: number | null
}

const decodeQuery = Schema.decodeUnknownResult(Schema.fromJsonString(PassQuery))

/** The position of a pass of a connection; null if there was none. */
export const syncPosition = Effect.fnUntraced(function* (
  sql: SqlClient,
  { id }: StoredConnection,
  pass: PassName,
): Effect.fn.Return<SyncPosition | null, SqlError> {
  const [row] = yield* sql<PositionRow>`
    SELECT query, cursor, begun_at, news_since, listed_since, listed_up_to, finished_at
    FROM sync_positions WHERE connection_id = ${id} AND pass = ${pass}`
  if (row === undefined) return null
  const query = decodeQuery(row.query)
  // If it is damaged, the pass starts over.
  if (Result.isFailure(query)) return null
  return {
    query: query.success,
    cursor: row.cursor,
    begunAt: row.begun_at,
    newsSince: row.news_since,
    listedSince: row.listed_since,
    listedUpTo: row.listed_up_to,
    finishedAt: row.finished_at,
  }
})

/** Stores the position of a pass. */
export const setSyncPosition = (
  sql: SqlClient,
  { id }: StoredConnection,
  pass: PassName,
  position: SyncPosition,
) =>
  sql`INSERT INTO sync_positions ${sql.insert({
    connection_id: id,
    pass,
    query: JSON.stringify(position.query),
    cursor: position.cursor,
    begun_at: position.begunAt,
    news_since: position.newsSince,
    listed_since: position.listedSince,
    listed_up_to: position.listedUpTo,
    finished_at: position.finishedAt,
  })}
  ON CONFLICT (connection_id, pass) DO UPDATE SET
    query = excluded.query, cursor = excluded.cursor, begun_at = excluded.begun_at,
    news_since = excluded.news_since, listed_since = excluded.listed_since, listed_up_to = excluded.listed_up_to,
    finished_at = excluded.finished_at`
