import { closeSync, existsSync, openSync, statSync } from "node:fs"
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { SqlError, classifySqliteError } from "effect/sql/SqlError"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import { makeMovedFileCheck } from "./MovedFile.js"

/** How to open a file. */
export interface SqliteOptions {
  readonly path: string
  readonly readOnly: boolean
  /** How long to wait for another program that writes. */
  readonly busyTimeoutMs: number
}

const mostPrepared = 100

// The wait between two attempts.
const leastPauseMs = 2
const mostPauseMs = 50

/** A client of effect/sql over Node's own SQLite; effect has none. */
export const sqliteLayer = (options: SqliteOptions): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(SqlClient.SqlClient, makeClient(options)).pipe(Layer.provide(Reactivity.layer))

const makeClient = Effect.fnUntraced(function* (
  options: SqliteOptions,
): Effect.fn.Return<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> {
  const database = yield* Effect.acquireRelease(open(options), (opened) =>
    Effect.sync(() => opened.close()),
  )
  const checkPlace = yield* attempt("open", 0, () => makeMovedFileCheck(options.path))
  const connection = makeConnection(database, options.busyTimeoutMs, checkPlace)
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
    // IMMEDIATE: a transaction that reads before it writes would fail if another wrote in between.
    beginTransaction: options.readOnly ? "BEGIN" : "BEGIN IMMEDIATE",
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    prepareTransactionControls: true,
  })
})

const open = ({ path, readOnly, busyTimeoutMs }: SqliteOptions) =>
  attempt("open", busyTimeoutMs, () => {
    // SQLite's own wait would block the thread, on which the other writer may be running.
    const database = readOnly ? openToRead(path) : openToWrite(path)
    try {
      // Long sorts use files; the rollback journal of a statement, a page at most, stays in memory.
      const place = readOnly ? "FILE" : "MEMORY"
      database.exec(`PRAGMA cache_size = -32000; PRAGMA temp_store = ${place};`)
      // Fails first if the file is not a database.
      database.exec("SELECT 1 FROM sqlite_schema")
      if (path !== ":memory:" && isAtRest(path)) checkLength(database, path)
    } catch (error) {
      database.close()
      throw error
    }
    return database
  })

const openToWrite = (path: string): DatabaseSync => {
  if (path !== ":memory:" && !existsSync(path)) makeOwnFile(path)
  return new DatabaseSync(path, { timeout: 0 })
}

/** Creates a file that only its owner can read; SQLite gives the files beside it the same mode. */
const makeOwnFile = (path: string): void => {
  try {
    closeSync(openSync(path, "a", 0o600))
  } catch {
    // SQLite reports the reason.
  }
}

const openToRead = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 0 })
  try {
    database.exec("SELECT 1 FROM sqlite_schema")
    return database
  } catch (error) {
    database.close()
    // Other writers are visible through files beside it. If these cannot be created, nobody writes now.
    if (!mayNotWrite(error) || !isAtRest(path)) throw error
    const still = pathToFileURL(path)
    still.searchParams.set("immutable", "1")
    return new DatabaseSync(still, { readOnly: true, timeout: 0 })
  }
}

const mayNotWrite = (error: unknown): boolean => [8, 14].includes(kindOf(error))

/** Whether the write-ahead log is empty. */
const isAtRest = (path: string): boolean =>
  existsSync(path) && (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0

/** Switches to write-ahead logging, so that others can read during writes. Alters the file: only for a store. */
export const writeAhead = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
): Effect.fn.Return<void, SqlError> {
  yield* sql`PRAGMA journal_mode = WAL`
  // A commit survives the end of the process; a power cut may undo the last one.
  yield* sql`PRAGMA synchronous = NORMAL`
  // Checkpoints at 32 MB instead of 4 MB: random ids touch many pages.
  yield* sql`PRAGMA wal_autocheckpoint = 8000`
})

const makeConnection = (
  database: DatabaseSync,
  busyTimeoutMs: number,
  checkPlace: () => void,
): Connection => {
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    if (!database.isTransaction) checkPlace()
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
    attempt("execute", busyTimeoutMs, () => {
      const rows = all(prepare(sql), params, false)
      return transformRows === undefined ? rows : transformRows(rows)
    })
  const values: Connection["executeValues"] = (sql, params) =>
    attempt("execute", busyTimeoutMs, () =>
      all(prepare(sql), params, true).map((row) => Object.values(row)),
    )
  return {
    execute,
    executeRaw: (sql, params) => execute(sql, params, undefined),
    executeValues: values,
    executeValuesUnprepared: values,
    executeUnprepared: (sql, params, transformRows) => execute(sql, params, transformRows),
    // Long lists are read in slices, so that no cursor keeps the file locked.
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
  throw new TypeError(`SQLite does not accept values of type ${typeof value}`)
}

/** Retries while another program holds the file, up to a time limit. */
const attempt = <A>(
  operation: string,
  busyTimeoutMs: number,
  evaluate: () => A,
): Effect.Effect<A, SqlError> => {
  const once = Effect.try({
    try: evaluate,
    catch: (cause) => new SqlError({ reason: classifySqliteError(cause, { operation }) }),
  })
  return Effect.catchIf(once, isBusy, (error) => again(once, error, busyTimeoutMs, leastPauseMs))
}

const again = <A>(
  once: Effect.Effect<A, SqlError>,
  error: SqlError,
  leftMs: number,
  pauseMs: number,
): Effect.Effect<A, SqlError> =>
  leftMs <= 0
    ? Effect.fail(error)
    : Effect.sleep(pauseMs).pipe(
        Effect.andThen(once),
        Effect.catchIf(isBusy, (next) =>
          again(once, next, leftMs - pauseMs, Math.min(2 * pauseMs, mostPauseMs)),
        ),
      )

const isBusy = ({ reason: { cause } }: SqlError): boolean => kindOf(cause) === 5

/** The primary code is the low byte: https://sqlite.org/rescode.html */
const kindOf = (error: unknown): number =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : 0

/** SQLite's own code for a damaged file (SQLITE_CORRUPT). */
const damagedCode = 11

/** The database file ends inside a page. */
class CutOffError extends Error {
  override readonly name = "CutOffError"
  readonly errcode = damagedCode
}

/**
 * Throws if the database file ends inside its last page. SQLite reads the missing bytes as zeros and
 * notices only when it reads that page. The log must be empty.
 */
const checkLength = (database: DatabaseSync, path: string): void => {
  const pageSize = database.prepare("PRAGMA page_size").get()?.["page_size"]
  // Not opened: closing it would release this process's other locks on it.
  if (typeof pageSize === "number" && statSync(path).size % pageSize !== 0) {
    throw new CutOffError("the file was cut off")
  }
}
