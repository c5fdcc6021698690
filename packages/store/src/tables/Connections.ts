import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/** A connection whose executions are stored. */
export interface StoredConnection {
  readonly id: number
  /** The name under which it is stored; the provider's id if the user gave none. */
  readonly name: string
  readonly isNamed: boolean
  readonly provider: string
  /** A fingerprint of the server and of the settings that decide what is read there. */
  readonly server: string
  /** When a sync of it last completed, in milliseconds. */
  readonly syncedAt: number | null
  /** Everything listed up to this time was read, in milliseconds of listing time. */
  readonly listedUpTo: number | null
  /** When anything of it was last requested, in milliseconds. */
  readonly observedAt: number | null
}

/** The `connection` of its executions, live and stored. */
export const givenName = ({ name, isNamed }: StoredConnection): string | null =>
  isNamed ? name : null

/** The state of a connection in a store. Instants are UTC. */
export interface ConnectionState {
  readonly name: string
  readonly provider: string
  /** When a sync of it last completed; null if none has. */
  readonly syncedAt: Date | null
  /** Everything listed up to this time was read; null if nothing was. */
  readonly listedUpTo: Date | null
  /** How many items of it are stored that could not be read. */
  readonly rejected: number
}

interface RejectedCount {
  readonly connection_id: number
  /** Postgres counts in 64 bits, which arrive as a text. */
  readonly count: number | string
}

/** The public state of all connections, by name. */
export const connectionStates = Effect.fn("Store.connections")(function* (
  sql: SqlClient,
): Effect.fn.Return<ReadonlyArray<ConnectionState>, SqlError> {
  const connections = yield* storedConnections(sql)
  const counts = yield* sql<RejectedCount>`
    SELECT connection_id, count(*) AS count FROM rejected_items GROUP BY connection_id`
  const rejected = new Map(counts.map((row) => [row.connection_id, Number(row.count)]))
  return connections.map(({ id, name, provider, syncedAt, listedUpTo }) => ({
    name,
    provider,
    syncedAt: syncedAt === null ? null : new Date(syncedAt),
    listedUpTo: listedUpTo === null ? null : new Date(listedUpTo),
    rejected: rejected.get(id) ?? 0,
  }))
})

interface ConnectionRow {
  readonly id: number
  readonly name: string
  readonly is_named: number
  readonly provider: string
  readonly server: string
  readonly synced_at: number | null
  readonly listed_up_to: number | null
  readonly observed_at: number | null
}

/** All connections of a store, by name. */
export const storedConnections = Effect.fnUntraced(function* (sql: SqlClient) {
  const rows = yield* sql<ConnectionRow>`
    SELECT id, name, is_named, provider, server, synced_at, listed_up_to, observed_at
    FROM connections ORDER BY name`
  return rows.map(connectionOf)
})

/** All connections by id. Query them after their executions, so that none is missing. */
export const connectionsById = (sql: SqlClient) =>
  Effect.map(
    storedConnections(sql),
    (connections) => new Map(connections.map((one) => [one.id, one])),
  )

/** Records that everything listed up to an instant was read; never moves it back. */
export const setListedUpTo = (sql: SqlClient, id: number, listedUpTo: number) =>
  sql`UPDATE connections SET listed_up_to = ${listedUpTo}
    WHERE id = ${id} AND (listed_up_to IS NULL OR listed_up_to < ${listedUpTo})`

/** Records when anything of it was requested; never moves it back. */
export const setObserved = (sql: SqlClient, id: number, observedAt: number) =>
  sql`UPDATE connections SET observed_at = ${observedAt}
    WHERE id = ${id} AND (observed_at IS NULL OR observed_at < ${observedAt})`

/** Records that a sync has completed. */
export const setSynced = (sql: SqlClient, id: number, now: number) =>
  sql`UPDATE connections SET synced_at = ${now} WHERE id = ${id}`

const connectionOf = (row: ConnectionRow): StoredConnection => ({
  id: row.id,
  name: row.name,
  isNamed: row.is_named === 1,
  provider: row.provider,
  server: row.server,
  syncedAt: row.synced_at,
  listedUpTo: row.listed_up_to,
  observedAt: row.observed_at,
})
