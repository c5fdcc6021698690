import { existsSync } from "node:fs"
import { PgClient } from "@effect/sql-pg"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Access } from "./Access.js"
import { bringUpToDate } from "./Migrations.js"
import { sqliteLayer } from "./SqliteClient.js"
import { explainSqlError } from "./SqlFailure.js"
import type { StoreAddress } from "./StoreAddress.js"
import { StoreError } from "./StoreError.js"

/** How a store is opened. */
export interface DatabaseOptions {
  readonly access: Access
  /** The password of Postgres, where the address has none. */
  readonly password?: string | undefined
}

const busyTimeoutMs = 30_000

/** Opens the database at an address and brings its tables up to date; it closes with the scope. */
export const openDatabase = Effect.fn("Store.open")(
  function* (address: StoreAddress, options: DatabaseOptions) {
    const services = yield* Layer.build(clientLayer(address, options))
    const sql = Context.get(services, SqlClient.SqlClient)
    yield* bringUpToDate(sql, address, options.access)
    return sql
  },
  (effect, address) => Effect.mapError(effect, (error) => explainSqlError(address, error)),
)

const clientLayer = (
  address: StoreAddress,
  { access, password }: DatabaseOptions,
): Layer.Layer<SqlClient.SqlClient, SqlError | StoreError> => {
  if (address.kind === "postgres") return postgresLayer(address.url, password)
  if (access === "read" && address.path !== ":memory:" && !existsSync(address.path)) {
    return Layer.effect(SqlClient.SqlClient, Effect.fail(notThere(address)))
  }
  return sqliteLayer({ path: address.path, readOnly: access === "read", busyTimeoutMs })
}

/** Its tables stand in a schema of their own, apart from what else the database holds. */
const postgresLayer = (
  url: URL,
  password: string | undefined,
): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  PgClient.layer({
    url: Redacted.make(url.href),
    ...(url.password === "" && password !== undefined ? { password: Redacted.make(password) } : {}),
    applicationName: "execlog",
    startupParameters: { search_path: "execlog" },
    maxConnections: 4,
    // What a provider gives of one execution may be large.
    maxMessageSize: 1024 * 1024 * 1024,
  })

const notThere = ({ shown }: StoreAddress): StoreError =>
  new StoreError({
    reason: "NotFound",
    message: `There is no store ${shown}.`,
    hint: "execlog sync makes one. Name another with --store.",
  })
