import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { Include } from "@execlog/core"
import type { StoredConnection } from "./Connections.js"

/** The two walks of a sync: what is new, and the history from there back. */
export type PassName = "recent" | "history"

const PassQuery = Schema.Struct({
  /** Milliseconds; null for none. */
  since: Schema.NullOr(Schema.Finite),
  until: Schema.NullOr(Schema.Finite),
  include: Schema.Array(Include),
  /** Left out where nothing was said. */
  pageSize: Schema.optionalKey(Schema.Finite),
})

/** What a pass asks for. */
export type PassQuery = typeof PassQuery.Type

/** Where a pass stands. Instants are milliseconds. */
export interface SyncPosition {
  readonly query: PassQuery
  /** Where the walk goes on; null at its beginning, and once it has ended. */
  readonly cursor: string | null
  /** On the clock of the store, which never goes back. */
  readonly begunAt: number
  /** What was not known and was listed since then has appeared; null: all of it is history. */
  readonly newsSince: number | null
  /** It ends below this listing time; null: it does not. */
  readonly listedSince: number | null
  /** The latest that it has read of what had started, in listing time. */
  readonly listedUpTo: number | null
  /** Null while it has not come to its end. */
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

/** Where a pass of a connection stands; null where there was none. */
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
  // Where that is damaged, the pass begins anew.
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

/** Notes where a pass stands. */
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
