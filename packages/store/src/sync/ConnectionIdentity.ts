import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { storedConnections, type StoredConnection } from "../tables/Connections.js"
import { storedText } from "../tables/StoredText.js"
import { StoreError } from "../database/StoreError.js"

/** What tells a connection from others. */
export interface ConnectionIdentity {
  /** As the user named it; null where it has no name. */
  readonly name: string | null
  readonly provider: string
  /** A fingerprint of the server and of the settings that say what is read there. */
  readonly server: string
}

/** A connection that was found or made. */
export interface IdentifiedConnection {
  readonly connection: StoredConnection
  /** The name that its predecessor has from now on, where the name led to another server before. */
  readonly predecessor: string | null
}

/**
 * Finds the connection of a name, a provider and a server, or makes it, within a transaction. Where the
 * name led to another server, that one's executions stay, under a name that says until when: they are
 * no part of what the name stands for now. Back at the former server, they are again.
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
      message: `The store holds a connection "${name}" of ${current.provider}, and this one is of ${provider}.`,
      hint: "rename_connection",
    })
  }
  // A store of version 1 tells no server yet.
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

/** The connection that had the name when it led to a server. */
const formerConnection = (
  sql: SqlClient,
  { name, provider, server }: ConnectionIdentity & { readonly name: string },
): Effect.Effect<number | undefined, SqlError> =>
  Effect.map(
    sql<{ id: number }>`SELECT id FROM connections
      WHERE known_as = ${name} AND provider = ${provider} AND server = ${server} AND name <> ${name}`,
    ([row]) => row?.id,
  )

/** A name that says until when it was another's. */
const freeName = (all: ReadonlyArray<StoredConnection>, name: string, now: number): string => {
  const until = `${name} (until ${new Date(now).toISOString().slice(0, 10)}`
  for (let count = 1; ; count++) {
    const free = count === 1 ? `${until})` : `${until}, ${count})`
    if (!all.some((connection) => connection.name === free)) return free
  }
}
