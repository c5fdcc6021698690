import { existsSync, statSync } from "node:fs"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { bringUpToDate, migrations } from "./Migrations.js"
import { postgresLayer } from "./Postgres.js"
import { explained } from "./SqlFailure.js"
import { sqliteLayer, writeAhead } from "./Sqlite.js"
import type { Access, StoreAddress } from "./StoreAddress.js"
import { StoreError } from "./StoreError.js"

/** How to open a store. */
export interface DatabaseOptions {
  readonly access: Access
  /** The password for Postgres, if the address has none. */
  readonly password?: string | undefined
  /** How long to wait while another program writes. Default: 30 seconds. */
  readonly busyTimeoutMs?: number | undefined
}

const patienceMs = 30_000

/** Opens the database at an address and migrates it; the scope closes it. */
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
  const rejected = otherThanFile(address)
  if (rejected !== null) return Layer.effect(SqlClient.SqlClient, Effect.fail(rejected))
  return sqliteLayer({ path: address.path, readOnly: access === "read", busyTimeoutMs })
}

const notThere = ({ shown }: StoreAddress): StoreError =>
  new StoreError({
    reason: "NotFound",
    message: `There is no store ${shown}.`,
    hint: "create_store",
  })

/** Rejects a folder, a pipe or a device: opening a pipe would wait for ever. */
const otherThanFile = ({ path, shown }: StoreAddress & { kind: "sqlite" }): StoreError | null => {
  const there = lookedAt(path)
  if (there === null || there.isFile()) return null
  const [what, hint] = there.isDirectory()
    ? (["a folder", "name_file_in_folder"] as const)
    : (["not a file but a device or a pipe", "name_file"] as const)
  return new StoreError({ reason: "NotAStore", message: `The store ${shown} is ${what}.`, hint })
}

/** Null if the path cannot be inspected: opening it then reports the reason. */
const lookedAt = (path: string) => {
  try {
    return statSync(path)
  } catch {
    return null
  }
}
