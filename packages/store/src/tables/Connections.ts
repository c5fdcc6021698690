import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"

/** A connection whose executions are kept. */
export interface StoredConnection {
  readonly id: number
  /** The name under which it is kept; the provider's id where the user gave it none. */
  readonly name: string
  readonly isNamed: boolean
  readonly provider: string
  /** A fingerprint of the server and of the settings that say what is read there. */
  readonly server: string
  /** When a sync of it last ended whole, in milliseconds. */
  readonly syncedAt: number | null
  /** All that was listed up to here was read, in milliseconds of listing time. */
  readonly listedUpTo: number | null
  /** The latest instant at which anything of it was asked for, in milliseconds. */
  readonly observedAt: number | null
}

/** The name as executions bear it, live and stored alike. */
export const givenName = ({ name, isNamed }: StoredConnection): string | null =>
  isNamed ? name : null

/** What a store tells of a connection. Instants are UTC. */
export interface ConnectionState {
  readonly name: string
  readonly provider: string
  /** When a sync of it last ended whole; null where none has. */
  readonly syncedAt: Date | null
  /** All that was listed up to here was read, in listing time; null where nothing was. */
  readonly listedUpTo: Date | null
}

/** What users are told of a connection. */
export const stateOf = ({
  name,
  provider,
  syncedAt,
  listedUpTo,
}: StoredConnection): ConnectionState => ({
  name,
  provider,
  syncedAt: syncedAt === null ? null : new Date(syncedAt),
  listedUpTo: listedUpTo === null ? null : new Date(listedUpTo),
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
export const storedConnections = Effect.fn("Store.connections")(function* (sql: SqlClient) {
  const rows = yield* sql<ConnectionRow>`
    SELECT id, name, is_named, provider, server, synced_at, listed_up_to, observed_at
    FROM connections ORDER BY name`
  return rows.map(connectionOf)
})

/** The same by their ids. Asked after what belongs to them, they are all of which anything was found. */
export const connectionsById = (sql: SqlClient) =>
  Effect.map(
    storedConnections(sql),
    (connections) => new Map(connections.map((one) => [one.id, one])),
  )

/** Notes that all that was listed up to an instant was read; that never goes back. */
export const setListedUpTo = (sql: SqlClient, id: number, listedUpTo: number) =>
  sql`UPDATE connections SET listed_up_to = ${listedUpTo}
    WHERE id = ${id} AND (listed_up_to IS NULL OR listed_up_to < ${listedUpTo})`

/** Notes when something of it was asked for; that never goes back. */
export const setObserved = (sql: SqlClient, id: number, observedAt: number) =>
  sql`UPDATE connections SET observed_at = ${observedAt}
    WHERE id = ${id} AND (observed_at IS NULL OR observed_at < ${observedAt})`

/** Notes that a sync has ended whole. */
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
