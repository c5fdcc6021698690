import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Semaphore from "effect/Semaphore"
import * as SqlClient from "effect/sql/SqlClient"
import * as Statement from "effect/sql/Statement"
import * as Stream from "effect/Stream"
import type * as Scope from "effect/Scope"
import { watchPlace } from "./FilePlace.js"
import type { Connection } from "effect/sql/SqlConnection"
import { SqlError, classifySqliteError } from "effect/sql/SqlError"
import { closeSync, existsSync, openSync, statSync } from "node:fs"
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { pathToFileURL } from "node:url"

/** How a file is opened. */
export interface SqliteOptions {
  readonly path: string
  readonly readOnly: boolean
  /** How long to wait for another program that writes. */
  readonly busyTimeoutMs: number
}

const mostPrepared = 100

// Between two tries.
const leastPauseMs = 2
const mostPauseMs = 50

/** The SQLite of Node itself as a client of effect/sql, which brings none for it. */
export const sqliteLayer = (options: SqliteOptions): Layer.Layer<SqlClient.SqlClient, SqlError> =>
  Layer.effect(SqlClient.SqlClient, makeClient(options)).pipe(Layer.provide(Reactivity.layer))

const makeClient = Effect.fnUntraced(function* (
  options: SqliteOptions,
): Effect.fn.Return<SqlClient.SqlClient, SqlError, Scope.Scope | Reactivity.Reactivity> {
  const database = yield* Effect.acquireRelease(open(options), (opened) =>
    Effect.sync(() => opened.close()),
  )
  const checkPlace = yield* attempt("open", 0, () => watchPlace(options.path))
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
    // A transaction that reads first and writes then would fail where another has written between.
    beginTransaction: options.readOnly ? "BEGIN" : "BEGIN IMMEDIATE",
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`,
    prepareTransactionControls: true,
  })
})

const open = ({ path, readOnly, busyTimeoutMs }: SqliteOptions) =>
  attempt("open", busyTimeoutMs, () => {
    // SQLite itself would wait on the thread on which the other may be at work.
    const database = readOnly ? openToRead(path) : openToWrite(path)
    try {
      // Long sorts go to files; what a statement undoes where it fails, a page's worth, does not.
      const place = readOnly ? "FILE" : "MEMORY"
      database.exec(`PRAGMA cache_size = -32000; PRAGMA temp_store = ${place};`)
      // A file of something else says so first.
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

/** Makes a file that nobody else can read; what SQLite puts beside it has its mode. */
const makeOwnFile = (path: string): void => {
  try {
    closeSync(openSync(path, "a", 0o600))
  } catch {
    // SQLite says what is wrong.
  }
}

const openToRead = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 0 })
  try {
    database.exec("SELECT 1 FROM sqlite_schema")
    return database
  } catch (error) {
    database.close()
    // Others that write are seen by files beside it. Where these cannot be made, nobody writes now.
    if (!mayNotWrite(error) || !isAtRest(path)) throw error
    const still = pathToFileURL(path)
    still.searchParams.set("immutable", "1")
    return new DatabaseSync(still, { readOnly: true, timeout: 0 })
  }
}

const mayNotWrite = (error: unknown): boolean => [8, 14].includes(kindOf(error))

/** Whether all that was written stands in the file itself. */
const isAtRest = (path: string): boolean =>
  existsSync(path) && (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0

/** Lets others read while this one writes. It alters the file, so it is for one that is a store. */
export const writeAhead = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
): Effect.fn.Return<void, SqlError> {
  yield* sql`PRAGMA journal_mode = WAL`
  // A commit survives the end of the process; of a power cut it may be the last that is undone.
  yield* sql`PRAGMA synchronous = NORMAL`
  // The log goes into the file, and to the disk, at 32 MB rather than at 4: ids touch many pages.
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

/** Tries until no other program holds the file, for so long. */
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

/** The low byte of its number tells the kind of an error: https://sqlite.org/rescode.html */
const kindOf = (error: unknown): number =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : 0

/** What SQLite itself calls a file that is damaged. */
const damagedCode = 11

/** The file of a database ends inside of a page. */
class CutOffError extends Error {
  override readonly name = "CutOffError"
  readonly errcode = damagedCode
}

/**
 * Throws where the file of a database ends inside of its last page: SQLite takes what is missing for
 * zeros, and finds out only where it reads there. The log beside the file has to be empty.
 */
const checkLength = (database: DatabaseSync, path: string): void => {
  const pageSize = database.prepare("PRAGMA page_size").get()?.["page_size"]
  // Not opened to look into it: closing it would let go of the locks of others in this process.
  if (typeof pageSize === "number" && statSync(path).size % pageSize !== 0) {
    throw new CutOffError("the file was cut off")
  }
}
