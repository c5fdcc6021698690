import * as Effect from "effect/Effect"
import * as Migrator from "effect/sql/Migrator"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { createTables } from "../migrations/0001-create-tables.js"
import { keepItTrue } from "../migrations/0002-keep-it-true.js"
import { rememberDeliveries } from "../migrations/0003-remember-deliveries.js"
import { explainSqlError } from "./SqlFailure.js"
import type { Access, StoreAddress } from "./StoreAddress.js"
import { StoreError } from "./StoreError.js"
import { writeTransaction } from "./WriteTransaction.js"

const table = "execlog_migrations"

/** Each migrates a store to the next version. Append new ones; never change one: a store records its name. */
export const migrations: ReadonlyArray<Migrator.ResolvedMigration> = [
  [1, "create_tables", Effect.succeed(createTables)],
  [2, "keep_it_true", Effect.succeed(keepItTrue)],
  [3, "remember_deliveries", Effect.succeed(rememberDeliveries)],
]

/** Migrates a store to the newest version, in one transaction. */
export const bringUpToDate = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  address: StoreAddress,
  access: Access,
  steps: ReadonlyArray<Migrator.ResolvedMigration>,
) {
  const newest = steps.length
  const found = yield* versionOf(sql, address)
  if (found > newest) {
    return yield* new StoreError({
      reason: "Newer",
      message: `The store ${address.shown} has version ${found}, but this execlog reads version ${newest}.`,
      hint: "upgrade",
    })
  }
  if (found === newest) return
  if (access === "read") {
    return yield* found === 0
      ? new StoreError({
          reason: "NotFound",
          message: `The store ${address.shown} is empty.`,
          hint: "fill_store",
        })
      : new StoreError({
          reason: "Older",
          message: `The store ${address.shown} has version ${found}, but this execlog reads version ${newest}.`,
          hint: "open_to_write",
        })
  }
  if (address.kind === "postgres") yield* ensureSchema(sql)
  yield* migrate({ loader: Effect.succeed(steps), table }).pipe(
    Effect.provideService(SqlClient.SqlClient, sql),
    Effect.mapError((error) =>
      explainSqlError(address, error._tag === "MigrationError" ? error.cause : error),
    ),
  )
})

/** Creates the schema only if it is missing: the user may lack the permission when another made it. */
const ensureSchema = (sql: SqlClient.SqlClient) =>
  writeTransaction(
    sql,
    Effect.gen(function* () {
      const found = yield* sql`SELECT 1 FROM pg_namespace WHERE nspname = 'execlog'`
      if (found.length === 0) yield* sql`CREATE SCHEMA execlog`
    }),
  )

const migrate = Migrator.make({})

/** The version of the tables; 0 if there are none. */
const versionOf = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
  address: StoreAddress,
): Effect.fn.Return<number, SqlError | StoreError> {
  const tables =
    address.kind === "sqlite"
      ? yield* sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table'`
      : yield* sql<{
          name: string
        }>`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'execlog'`
  if (tables.some(({ name }) => name === table)) {
    const [row] = yield* sql<{ version: number | null }>`
      SELECT max(migration_id) AS version FROM ${sql(table)}`
    return row?.version ?? 0
  }
  if (tables.length === 0) return 0
  return yield* new StoreError({
    reason: "NotAStore",
    message: `The store ${address.shown} is a database of another program: it contains the table ${tables[0]?.name}.`,
    hint: "use_other_store",
  })
})
