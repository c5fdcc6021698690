import {
  AdapterError,
  type Cursor,
  type Entry,
  type Include,
  type LogQuery,
  type StatisticRow,
} from "@execlog/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { type DatabaseOptions, openDatabase } from "./Database.js"
import { followerPosition, setFollowerPosition } from "./Followers.js"
import { explainSqlError } from "./SqlFailure.js"
import { readStatistics } from "./StatisticRows.js"
import { changesAfter, type ExecutionChange } from "./StatusChanges.js"
import { readStoreAddress, type StoreAddress } from "./StoreAddress.js"
import { type StoredConnection, storedConnections } from "./StoredConnections.js"
import type { StoreError } from "./StoreError.js"
import { readStored, type StoredExecution } from "./StoredExecution.js"
import {
  checkStoredQuery,
  placeOfCursor,
  readSlice,
  type StoredQuery,
  type StoredScope,
} from "./StoredList.js"
import { sync, type SyncOptions } from "./Sync.js"
import type { SyncSource } from "./SyncSource.js"
import type { SyncSummary } from "./SyncTally.js"

/** Where a list of a store begins and ends, and whose it is. */
export interface StoredListOptions extends StoredScope {
  /** Go on where this cursor stands. */
  readonly cursor?: Cursor | null | undefined
  /** End after so many executions. */
  readonly limit?: number | undefined
}

/** What is kept of the executions of many connections. */
export interface ExecutionStoreService {
  /** Brings what is kept of one connection up to date. */
  readonly sync: (
    source: SyncSource,
    options?: SyncOptions,
  ) => Effect.Effect<SyncSummary, AdapterError | StoreError>
  /** The executions that a query finds, by listing time, then id, each with the cursor after it. */
  readonly entries: (
    query?: LogQuery,
    options?: StoredListOptions,
  ) => Stream.Stream<Entry, AdapterError | StoreError>
  /** The rows that statistics take, in slices, in no order. */
  readonly statisticRows: (
    query?: LogQuery,
    scope?: StoredScope,
  ) => Stream.Stream<ReadonlyArray<StatisticRow>, AdapterError | StoreError>
  /** One execution of a connection with all that is kept of it; `raw` only when it is asked for. */
  readonly get: (
    connection: string,
    id: string,
    include?: ReadonlyArray<Include>,
  ) => Effect.Effect<StoredExecution | null, StoreError>
  /** The connections whose executions are kept. */
  readonly connections: Effect.Effect<ReadonlyArray<StoredConnection>, StoreError>
  /** The changes of status after a number, at most so many, in the order in which they were recorded. */
  readonly changes: (
    after: number,
    most: number,
  ) => Effect.Effect<ReadonlyArray<ExecutionChange>, StoreError>
  /** The number of the last change that a follower has told; one that is new begins now. */
  readonly followerPosition: (name: string) => Effect.Effect<number, StoreError>
  /** Notes how far a follower has told. */
  readonly setFollowerPosition: (name: string, number: number) => Effect.Effect<void, StoreError>
}

/**
 * What is kept of the executions of many connections, as a service.
 *
 * @example
 * const program = Effect.gen(function* () {
 *   const store = yield* ExecutionStore
 *   return yield* Stream.runCollect(store.entries({ status: ["failed"] }, { limit: 50 }))
 * }).pipe(Effect.provide(ExecutionStore.layer("./execlog.db", { access: "read" })))
 */
export class ExecutionStore extends Context.Service<ExecutionStore, ExecutionStoreService>()(
  "@execlog/store/ExecutionStore",
) {
  /** A layer for the store at a path, or at a URL of Postgres. */
  static layer(address: string, options: DatabaseOptions): Layer.Layer<ExecutionStore, StoreError> {
    return Layer.effect(ExecutionStore, openExecutionStore(address, options))
  }
}

/** Opens a store; it closes with the scope. */
export const openExecutionStore = Effect.fnUntraced(function* (
  address: string,
  options: DatabaseOptions,
): Effect.fn.Return<ExecutionStoreService, StoreError, Scope.Scope> {
  const read = yield* Effect.try({
    try: () => readStoreAddress(address),
    catch: (error) => error as StoreError,
  })
  return makeService(yield* openDatabase(read, options), read)
})

const rowsInSlice = 500
const statisticsInSlice = 20_000

const makeService = (sql: SqlClient, address: StoreAddress): ExecutionStoreService => {
  const explained = <A, E>(
    effect: Effect.Effect<A, E | SqlError>,
  ): Effect.Effect<A, Exclude<E, SqlError> | StoreError> =>
    Effect.mapError(effect, (error) =>
      AdapterError.is(error) ? (error as Exclude<E, SqlError>) : explainSqlError(address, error),
    )
  const checked = (query: LogQuery, scope: StoredScope): Effect.Effect<StoredQuery, AdapterError> =>
    Effect.try({
      try: () => checkStoredQuery(query, scope),
      catch: (error) => error as AdapterError,
    })

  return ExecutionStore.of({
    sync: (source, options = {}) => explained(sync(sql, source, options)),
    entries: (query = {}, options = {}) =>
      Stream.unwrap(
        Effect.gen(function* () {
          const stored = yield* checked(query, options)
          const start = yield* Effect.try({
            try: () => placeOfCursor(stored, options.cursor),
            catch: (error) => error as AdapterError,
          })
          const all = Stream.paginate(start, (after) =>
            explained(
              readSlice(sql, stored, after, Math.min(options.limit ?? rowsInSlice, rowsInSlice)),
            ).pipe(Effect.map(({ entries, next }) => [entries, Option.fromNullOr(next)] as const)),
          )
          return options.limit === undefined ? all : Stream.take(all, options.limit)
        }),
      ),
    statisticRows: (query = {}, scope = {}) =>
      Stream.unwrap(
        Effect.map(checked(query, scope), (stored) =>
          Stream.paginate(0, (after: number) =>
            explained(readStatistics(sql, stored, after, statisticsInSlice)).pipe(
              Effect.map(({ rows, next }) => [[rows], Option.fromNullOr(next)] as const),
            ),
          ),
        ),
      ),
    get: (connection, id, include = []) => explained(readStored(sql, connection, id, include)),
    connections: explained(storedConnections(sql)),
    changes: (after, most) => explained(changesAfter(sql, after, most)),
    followerPosition: (name) => explained(followerPosition(sql, name)),
    setFollowerPosition: (name, number) => explained(setFollowerPosition(sql, name, number)),
  })
}
