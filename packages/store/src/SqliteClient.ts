import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { classifySqliteError, SqlError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"

/** How a file is opened. */
export interface SqliteOptions {
  readonly path: string
  readonly readOnly: boolean
  /** How long to wait for another program that writes. */
  readonly busyTimeoutMs: number
}

const mostPrepared = 100

/** The SQLite of Node itself as a client of effect/sql, which brings none for it. */
export const sqliteLayer = (options: SqliteOptions): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(SqlClient.SqlClient, makeClient(options)).pipe(Layer.provide(Reactivity.layer))

const makeClient = Effect.fnUntraced(function* (
  options: SqliteOptions,
): Effect.fn.Return<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> {
  const database = yield* Effect.acquireRelease(open(options), (opened) =>
    Effect.sync(() => opened.close()),
  )
  const connection = makeConnection(database)
  const semaphore = yield* Semaphore.make(1)
  const acquirers = SqlClient.makeSqliteAcquirers({
    connection: Effect.succeed(connection),
    semaphore,
    isTransaction: () => database.isTransaction,
  })
  return yield* SqlClient.make({
    ...acquirers,
    compiler: Statement.makeCompilerSqlite(),
    driver: "node-sqlite",
    spanAttributes: [["db.system.name", "sqlite"]],
    // A transaction that reads first and writes then would fail where another has written between.
    beginTransaction: options.readOnly ? "BEGIN" : "BEGIN IMMEDIATE",
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    prepareTransactionControls: true,
  })
})

const open = ({ path, readOnly, busyTimeoutMs }: SqliteOptions) =>
  attempt("open", () => {
    const database = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs })
    try {
      // A commit survives the end of the process; of a power cut it may be the last that is undone.
      if (!readOnly) database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
      database.exec("PRAGMA cache_size = -32000; PRAGMA temp_store = FILE;")
    } catch (error) {
      database.close()
      throw error
    }
    return database
  })

const makeConnection = (database: DatabaseSync): Connection => {
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known !== undefined) {
      prepared.delete(sql)
      prepared.set(sql, known)
      return known
    }
    const statement = database.prepare(sql)
    prepared.set(sql, statement)
    const [oldest] = prepared.keys()
    if (prepared.size > mostPrepared && oldest !== undefined) prepared.delete(oldest)
    return statement
  }
  const all = (statement: StatementSync, params: ReadonlyArray<unknown>, asArrays: boolean) => {
    statement.setReturnArrays(asArrays)
    return statement.all(...params.map(toInput))
  }
  const execute: Connection["execute"] = (sql, params, transformRows) =>
    attempt("execute", () => {
      const rows = all(prepare(sql), params, false)
      return transformRows === undefined ? rows : transformRows(rows)
    })
  const values: Connection["executeValues"] = (sql, params) =>
    attempt("execute", () => all(prepare(sql), params, true).map((row) => Object.values(row)))
  return {
    execute,
    executeRaw: (sql, params) => execute(sql, params, undefined),
    executeValues: values,
    executeValuesUnprepared: values,
    executeUnprepared: (sql, params, transformRows) => execute(sql, params, transformRows),
    // Long lists are read in slices, so that nothing holds the file while they are used.
    executeStream: (sql, params, transformRows) =>
      Stream.fromIterableEffect(execute(sql, params, transformRows)),
  }
}

const toInput = (value: unknown): SQLInputValue => {
  if (value === undefined || value === null) return null
  if (typeof value === "boolean") return value ? 1 : 0
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") {
    return value
  }
  throw new TypeError(`SQLite takes no value of type ${typeof value}`)
}

const attempt = <A>(operation: string, evaluate: () => A): Effect.Effect<A, SqlError> =>
  Effect.try({
    try: evaluate,
    catch: (cause) => new SqlError({ reason: classifySqliteError(cause, { operation }) }),
  })
