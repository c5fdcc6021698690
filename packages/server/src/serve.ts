import type { AdapterError } from "@execlog/core"
import { checking } from "@execlog/core/unstable"
import { ExecutionStore, type StoreError } from "@execlog/store"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import { HttpServer, type HttpServerError } from "effect/http"
import { serverLayer } from "./Server.js"
import { checkSettings, type ServeOptions } from "./ServerSettings.js"

/** A server that runs. */
export interface RunningServer {
  /** Where it is reached: `http://127.0.0.1:4242`. */
  readonly url: string
  /** Ends event streams, answers the requests that are open, stops the syncs and closes the store. */
  readonly close: () => Promise<void>
}

/**
 * Serves a store over HTTP, and syncs connections into it meanwhile.
 *
 * Rejects with an AdapterError for an option that is not valid, and with a StoreError if the store
 * cannot be opened.
 *
 * @example
 * const server = await serve({ store: "./execlog.db", connections: [client] })
 * console.log(server.url)
 */
export const serve = async (options: ServeOptions): Promise<RunningServer> => {
  const scope = Scope.makeUnsafe()
  const started = startServer(options).pipe(
    Scope.provide(scope),
    Effect.onError((cause) => Scope.close(scope, Exit.failCause(cause))),
  )
  const url = await Effect.runPromise(started)
  return { url, close: () => Effect.runPromise(Scope.close(scope, Exit.void)) }
}

/** Starts a server, which the scope stops. Gives its URL. */
export const startServer = Effect.fnUntraced(function* (
  options: ServeOptions,
): Effect.fn.Return<
  string,
  AdapterError | StoreError | HttpServerError.ServeError,
  Scope.Scope
> {
  const settings = yield* checking(() => checkSettings(options))
  const { store, password } = options
  const opened = ExecutionStore.layer(store, { access: "write", password })
  const built = yield* Layer.build(Layer.provide(serverLayer(settings), opened))
  return HttpServer.formatAddress(Context.get(built, HttpServer.HttpServer).address)
})
