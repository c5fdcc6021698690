import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { StoreError } from "../database/StoreError.js"
import { storedConnections, type StoredConnection } from "../tables/Connections.js"
import { storedText } from "../tables/StoredText.js"

/** Identifies a connection. */
export interface ConnectionIdentity {
  /** Its name; null if the user gave none. */
  readonly name: string | null
  readonly provider: string
  /** A fingerprint of the server and of the settings that decide what is read there. */
  readonly server: string
}

/** A connection that was found or created. */
export interface IdentifiedConnection {
  readonly connection: StoredConnection
  /** The new name of the connection that had this name with another server; null if there was none. */
  readonly predecessor: string | null
}

/**
 * Finds or creates the connection of a name, a provider and a server. If the name had another server, that
 * connection keeps its executions under a name with the date, such as `shop (until 2026-11-21)`, and gets
 * the name back when the server is the former one again. Call it within a transaction.
 */
export const identifyConnection = Effect.fnUntraced(function* (
  sql: SqlClient,
  wanted: ConnectionIdentity,
  now: number,
): Effect.fn.Return<IdentifiedConnection, StoreError | SqlError> {
  const { provider, server } = wanted
  const isNamed = wanted.name !== null
  const name = storedText(wanted.name ?? provider)
  const all = yield* storedConnections(sql)
  const current = all.find((connection) => connection.name === name)
  if (current === undefined) {
    return {
      connection: yield* addConnection(sql, all, { ...wanted, name }, isNamed, now),
      predecessor: null,
    }
  }
  if (current.provider !== provider) {
    return yield* new StoreError({
      reason: "Conflict",
      message: `The store has a connection "${name}" of ${current.provider}, but this one is of ${provider}.`,
      hint: "rename_connection",
    })
  }
  // Version 1 stored no server.
  if (current.server === server || current.server === "") {
    if (current.server !== server || current.isNamed !== isNamed) {
      yield* sql`UPDATE connections SET server = ${server}, is_named = ${isNamed ? 1 : 0}
        WHERE id = ${current.id}`
    }
    return { connection: { ...current, server, isNamed }, predecessor: null }
  }
  const predecessor = freeName(all, name, now)
  yield* sql`UPDATE connections SET name = ${predecessor}, is_named = 1 WHERE id = ${current.id}`
  const former = yield* formerConnection(sql, { name, provider, server })
  const back = all.find(({ id }) => id === former)
  if (back === undefined) {
    return {
      connection: yield* addConnection(sql, all, { ...wanted, name }, isNamed, now),
      predecessor,
    }
  }
  yield* sql`UPDATE connections SET name = ${name}, is_named = ${isNamed ? 1 : 0} WHERE id = ${back.id}`
  return { connection: { ...back, name, isNamed }, predecessor }
})

const addConnection = Effect.fnUntraced(function* (
  sql: SqlClient,
  all: ReadonlyArray<StoredConnection>,
  { name, provider, server }: ConnectionIdentity & { readonly name: string },
  isNamed: boolean,
  now: number,
): Effect.fn.Return<StoredConnection, SqlError> {
  const id = all.reduce((most, connection) => Math.max(most, connection.id), 0) + 1
  yield* sql`INSERT INTO connections ${sql.insert({
    id,
    name,
    known_as: name,
    is_named: isNamed ? 1 : 0,
    provider,
    server,
    created_at: now,
  })}`
  return { id, name, isNamed, provider, server, syncedAt: null, listedUpTo: null, observedAt: null }
})

/** The connection that had this name with this server. */
const formerConnection = (
  sql: SqlClient,
  { name, provider, server }: ConnectionIdentity & { readonly name: string },
): Effect.Effect<number | undefined, SqlError> =>
  Effect.map(
    sql<{ id: number }>`SELECT id FROM connections
      WHERE known_as = ${name} AND provider = ${provider} AND server = ${server} AND name <> ${name}`,
    ([row]) => row?.id,
  )

/** A free name with the date until which the name was in use. */
const freeName = (all: ReadonlyArray<StoredConnection>, name: string, now: number): string => {
  const until = `${name} (until ${new Date(now).toISOString().slice(0, 10)}`
  for (let count = 1; ; count++) {
    const free = count === 1 ? `${until})` : `${until}, ${count})`
    if (!all.some((connection) => connection.name === free)) return free
  }
}
