import { AdapterError, type Client, type LogQuery, type PreparedQuery } from "@execlog/core"
import type { ExecutionsService } from "@execlog/core/effect"
import { runCheck, type Face } from "@execlog/core/unstable"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { checkObject, wrongArgument } from "../database/ArgumentChecks.js"

/** The source of a sync: one connection, as core's service `Executions`. */
export interface SyncSource extends Pick<ExecutionsService, SourceMethod> {
  readonly prepare: (query?: LogQuery) => Effect.Effect<SyncedQuery<"effect">, AdapterError>
}

/** The client that a sync reads; one of your own with these methods will do. */
export interface SyncClient extends Pick<Client, SourceMethod> {
  readonly prepare: (query?: LogQuery) => SyncedQuery<"promise">
}

type SyncedQuery<F extends Face> = Pick<PreparedQuery<F>, "plan" | "pages">

type SourceMethod =
  | "provider"
  | "name"
  | "server"
  | "reopens"
  | "statuses"
  | "complete"
  | "idToGet"
  | "getMany"
  | "explain"
  | "reread"

/** A client as the source of a sync. Throws an AdapterError for an object that is not a client. */
export const sourceOfClient = (client: SyncClient): SyncSource => {
  checkSource("client", client)
  return {
    provider: client.provider,
    name: client.name,
    server: client.server,
    reopens: client.reopens,
    statuses: client.statuses,
    getMany: (ids, options) => asked((signal) => client.getMany(ids, { ...options, signal })),
    complete: (executions, options) =>
      asked((signal) => client.complete(executions, { ...options, signal })),
    idToGet: client.idToGet,
    explain: (query) => runCheck(() => client.explain(query)),
    prepare: (query) =>
      Effect.map(
        runCheck(() => client.prepare(query)),
        ({ plan, pages }) => ({
          plan,
          pages: (options) => Stream.fromAsyncIterable(pages(options), adapterError),
        }),
      ),
    reread: (items, query) => asked((signal) => client.reread(items, query, { signal })),
  }
}

const methods = [
  "complete",
  "idToGet",
  "getMany",
  "explain",
  "reread",
  "prepare",
] as const satisfies ReadonlyArray<keyof SyncSource>

/** Checks that an argument has the methods that a sync calls. Throws `InvalidQuery`. */
export const checkSource = (name: string, source: SyncSource | SyncClient): void => {
  checkObject(name, source)
  const missing = methods.find((method) => typeof source[method] !== "function")
  if (missing === undefined) return
  throw wrongArgument(name, `a client, as createClient returns it; it has no method ${missing}`)
}

const asked = <A>(ask: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, AdapterError> =>
  Effect.tryPromise({ try: ask, catch: adapterError })

/** A client rejects only with AdapterErrors; anything else is a bug. */
const adapterError = (error: unknown): AdapterError => {
  if (AdapterError.is(error)) return error
  throw error
}
