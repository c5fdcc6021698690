import type { AdapterError, Cursor, Include, LogQuery } from "@execlog/core"
import type { StatisticRow } from "@execlog/core/statistics"
import { checking, checkOptionNames, checkQuery, wholeNumberOption } from "@execlog/core/unstable"
import * as Context from "effect/Context"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { type DatabaseOptions, openDatabase } from "./database/Database.js"
import { followerPosition, setFollowerPosition } from "./tables/Followers.js"
import {
  deliveryTries,
  type FailedDelivery,
  setDelivery,
  undeliveredAfter,
  type UndeliveredChange,
} from "./tables/FailedDeliveries.js"
import { explained } from "./database/SqlFailure.js"
import { readStatistics, type StatisticPlace } from "./query/StatisticRows.js"
import { changesAfter, type ExecutionChange, lastChangeNumber } from "./tables/StatusChanges.js"
import { readStoreAddress, type StoreAddress } from "./database/StoreAddress.js"
import { type ConnectionState, connectionStates } from "./tables/Connections.js"
import type { StoreError } from "./database/StoreError.js"
import { readStored, type StoredExecution } from "./query/One.js"
import {
  readRejected,
  type RejectedListOptions,
  type RejectedPage,
  rejectedPlace,
} from "./query/RejectedList.js"
import {
  checkStoredQuery,
  placeOfCursor,
  readSlice,
  type StoredEntry,
  type StoredScope,
} from "./query/List.js"
import { sync } from "./sync/Sync.js"
import type { SyncOptions } from "./sync/Options.js"
import type { SyncSource } from "./sync/Source.js"
import type { SyncSummary } from "./sync/Summary.js"

/** The range and the scope of a list. */
export interface StoredListOptions extends StoredScope {
  /** Resume at this cursor. */
  readonly cursor?: Cursor | null | undefined
  /** The most executions to return. */
  readonly limit?: number | undefined
}

/** An archive of the executions of many connections. */
export interface ExecutionStoreService {
  /** Archives the new and changed executions of one connection. */
  readonly sync: (
    source: SyncSource,
    options?: SyncOptions,
  ) => Effect.Effect<SyncSummary, AdapterError | StoreError>
  /** The executions that match a query, by timestamp, then id, each with a cursor that resumes after it. */
  readonly entries: (
    query?: LogQuery,
    options?: StoredListOptions,
  ) => Stream.Stream<StoredEntry, AdapterError | StoreError>
  /** The rows for statistics, in batches, in no order. */
  readonly statisticRows: (
    query?: LogQuery,
    scope?: StoredScope,
  ) => Stream.Stream<ReadonlyArray<StatisticRow>, AdapterError | StoreError>
  /** One execution of a connection with everything stored of it; `raw` only if included. */
  readonly get: (
    connection: string,
    id: string,
    include?: ReadonlyArray<Include>,
  ) => Effect.Effect<StoredExecution | null, StoreError>
  /** The connections in the store. */
  readonly connections: Effect.Effect<ReadonlyArray<ConnectionState>, StoreError>
  /** Items that could not be read, those observed last first. */
  readonly rejected: (
    options?: RejectedListOptions,
  ) => Effect.Effect<RejectedPage, AdapterError | StoreError>
  /** The number of the last change of status; 0 if there is none. */
  readonly lastChange: Effect.Effect<number, StoreError>
  /** The changes of status after a number, up to `most`, in the order of recording. */
  readonly changes: (
    after: number,
    most: number,
    include?: ReadonlyArray<Include>,
  ) => Effect.Effect<ReadonlyArray<ExecutionChange>, AdapterError | StoreError>
  /**
   * The number of the last change that a follower has processed. A new follower starts now, or with the
   * changes observed since an instant.
   */
  readonly followerPosition: (name: string, since?: Date) => Effect.Effect<number, StoreError>
  /** Stores the number of the last change that a follower has processed. */
  readonly setFollowerPosition: (name: string, number: number) => Effect.Effect<void, StoreError>
  /** How often a follower has failed to deliver a change. */
  readonly deliveryTries: (follower: string, number: number) => Effect.Effect<number, StoreError>
  /** Records that a follower failed to deliver a change, or, with null, that it succeeded. */
  readonly setDelivery: (
    follower: string,
    number: number,
    failed: FailedDelivery | null,
  ) => Effect.Effect<void, StoreError>
  /** The changes after a number that followers gave up on, up to `most` numbers. */
  readonly undelivered: (
    after: number,
    most: number,
  ) => Effect.Effect<ReadonlyArray<UndeliveredChange>, StoreError>
}

/**
 * An archive of the executions of many connections, as a service.
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
  /** A layer with the store at a path or a Postgres URL. */
  static layer(
    address: string,
    options: DatabaseOptions,
  ): Layer.Layer<ExecutionStore, AdapterError | StoreError> {
    return Layer.effect(ExecutionStore, openExecutionStore(address, options))
  }
}

const openNames: ReadonlyArray<string> = [
  "access",
  "password",
  "busyTimeoutMs",
] satisfies ReadonlyArray<keyof DatabaseOptions>

/** Opens a store; the scope closes it. */
export const openExecutionStore = Effect.fnUntraced(function* (
  address: string,
  options: DatabaseOptions,
): Effect.fn.Return<ExecutionStoreService, AdapterError | StoreError, Scope.Scope> {
  yield* checking(() => checkOptionNames("openStore", options, openNames))
  const read = yield* readStoreAddress(address, options.password)
  return makeService(yield* openDatabase(read, options), read)
})

const scopeNames: ReadonlyArray<string> = ["connections", "gone"] satisfies ReadonlyArray<
  keyof StoredScope
>
const listNames: ReadonlyArray<string> = [...scopeNames, "cursor", "limit"]
const rejectedNames: ReadonlyArray<string> = [
  "connections",
  "cursor",
  "limit",
] satisfies ReadonlyArray<keyof RejectedListOptions>

const rowsInSlice = 500
const statisticsInSlice = 20_000

const makeService = (sql: SqlClient, address: StoreAddress): ExecutionStoreService => {
  const kept = <A>(effect: Effect.Effect<A, SqlError>) => explained(address, effect)
  const checked = (query: LogQuery, options: StoredListOptions, names = listNames) =>
    Effect.andThen(Clock.currentTimeMillis, (now) =>
      checking(() => {
        checkOptionNames("A list of the store", options, names)
        const { cursor, limit, ...scope } = options
        const stored = checkStoredQuery(query, scope, now)
        return {
          stored,
          start: placeOfCursor(stored, cursor),
          limit: wholeNumberOption("limit", limit, Number.MAX_SAFE_INTEGER, 1),
        }
      }),
    )

  return ExecutionStore.of({
    sync: (source, options = {}) => explained(address, sync(sql, source, options)),
    entries: (query = {}, options = {}) => {
      return checked(query, options).pipe(
        Effect.map(({ stored, start, limit }) =>
          Stream.paginate(start, (after) =>
            kept(readSlice(sql, stored, after, Math.min(limit, rowsInSlice))).pipe(
              Effect.map(({ entries, next }) => [entries, Option.fromNullOr(next)] as const),
            ),
          ).pipe(Stream.take(limit)),
        ),
        Stream.unwrap,
      )
    },
    statisticRows: (query = {}, scope = {}) =>
      checked(query, scope, scopeNames).pipe(
        Effect.map(({ stored }) =>
          Stream.paginate(null, (after: StatisticPlace | null) =>
            kept(readStatistics(sql, stored, after, statisticsInSlice)).pipe(
              Effect.map(({ rows, next }) => [[rows], Option.fromNullOr(next)] as const),
            ),
          ),
        ),
        Stream.unwrap,
      ),
    get: (connection, id, include = []) => kept(readStored(sql, connection, id, include)),
    connections: kept(connectionStates(sql)),
    rejected: (options = {}) =>
      checking(() => {
        checkOptionNames("A list of rejected items", options, rejectedNames)
        return {
          after: rejectedPlace(options.cursor),
          most: wholeNumberOption("limit", options.limit, 100, 1),
        }
      }).pipe(
        Effect.andThen(({ after, most }) =>
          kept(readRejected(sql, options.connections, after, most)),
        ),
      ),
    lastChange: kept(lastChangeNumber(sql, null)),
    changes: (after, most, include = []) =>
      checking(() => checkQuery({ include }, 0).include).pipe(
        Effect.andThen((parts) => kept(changesAfter(sql, after, most, parts))),
      ),
    followerPosition: (name, since) => kept(followerPosition(sql, name, since?.getTime() ?? null)),
    setFollowerPosition: (name, number) => kept(setFollowerPosition(sql, name, number)),
    deliveryTries: (follower, number) => kept(deliveryTries(sql, follower, number)),
    setDelivery: (follower, number, failed) => kept(setDelivery(sql, follower, number, failed)),
    undelivered: (after, most) => kept(undeliveredAfter(sql, after, most)),
  })
}
