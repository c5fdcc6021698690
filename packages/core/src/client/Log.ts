import * as Effect from "effect/Effect"
import type { Client } from "./Client.js"
import type { LogReading } from "./LogFace.js"
import { type LogService, makeLog } from "./LogService.js"
import { iterableOf, pagesOf, promiseOf } from "./Promises.js"

/** The executions of several connections as one log, as promises and async iterables. */
export interface Log extends LogReading<"promise"> {
  /** The same log as Effects and Streams. */
  readonly effect: LogService
}

/**
 * Reads several connections as one log. Throws an AdapterError with the reason `InvalidSettings`
 * when two have the same name.
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
export const createLog = (clients: ReadonlyArray<Pick<Client, "effect">>): Log => {
  const effect = makeLog(clients.map((client) => client.effect))
  const log: Log = {
    effect,
    connections: effect.connections,
    executions: (query, { signal, ...rest } = {}) =>
      iterableOf(effect.executions(query, rest), { signal }, log.executions),
    entries: (query, { signal, ...rest } = {}) =>
      iterableOf(effect.entries(query, rest), { signal }, log.entries),
    pages: (query, { signal, ...rest } = {}) =>
      pagesOf(effect.pages(query, rest), { signal }, log.pages),
    page: (query, cursor, call = {}) => promiseOf(effect.page(query, cursor), call, log.page),
    get: (id, { signal, ...rest } = {}) => promiseOf(effect.get(id, rest), { signal }, log.get),
    follow: (query, { signal, ...rest } = {}) =>
      pagesOf(effect.follow(query, rest), { signal }, log.follow),
    explain: (query) => Effect.runSync(effect.explain(query)),
  }
  return log
}
