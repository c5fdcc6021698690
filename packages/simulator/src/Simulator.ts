import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http"
import { text } from "node:stream/consumers"
import { setTimeout as wait } from "node:timers/promises"
import type { AlloyOptions } from "./alloy/Options.js"
import { makeAlloyServer } from "./alloy/Server.js"
import type { AlloySimulator } from "./alloy/Simulator.js"
import type { DifyOptions } from "./dify/Options.js"
import { makeDifyServer } from "./dify/Server.js"
import type { DifySimulator } from "./dify/Simulator.js"
import type { HttpAnswer } from "./shared/HttpAnswer.js"
import type { N8nOptions } from "./n8n/Options.js"
import { makeN8nServer } from "./n8n/Server.js"
import type { N8nSimulator } from "./n8n/Simulator.js"
import type { PrefectOptions } from "./prefect/Options.js"
import { prefectBase } from "./prefect/Routes.js"
import { makePrefectServer } from "./prefect/Server.js"
import type { PrefectSimulator } from "./prefect/Simulator.js"

/** What `startSimulator` takes. Everything has a default. */
export interface SimulatorOptions {
  /** Default 0: any free port. `null`: none at all, only {@link Simulator.fetch}. */
  readonly port?: number | null | undefined
  readonly dify?: DifyOptions | undefined
  readonly alloy?: AlloyOptions | undefined
  readonly prefect?: PrefectOptions | undefined
  readonly n8n?: N8nOptions | undefined
  /** Time that every answer takes. Default 0. */
  readonly latencyMs?: number | undefined
}

/** Whose API a request was for. */
export type SimulatedProvider = "dify" | "alloy" | "n8n" | "prefect"

/** A request that was answered. `status` is 0 where the connection was broken. */
export interface SimulatedRequest {
  readonly provider: SimulatedProvider
  readonly method: string
  /** With the query, as it was sent. */
  readonly path: string
  /** Absent where there was none. */
  readonly body?: string
  readonly status: number
}

/** A request that a test may answer otherwise. */
export interface InterceptedRequest extends Omit<SimulatedRequest, "status"> {
  readonly headers: IncomingHttpHeaders
  /** Empty where there is none. */
  readonly body: string
}

/** Another answer; a body that is no string is sent as JSON. */
export interface InterceptAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: unknown
}

/** Called before each request is answered. undefined leaves it to the simulator; "disconnect" breaks the connection. */
export type Interceptor = (
  request: InterceptedRequest,
) =>
  | InterceptAnswer
  | "disconnect"
  | undefined
  | Promise<InterceptAnswer | "disconnect" | undefined>

/** A running simulator. */
export interface Simulator extends AsyncDisposable {
  readonly url: string
  /** Answers as over HTTP, without a socket: for thousands of walks in a test. */
  readonly fetch: typeof globalThis.fetch
  readonly dify: DifySimulator
  readonly alloy: AlloySimulator
  readonly prefect: PrefectSimulator
  readonly n8n: N8nSimulator
  /** The latest 10,000 requests, newest last. */
  readonly requests: readonly SimulatedRequest[]
  clearRequests(): void
  /** Asks the interceptor before each request, until another takes its place or the function given back is called. */
  intercept(interceptor: Interceptor): () => void
  /** Ends open connections and frees the port. */
  stop(): Promise<void>
}

const KEPT_REQUESTS = 10_000

const BASES: Readonly<Record<SimulatedProvider, string>> = {
  dify: "/v1",
  alloy: "/alloy",
  n8n: "/n8n/api/v1",
  prefect: prefectBase,
}

const providerOf = (path: string): SimulatedProvider => {
  const [, first] = path.split("/")
  return first === "alloy" || first === "n8n" || first === "prefect" ? first : "dify"
}

const otherAnswer = ({ status, headers, body }: InterceptAnswer): HttpAnswer => {
  if (body === undefined || typeof body === "string")
    return { status, headers: { ...headers }, body: body ?? "" }
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  }
}

/** Starts the log APIs of all providers on 127.0.0.1. */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  expectInstant("dify.now", options.dify?.now)
  expectInstant("alloy.now", options.alloy?.now)
  expectInstant("n8n.now", options.n8n?.now)
  expectInstant("prefect.now", options.prefect?.now)
  const dify = makeDifyServer(options.dify ?? {})
  const alloy = makeAlloyServer(options.alloy ?? {})
  const n8n = makeN8nServer(options.n8n ?? {})
  const prefect = makePrefectServer(options.prefect ?? {})
  const requests: SimulatedRequest[] = []
  let interceptor: Interceptor | null = null

  const answer = async (
    method: string,
    path: string,
    headers: IncomingHttpHeaders,
    body: string,
  ): Promise<HttpAnswer | "disconnect"> => {
    const url = new URL(path, "http://127.0.0.1")
    const provider = providerOf(url.pathname)
    const other = await interceptor?.({ provider, method, path, headers, body })
    const record = (status: number): void => {
      requests.push({ provider, method, path, ...(body === "" ? {} : { body }), status })
      if (requests.length > KEPT_REQUESTS) requests.shift()
    }
    if (other === "disconnect") {
      record(0)
      return other
    }
    const server = { dify, alloy, n8n, prefect }[provider]
    const base = BASES[provider]
    const below = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : ""
    const given =
      other === undefined
        ? server.answer({ method, path: below, query: url.searchParams, headers, body })
        : otherAnswer(other)
    record(given.status)
    const delay = (options.latencyMs ?? 0) + ((given.skipped ?? 0) / 1000) * server.offsetCostMs
    if (delay > 0) await wait(delay, undefined, { ref: false })
    return given
  }

  const respond = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET", url: path = "/", headers } = message
    const given = await answer(method, path, headers, await text(message))
    if (given === "disconnect") {
      response.destroy()
      return
    }
    response.writeHead(given.status, {
      "content-length": Buffer.byteLength(given.body),
      ...given.headers,
    })
    response.end(given.body)
  }

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const { pathname, search, host } = new URL(request.url)
    const given = await answer(
      request.method,
      pathname + search,
      { host, ...Object.fromEntries(request.headers) },
      await request.text(),
    )
    if (given === "disconnect") throw new TypeError("fetch failed")
    return new Response(given.body, { status: given.status, headers: given.headers })
  }

  const server = createServer((message, response) => {
    respond(message, response).catch((cause: unknown) => {
      const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
      process.stderr.write(`execlog simulator: ${why}\n`)
      response.destroy()
    })
  })
  const url =
    options.port === null
      ? "http://simulator.localhost"
      : await listening(server, options.port ?? 0)

  const stop = async (): Promise<void> => {
    if (!server.listening) return
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }

  return {
    url,
    fetch,
    dify: { ...dify.controls, baseUrl: url + BASES.dify },
    alloy: { ...alloy.controls, baseUrl: url + BASES.alloy },
    prefect: { ...prefect.controls, baseUrl: `${url}${prefectBase}/api` },
    n8n: { ...n8n.controls, baseUrl: url + BASES.n8n },
    requests,
    clearRequests: () => {
      requests.length = 0
    },
    intercept: (next) => {
      interceptor = next
      return () => {
        if (interceptor === next) interceptor = null
      }
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Starts a server on loopback and gives its address. */
const listening = async (server: Server, port: number): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The simulator has no port")
  return `http://127.0.0.1:${address.port}`
}

const expectInstant = (name: string, now: unknown): void => {
  if (now === undefined || (now instanceof Date && !Number.isNaN(now.getTime()))) return
  throw new TypeError(`${name} must be a Date that is a time, not ${JSON.stringify(now)}`)
}
