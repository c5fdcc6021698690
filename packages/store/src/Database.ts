import { existsSync, statSync } from "node:fs"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Access } from "./Access.js"
import { bringUpToDate, migrations } from "./Migrations.js"
import { postgresLayer } from "./PostgresClient.js"
import { sqliteLayer, writeAhead } from "./SqliteClient.js"
import { explained } from "./SqlFailure.js"
import type { StoreAddress } from "./StoreAddress.js"
import { StoreError } from "./StoreError.js"

/** How a store is opened. */
export interface DatabaseOptions {
  readonly access: Access
  /** The password of Postgres, where the address has none. */
  readonly password?: string | undefined
  /** How long to wait for another program that writes; 30 seconds. */
  readonly busyTimeoutMs?: number | undefined
}

const patienceMs = 30_000

/** Opens the database at an address and brings its tables up to date; it closes with the scope. */
export const openDatabase = Effect.fn("Store.open")(
  function* (address: StoreAddress, options: DatabaseOptions, steps = migrations) {
    const services = yield* Layer.build(clientLayer(address, options))
    const sql = Context.get(services, SqlClient.SqlClient)
    yield* bringUpToDate(sql, address, options.access, steps)
    if (address.kind === "sqlite" && options.access === "write") yield* writeAhead(sql)
    return sql
  },
  (effect, address) => explained(address, effect),
)

const clientLayer = (
  address: StoreAddress,
  { access, password, busyTimeoutMs = patienceMs }: DatabaseOptions,
): Layer.Layer<SqlClient.SqlClient, SqlError | StoreError> => {
  if (address.kind === "postgres") return postgresLayer(address, { password, busyTimeoutMs })
  if (access === "read" && address.path !== ":memory:" && !existsSync(address.path)) {
    return Layer.effect(SqlClient.SqlClient, Effect.fail(notThere(address)))
  }
  if (isFolder(address.path)) {
    return Layer.effect(SqlClient.SqlClient, Effect.fail(folderRefused(address)))
  }
  return sqliteLayer({ path: address.path, readOnly: access === "read", busyTimeoutMs })
}

const notThere = ({ shown }: StoreAddress): StoreError =>
  new StoreError({
    reason: "NotFound",
    message: `There is no store ${shown}.`,
    hint: "execlog sync makes one. Name another with --store.",
  })

/** What cannot be looked at is none that can be told: opening it says what is wrong. */
const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

const folderRefused = ({ shown }: StoreAddress): StoreError =>
  new StoreError({
    reason: "NotAStore",
    message: `The store ${shown} is a folder.`,
    hint: "Name a file in it.",
  })
