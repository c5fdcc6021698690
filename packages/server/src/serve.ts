import { AdapterError } from "@execlog/core"
import { runCheck } from "@execlog/core/unstable"
import { ExecutionStore, type StoreError } from "@execlog/store"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { HttpServer, type HttpServerError } from "effect/http"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Scope from "effect/Scope"
import { serverLayer } from "./Server.js"
import { checkSettings, type ServeOptions, type ServerSettings } from "./ServerSettings.js"

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
): Effect.fn.Return<string, AdapterError | StoreError, Scope.Scope> {
  const settings = yield* runCheck(() => checkSettings(options))
  const { store, password } = options
  const opened = ExecutionStore.layer(store, { access: "write", password })
  const built = yield* Layer.build(Layer.provide(serverLayer(settings), opened)).pipe(
    Effect.catchTag("ServeError", (error) => Effect.fail(listenError(settings, error))),
  )
  return HttpServer.formatAddress(Context.get(built, HttpServer.HttpServer).address)
})

/** Why the server cannot listen. */
const listenError = (
  { host, port }: Pick<ServerSettings, "host" | "port">,
  { cause }: HttpServerError.ServeError,
): AdapterError => {
  const code = Predicate.hasProperty(cause, "code") ? String(cause.code) : ""
  const { name, message, hint } = listenFaults[code] ?? {
    name: "host",
    message: `cannot be listened on: ${cause instanceof Error ? cause.message : code}.`,
    hint: "Choose another address or port.",
  }
  return new AdapterError({
    reason: "InvalidSettings",
    message: `${name === "port" ? `Port ${port} of ${host}` : `The address ${host}`} ${message}`,
    operation: "serve",
    subject: { kind: "option", name },
    hint: { code: "correct_setting", text: hint },
    cause,
  })
}

const listenFaults: {
  readonly [code: string]: {
    readonly name: string
    readonly message: string
    readonly hint: string
  }
} = {
  EADDRINUSE: {
    name: "port",
    message: "is in use by another program.",
    hint: "Stop that program, or choose another port.",
  },
  EACCES: {
    name: "port",
    message: "may not be used by this user.",
    hint: "Choose a port of 1024 or above.",
  },
  EADDRNOTAVAIL: {
    name: "host",
    message: "is not one of this machine.",
    hint: "Listen on 127.0.0.1, or on 0.0.0.0 for all addresses of this machine.",
  },
  ENOTFOUND: {
    name: "host",
    message: "is not known.",
    hint: "Listen on 127.0.0.1, or on 0.0.0.0 for all addresses of this machine.",
  },
}
