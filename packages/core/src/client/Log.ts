import * as Effect from "effect/Effect"
import type { AdapterError } from "../model/AdapterError.js"
import { withCallerStack } from "../model/CallerStack.js"
import type { Client } from "./Client.js"
import type { ExecutionsService } from "./Executions.js"
import type { LogReading, PreparedLog } from "./LogFace.js"
import { type LogService, invalidLog, logOf } from "./LogService.js"
import { callOf, iterableOf, pagesOf, promiseOf } from "./Promises.js"

/**
 * The executions of several connections as one log, as promises and async iterables. `getMany`,
 * `complete`, `reread` and `idToGet` are methods of each client, since they need its connection.
 */
export interface Log extends LogReading<"promise"> {
  /** The same log as Effects and Streams. */
  readonly effect: LogService
}

/**
 * Reads several connections as one log. Throws an AdapterError with the reason `InvalidSettings`
 * when two have the same name. What needs a single connection stays with its client: `getMany`,
 * `complete`, `reread` and `idToGet`.
 *
 * @example
 * const log = createLog([
 *   createClient(dify({ apiKey: process.env.DIFY_API_KEY }), { name: "support-bot" }),
 *   createClient(alloy({ apiKey: process.env.ALLOY_API_KEY }), { name: "production" }),
 * ])
 * for await (const execution of log.executions({ status: ["failed"], since: "24h" })) {
 *   console.log(execution.connection, execution.id, execution.error?.message)
 * }
 */
export const createLog: (clients: ReadonlyArray<Client>) => Log = (
  clients: ReadonlyArray<Client>,
  ...[options]: ReadonlyArray<object>
) => {
  const effect = withCallerStack(createLog, () => logOf("clients", servicesOf(clients), options))
  const log: Log = {
    effect,
    connections: effect.connections,
    executions: (query, options) =>
      iterableOf(effect.executions(query, options), options, log.executions),
    entries: (query, options) => iterableOf(effect.entries(query, options), options, log.entries),
    pages: (query, options) => pagesOf(effect.pages(query, options), options, log.pages),
    page: (query, cursor, call) => callOf("log.page", effect.page(query, cursor), call, log.page),
    get: (id, options) => promiseOf(effect.get(id, options), options, log.get),
    follow: (query, options) => pagesOf(effect.follow(query, options), options, log.follow),
    prepare: (query, options) =>
      promised(withCallerStack(log.prepare, () => Effect.runSync(effect.prepare(query, options)))),
    explain: (query) => withCallerStack(log.explain, () => Effect.runSync(effect.explain(query))),
  }
  return log
}

const promised = (effect: PreparedLog<"effect">): PreparedLog<"promise"> => {
  const prepared: PreparedLog<"promise"> = {
    plans: effect.plans,
    executions: (options) => iterableOf(effect.executions(options), options, prepared.executions),
    entries: (options) => iterableOf(effect.entries(options), options, prepared.entries),
    pages: (options) => pagesOf(effect.pages(options), options, prepared.pages),
    page: (cursor, call) => callOf("log.page", effect.page(cursor), call, prepared.page),
  }
  return prepared
}

/** The services of clients. Throws `InvalidSettings`, which says what is not a client. */
const servicesOf = (clients: ReadonlyArray<Client>): ReadonlyArray<ExecutionsService> => {
  // Anything may be given by plain JavaScript.
  const given: unknown = clients
  if (!Array.isArray(given)) throw notClients("createLog takes a list of clients.")
  return clients.map((client, index) => {
    const one: { readonly effect?: { readonly complete?: unknown } } | null = client
    if (typeof one?.effect?.complete === "function") return client.effect
    throw notClients(`createLog takes clients, and number ${index + 1} of the list is not one.`)
  })
}

const notClients = (message: string): AdapterError =>
  invalidLog(
    { kind: "argument", name: "clients" },
    message,
    "createLog([createClient(connection, { name }), …])",
  )
