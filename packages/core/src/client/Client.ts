import * as Effect from "effect/Effect"
import type { OpaqueConnection } from "../adapter/OpaqueConnection.js"
import type { ConnectionOptions } from "../reading/ReadOptions.js"
import { withCallerStack } from "../model/CallerStack.js"
import { fetchTransport } from "../transport/Transport.js"
import { executionsBy, type ExecutionsService } from "./Executions.js"
import type { ConnectionReading, PreparedQuery } from "./Face.js"
import { callOf, iterableOf, pagesOf, promiseOf } from "./Promises.js"

/** Options of a client, besides the connection. */
export interface ClientOptions extends ConnectionOptions {
  /** Sends the requests instead of the global `fetch`: for a proxy, or for tests. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/**
 * The executions of one connection, as promises and async iterables. Failures reject with an
 * AdapterError. Leaving a `for await` loop stops its requests.
 */
export interface Client extends ConnectionReading<"promise"> {
  /** The same client as Effects and Streams; both share the limits on requests. */
  readonly effect: ExecutionsService
}

/**
 * Creates a client for one connection. Throws an AdapterError with the reason `InvalidSettings`.
 *
 * @example
 * const client = createClient(dify({ apiKey: process.env.DIFY_API_KEY }), { name: "support-bot" })
 * for await (const execution of client.executions({ status: ["failed"] }, { limit: 50 })) {
 *   console.log(execution.startedAt, execution.error?.message)
 * }
 */
export const createClient = (connection: OpaqueConnection, options: ClientOptions = {}): Client => {
  const effect = withCallerStack(createClient, () => {
    const { fetch, ...rest } = options
    return executionsBy(connection, rest, fetch === undefined ? null : fetchTransport(fetch))
  })
  const { provider, name, server, reopens, statuses, idToGet } = effect
  const client: Client = {
    effect,
    provider,
    name,
    server,
    reopens,
    statuses,
    idToGet,
    executions: (query, { signal, ...rest } = {}) =>
      iterableOf(effect.executions(query, rest), { signal }, client.executions),
    entries: (query, { signal, ...rest } = {}) =>
      iterableOf(effect.entries(query, rest), { signal }, client.entries),
    pages: (query, { signal, ...rest } = {}) =>
      pagesOf(effect.pages(query, rest), { signal }, client.pages),
    page: (query, cursor, call) => callOf("page", effect.page(query, cursor), call, client.page),
    prepare: (query) =>
      promised(withCallerStack(client.prepare, () => Effect.runSync(effect.prepare(query)))),
    explain: (query) =>
      withCallerStack(client.explain, () => Effect.runSync(effect.explain(query))),
    get: (id, { signal, ...rest } = {}) => promiseOf(effect.get(id, rest), { signal }, client.get),
    getMany: (ids, { signal, ...rest } = {}) =>
      promiseOf(effect.getMany(ids, rest), { signal }, client.getMany),
    complete: (executions, { signal, ...rest } = {}) =>
      promiseOf(effect.complete(executions, rest), { signal }, client.complete),
    follow: (query, { signal, ...rest } = {}) =>
      pagesOf(effect.follow(query, rest), { signal }, client.follow),
    reread: (items, query, call) =>
      callOf("reread", effect.reread(items, query), call, client.reread),
  }
  return client
}

const promised = (effect: PreparedQuery<"effect">): PreparedQuery<"promise"> => {
  const prepared: PreparedQuery<"promise"> = {
    plan: effect.plan,
    executions: ({ signal, ...rest } = {}) =>
      iterableOf(effect.executions(rest), { signal }, prepared.executions),
    entries: ({ signal, ...rest } = {}) =>
      iterableOf(effect.entries(rest), { signal }, prepared.entries),
    pages: ({ signal, ...rest } = {}) => pagesOf(effect.pages(rest), { signal }, prepared.pages),
    page: (cursor, call) => callOf("page", effect.page(cursor), call, prepared.page),
  }
  return prepared
}
