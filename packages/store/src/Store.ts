import type { AdapterError } from "@execlog/core"
import { type Caller, runCheck, iterableWithCallerStack, rethrowAt } from "@execlog/core/unstable"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { DatabaseOptions } from "./database/Database.js"
import type { StoreError } from "./database/StoreError.js"
import { openExecutionStore } from "./ExecutionStore.js"
import type { StoreFace } from "./StoreFace.js"
import { sourceOfClient } from "./sync/Source.js"

/** How to open a store. */
export type StoreOptions = Partial<DatabaseOptions>

/**
 * An archive of the executions of many connections, as promises and async iterables. Failures of the
 * store reject with a StoreError, those of a provider or a query with an AdapterError.
 */
export interface Store extends StoreFace<"promise"> {
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
    sync: (client, sync) =>
      run(
        Effect.andThen(
          runCheck(() => sourceOfClient(client)),
          (source) => service.sync(source, sync),
        ),
        store.sync,
      ),
    executions: (query, list) => iterate(service.executions(query, list), store.executions),
    entries: (query, list) => iterate(service.entries(query, list), store.entries),
    statisticRows: (query, of) => iterate(service.statisticRows(query, of), store.statisticRows),
    get: (connection, id, include) => run(service.get(connection, id, include), store.get),
    connections: () => run(service.connections(), store.connections),
    rejected: (options) => run(service.rejected(options), store.rejected),
    lastChange: () => run(service.lastChange(), store.lastChange),
    changes: (after, most, include) => run(service.changes(after, most, include), store.changes),
    followerPosition: (name, since) =>
      run(service.followerPosition(name, since), store.followerPosition),
    setFollowerPosition: (name, number) =>
      run(service.setFollowerPosition(name, number), store.setFollowerPosition),
    deliveryTries: (follower, number) =>
      run(service.deliveryTries(follower, number), store.deliveryTries),
    setDelivery: (follower, number, failed) =>
      run(service.setDelivery(follower, number, failed), store.setDelivery),
    undelivered: (after, most) => run(service.undelivered(after, most), store.undelivered),
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
  return store
}

type Failure = AdapterError | StoreError

/** Runs a method; its errors get the stack of the method's caller. */
const run = <A>(effect: Effect.Effect<A, Failure>, method: Caller): Promise<A> =>
  Effect.runPromise(effect).catch(rethrowAt(method))

const iterate = <A>(stream: Stream.Stream<A, Failure>, method: Caller): AsyncIterable<A> =>
  iterableWithCallerStack(method, Stream.toAsyncIterable(stream))
