import { setTimeout as wait } from "node:timers/promises"
import type { AlloyOptions } from "./alloy/Options.js"
import { makeAlloyServer } from "./alloy/Server.js"
import type { AlloySimulator } from "./alloy/Simulator.js"
import type { DifyOptions } from "./dify/Options.js"
import { makeDifyServer } from "./dify/Server.js"
import type { DifySimulator } from "./dify/Simulator.js"
import {
  interceptedAnswer,
  type Interceptor,
  type SimulatedProvider,
  type SimulatedRequest,
} from "./Interception.js"
import { type Answering, listen } from "./Listening.js"
import type { N8nOptions } from "./n8n/Options.js"
import { makeN8nServer } from "./n8n/Server.js"
import type { N8nSimulator } from "./n8n/Simulator.js"
import type { PrefectOptions } from "./prefect/Options.js"
import { prefectBase } from "./prefect/Routes.js"
import { makePrefectServer } from "./prefect/Server.js"
import type { PrefectSimulator } from "./prefect/Simulator.js"
import type { ProviderServer } from "./shared/ProviderServer.js"

/** The options of `startSimulator`. Each has a default. */
export interface SimulatorOptions {
  /** Default 0: any free port. `null`: none at all, only {@link Simulator.fetch}. */
  readonly port?: number | null | undefined
  readonly dify?: DifyOptions | undefined
  readonly alloy?: AlloyOptions | undefined
  readonly prefect?: PrefectOptions | undefined
  readonly n8n?: N8nOptions | undefined
  /** Time that every answer takes, in milliseconds. Default 0. */
  readonly latencyMs?: number | undefined
}

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
  /** Calls the interceptor before each request, until another replaces it or the returned function is called. */
  intercept(interceptor: Interceptor): () => void
  /** Ends open connections and frees the port. */
  stop(): Promise<void>
}

/** Number of requests that are remembered. */
const keptRequests = 10_000

/** The path of each provider's API. */
const bases: Readonly<Record<SimulatedProvider, string>> = {
  dify: "/v1",
  alloy: "/alloy",
  n8n: "/n8n/api/v1",
  prefect: prefectBase,
}

/** Starts the log APIs of all providers on 127.0.0.1. */
export const startSimulator = async (options: SimulatorOptions = {}): Promise<Simulator> => {
  expectTime("dify.now", options.dify?.now)
  expectTime("alloy.now", options.alloy?.now)
  expectTime("n8n.now", options.n8n?.now)
  expectTime("prefect.now", options.prefect?.now)
  const dify = makeDifyServer(options.dify ?? {})
  const alloy = makeAlloyServer(options.alloy ?? {})
  const n8n = makeN8nServer(options.n8n ?? {})
  const prefect = makePrefectServer(options.prefect ?? {})
  const requests: Array<SimulatedRequest> = []
  let interceptor: Interceptor | null = null

  const answer = makeAnswering({
    servers: { dify, alloy, n8n, prefect },
    latencyMs: options.latencyMs ?? 0,
    intercept: (request) => interceptor?.(request),
    record: (request) => {
      requests.push(request)
      if (requests.length > keptRequests) requests.shift()
    },
  })
  const { url, stop } =
    options.port === null
      ? { url: "http://simulator.localhost", stop: () => Promise.resolve() }
      : await listen(answer, options.port ?? 0)

  return {
    url,
    fetch: fetchFrom(answer),
    dify: { ...dify.controls, baseUrl: url + bases.dify },
    alloy: { ...alloy.controls, baseUrl: url + bases.alloy },
    prefect: { ...prefect.controls, baseUrl: `${url}${bases.prefect}/api` },
    n8n: { ...n8n.controls, baseUrl: url + bases.n8n },
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

const expectTime = (name: string, now: unknown): void => {
  if (now === undefined || (now instanceof Date && !Number.isNaN(now.getTime()))) return
  throw new TypeError(`${name} must be a Date with a valid time, not ${JSON.stringify(now)}`)
}

/** Answers each request by the interceptor or by the server that its path names, and records it. */
const makeAnswering =
  ({
    servers,
    latencyMs,
    intercept,
    record,
  }: {
    readonly servers: Readonly<Record<SimulatedProvider, ProviderServer>>
    readonly latencyMs: number
    readonly intercept: (...request: Parameters<Interceptor>) => ReturnType<Interceptor>
    readonly record: (request: SimulatedRequest) => void
  }): Answering =>
  async ({ method, path, headers, body }) => {
    const url = new URL(path, "http://127.0.0.1")
    const provider = providerOf(url.pathname)
    const recorded = { provider, method, path, ...(body === "" ? {} : { body }) }
    const intercepted = await intercept({ provider, method, path, headers, body })
    if (intercepted === "disconnect") {
      record({ ...recorded, status: 0 })
      return intercepted
    }
    const server = servers[provider]
    const base = bases[provider]
    const below = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : ""
    const given =
      intercepted === undefined
        ? server.answer({ method, path: below, query: url.searchParams, headers, body })
        : interceptedAnswer(intercepted)
    record({ ...recorded, status: given.status })
    const delay = latencyMs + ((given.skipped ?? 0) / 1000) * server.offsetCostMs
    if (delay > 0) await wait(delay, undefined, { ref: false })
    return given
  }

const providerOf = (path: string): SimulatedProvider => {
  const [, first] = path.split("/")
  return first === "alloy" || first === "n8n" || first === "prefect" ? first : "dify"
}

/** A fetch whose requests are answered without a socket. */
const fetchFrom =
  (answer: Answering): typeof globalThis.fetch =>
  async (input, init) => {
    const request = new Request(input, init)
    const { pathname, search, host } = new URL(request.url)
    const given = await answer({
      method: request.method,
      path: pathname + search,
      headers: { host, ...Object.fromEntries(request.headers) },
      body: await request.text(),
    })
    if (given === "disconnect") throw new TypeError("fetch failed")
    return new Response(given.body, { status: given.status, headers: given.headers })
  }
