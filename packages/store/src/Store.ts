import type { AdapterError, Execution, Include, LogQuery } from "@execlog/core"
import type { StatisticRow } from "@execlog/core/statistics"
import { type Caller, placeOf, placing } from "@execlog/core/unstable"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { DatabaseOptions } from "./database/Database.js"
import { openExecutionStore, type StoredListOptions } from "./ExecutionStore.js"
import type { FailedDelivery, UndeliveredChange } from "./tables/FailedDeliveries.js"
import type { ExecutionChange } from "./tables/StatusChanges.js"
import type { ConnectionState } from "./tables/Connections.js"
import type { StoreError } from "./database/StoreError.js"
import type { StoredExecution } from "./query/One.js"
import type { RejectedListOptions, RejectedPage } from "./query/RejectedList.js"
import type { StoredEntry, StoredScope } from "./query/List.js"
import type { SyncOptions } from "./sync/Options.js"
import { sourceOfClient, type SyncClient } from "./sync/Source.js"
import type { SyncSummary } from "./sync/Summary.js"

/** How to open a store. */
export type StoreOptions = Partial<DatabaseOptions>

/**
 * An archive of the executions of many connections, as promises and async iterables. Failures of the
 * store reject with a StoreError, those of a provider or a query with an AdapterError.
 */
export interface Store {
  /** Archives the new and changed executions of one connection: see {@link SyncOptions}. */
  readonly sync: (client: SyncClient, options?: SyncOptions) => Promise<SyncSummary>
  /** The executions that match a query, by timestamp, then id. */
  readonly executions: (query?: LogQuery, options?: StoredListOptions) => AsyncIterable<Execution>
  /** The same, each with a cursor that resumes after it. */
  readonly entries: (query?: LogQuery, options?: StoredListOptions) => AsyncIterable<StoredEntry>
  /** The rows for statistics, in batches, in no order. */
  readonly statisticRows: (
    query?: LogQuery,
    scope?: StoredScope,
  ) => AsyncIterable<ReadonlyArray<StatisticRow>>
  /** One execution of a connection with everything stored of it; null if it is not stored. */
  readonly get: (
    connection: string,
    id: string,
    include?: ReadonlyArray<Include>,
  ) => Promise<StoredExecution | null>
  /** The connections in the store, by name. */
  readonly connections: () => Promise<ReadonlyArray<ConnectionState>>
  /** Items that could not be read, those observed last first. */
  readonly rejected: (options?: RejectedListOptions) => Promise<RejectedPage>
  /** The number of the last change of status; 0 if there is none. */
  readonly lastChange: () => Promise<number>
  /** The changes of status after a number, up to `most`, in the order of recording. */
  readonly changes: (
    after: number,
    most?: number,
    include?: ReadonlyArray<Include>,
  ) => Promise<ReadonlyArray<ExecutionChange>>
  /**
   * The number of the last change that a follower has processed. A new follower starts now, or with the
   * changes observed since an instant.
   */
  readonly followerPosition: (name: string, since?: Date) => Promise<number>
  /** Stores the number of the last change that a follower has processed. */
  readonly setFollowerPosition: (name: string, number: number) => Promise<void>
  /** How often a follower has failed to deliver the change with this number. */
  readonly deliveryTries: (follower: string, number: number) => Promise<number>
  /** Records that a follower failed to deliver a change, or, with null, that it succeeded. */
  readonly setDelivery: (
    follower: string,
    number: number,
    failed: FailedDelivery | null,
  ) => Promise<void>
  /** The changes after a number that followers gave up on, up to `most` numbers. */
  readonly undelivered: (after: number, most?: number) => Promise<ReadonlyArray<UndeliveredChange>>
  readonly close: () => Promise<void>
}

/**
 * Opens the store at a path or a Postgres URL. Creates it if it does not exist, unless the access is
 * `"read"`. Rejects with a StoreError, or with an AdapterError for an option that it does not know.
 *
 * @example
 * const store = await openStore("./execlog.db")
 * await store.sync(client)
 * for await (const execution of store.executions({ status: ["failed"] })) console.log(execution.id)
 * await store.close()
 */
export const openStore = async (address: string, options: StoreOptions = {}): Promise<Store> => {
  const scope = Scope.makeUnsafe()
  const service = await run(
    openExecutionStore(address, { access: "write", ...options }).pipe(
      Scope.provide(scope),
      Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))),
    ),
    openStore,
  )
  const store: Store = {
    sync: (client, sync) => run(service.sync(sourceOfClient(client), sync), store.sync),
    entries: (query, list) => iterate(service.entries(query, list), store.entries),
    executions: (query, list) =>
      iterate(
        Stream.map(service.entries(query, list), ({ execution }) => execution),
        store.executions,
      ),
    statisticRows: (query, of) => iterate(service.statisticRows(query, of), store.statisticRows),
    get: (connection, id, include) => run(service.get(connection, id, include), store.get),
    connections: () => run(service.connections, store.connections),
    rejected: (options) => run(service.rejected(options), store.rejected),
    lastChange: () => run(service.lastChange, store.lastChange),
    changes: (after, most = 100, include = []) =>
      run(service.changes(after, most, include), store.changes),
    followerPosition: (name, since) =>
      run(service.followerPosition(name, since), store.followerPosition),
    setFollowerPosition: (name, number) =>
      run(service.setFollowerPosition(name, number), store.setFollowerPosition),
    deliveryTries: (follower, number) =>
      run(service.deliveryTries(follower, number), store.deliveryTries),
    setDelivery: (follower, number, failed) =>
      run(service.setDelivery(follower, number, failed), store.setDelivery),
    undelivered: (after, most = 100) => run(service.undelivered(after, most), store.undelivered),
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
  return store
}

type Failure = AdapterError | StoreError

/** The errors of a call stand where its method was called. */
const run = <A>(effect: Effect.Effect<A, Failure>, method: Caller): Promise<A> =>
  Effect.runPromise(effect).catch(placeOf(method))

const iterate = <A>(stream: Stream.Stream<A, Failure>, method: Caller): AsyncIterable<A> =>
  placing(Stream.toAsyncIterable(stream), placeOf(method))
