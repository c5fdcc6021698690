import * as Effect from "effect/Effect"
import type { OpaqueConnection } from "../adapter/OpaqueConnection.js"
import { withCallerStack } from "../model/CallerStack.js"
import { checkOptions } from "../model/OptionChecks.js"
import type { ConnectionOptions } from "../reading/ReadOptions.js"
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
    checkOptions("createClient", options)
    const { fetch, ...rest } = options
    return executionsBy(connection, rest, fetch === undefined ? null : fetchTransport(fetch))
  })
  const { provider, name, server, reopens, statuses } = effect
  const client: Client = {
    effect,
    provider,
    name,
    server,
    reopens,
    statuses,
    idToGet: (execution) => withCallerStack(client.idToGet, () => effect.idToGet(execution)),
    executions: (query, options) =>
      iterableOf(effect.executions(query, options), options, client.executions),
    entries: (query, options) =>
      iterableOf(effect.entries(query, options), options, client.entries),
    pages: (query, options) => pagesOf(effect.pages(query, options), options, client.pages),
    page: (query, cursor, call) => callOf("page", effect.page(query, cursor), call, client.page),
    prepare: (query) =>
      promised(withCallerStack(client.prepare, () => Effect.runSync(effect.prepare(query)))),
    explain: (query) =>
      withCallerStack(client.explain, () => Effect.runSync(effect.explain(query))),
    get: (id, options) => promiseOf(effect.get(id, options), options, client.get),
    getMany: (ids, options) => promiseOf(effect.getMany(ids, options), options, client.getMany),
    complete: (executions, options) =>
      promiseOf(effect.complete(executions, options), options, client.complete),
    follow: (query, options) => pagesOf(effect.follow(query, options), options, client.follow),
    reread: (items, query, call) =>
      callOf("reread", effect.reread(items, query), call, client.reread),
  }
  return client
}

const promised = (effect: PreparedQuery<"effect">): PreparedQuery<"promise"> => {
  const prepared: PreparedQuery<"promise"> = {
    plan: effect.plan,
    executions: (options) => iterableOf(effect.executions(options), options, prepared.executions),
    entries: (options) => iterableOf(effect.entries(options), options, prepared.entries),
    pages: (options) => pagesOf(effect.pages(options), options, prepared.pages),
    page: (cursor, call) => callOf("page", effect.page(cursor), call, prepared.page),
  }
  return prepared
}
