import type { AdapterError, LogQuery } from "@execlog/core"
import {
  runCheck,
  checkOptionNames,
  checkQuery,
  instantOption,
  wholeNumberOption,
  wordOption,
} from "@execlog/core/unstable"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Stream from "effect/Stream"
import { checkObject, checkText, checkWholeNumber } from "./database/ArgumentChecks.js"
import { type DatabaseOptions, openDatabase } from "./database/Database.js"
import { explained } from "./database/SqlFailure.js"
import { type Access, readStoreAddress, type StoreAddress } from "./database/StoreAddress.js"
import type { StoreError } from "./database/StoreError.js"
import { checkStoredQuery, placeOfCursor, readSlice, type StoredScope } from "./query/List.js"
import { readStored } from "./query/One.js"
import { type RejectedListOptions, readRejected, rejectedPlace } from "./query/RejectedList.js"
import { readStatistics, type StatisticPlace } from "./query/StatisticRows.js"
import type { StoredListOptions, StoreFace } from "./StoreFace.js"
import { checkSource } from "./sync/Source.js"
import { sync } from "./sync/Sync.js"
import { connectionStates } from "./tables/Connections.js"
import { deliveryTries, setDelivery, undeliveredAfter } from "./tables/FailedDeliveries.js"
import { followerPosition, setFollowerPosition } from "./tables/Followers.js"
import { changesAfter, lastChangeNumber } from "./tables/StatusChanges.js"

/** An archive of the executions of many connections, as Effects and Streams. */
export interface ExecutionStoreService extends StoreFace<"effect"> {}

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

const accesses: ReadonlyArray<Access> = ["read", "write"]

/** Opens a store; the scope closes it. */
export const openExecutionStore = Effect.fnUntraced(function* (
  address: string,
  options: DatabaseOptions,
): Effect.fn.Return<ExecutionStoreService, AdapterError | StoreError, Scope.Scope> {
  yield* runCheck(() => {
    checkObject("options", options)
    checkOptionNames("openStore", options, openNames)
    wordOption("access", options.access, "write", accesses)
  })
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
      runCheck(() => {
        checkObject("options", options)
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

  const entries: ExecutionStoreService["entries"] = (query = {}, options = {}) =>
    checked(query, options).pipe(
      Effect.map(({ stored, start, limit }) =>
        Stream.paginate(start, (after) =>
          kept(readSlice(sql, stored, after, Math.min(limit, rowsInSlice))).pipe(
            Effect.map((slice) => [slice.entries, Option.fromNullOr(slice.next)] as const),
          ),
        ).pipe(Stream.take(limit)),
      ),
      Stream.unwrap,
    )

  return ExecutionStore.of({
    sync: (source, options = {}) =>
      runCheck(() => {
        checkSource("source", source)
        checkObject("options", options)
      }).pipe(Effect.andThen(() => explained(address, sync(sql, source, options)))),
    entries,
    executions: (query, options) =>
      Stream.map(entries(query, options), ({ execution }) => execution),
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
    get: (connection, id, include = []) =>
      runCheck(() => {
        checkText("connection", connection)
        checkText("id", id)
        return checkQuery({ include }, 0).include
      }).pipe(Effect.andThen((parts) => kept(readStored(sql, connection, id, parts)))),
    connections: () => kept(connectionStates(sql)),
    rejected: (options = {}) =>
      runCheck(() => {
        checkObject("options", options)
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
    lastChange: () => kept(lastChangeNumber(sql, null)),
    changes: (after, most = 100, include = []) =>
      runCheck(() => {
        checkWholeNumber("after", after, 0)
        checkWholeNumber("most", most, 1)
        return checkQuery({ include }, 0).include
      }).pipe(Effect.andThen((parts) => kept(changesAfter(sql, after, most, parts)))),
    followerPosition: (name, since) =>
      runCheck(() => {
        checkText("name", name)
        return since === undefined ? null : instantOption("since", since)
      }).pipe(Effect.andThen((instant) => kept(followerPosition(sql, name, instant)))),
    setFollowerPosition: (name, number) =>
      runCheck(() => {
        checkText("name", name)
        checkWholeNumber("number", number, 0)
      }).pipe(Effect.andThen(() => kept(setFollowerPosition(sql, name, number)))),
    deliveryTries: (follower, number) =>
      runCheck(() => {
        checkText("follower", follower)
        checkWholeNumber("number", number, 0)
      }).pipe(Effect.andThen(() => kept(deliveryTries(sql, follower, number)))),
    setDelivery: (follower, number, failed) =>
      runCheck(() => {
        checkText("follower", follower)
        checkWholeNumber("number", number, 0)
        if (failed !== null) checkObject("failed", failed)
      }).pipe(Effect.andThen(() => kept(setDelivery(sql, follower, number, failed)))),
    undelivered: (after, most = 100) =>
      runCheck(() => {
        checkWholeNumber("after", after, 0)
        checkWholeNumber("most", most, 1)
      }).pipe(Effect.andThen(() => kept(undeliveredAfter(sql, after, most)))),
  })
}
