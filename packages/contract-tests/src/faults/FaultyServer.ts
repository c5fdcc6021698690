import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Connection } from "@execlog/core/adapter"
import { asksJoin, asksWithin } from "../kit/JoinExchanges.js"
import type { ProviderServer } from "../kit/ProviderServer.js"
import type { ParameterizedRequest } from "../kit/RequestParameters.js"
import { type AdapterUnderTest, connect } from "../kit/Subject.js"
import type { Fault, Target } from "./Fault.js"
import { type Answer, startFaultProxy } from "./FaultProxy.js"
import { canary, echo } from "./KeySearch.js"

/** A provider's server behind a proxy that commits one fault. */
export interface FaultyServer extends AsyncDisposable {
  readonly target: Target
  /** All settings for a connection to it. */
  readonly settings: { readonly [name: string]: unknown }
  /** Prepares the port for the broken request of this index, which is about to be sent. */
  readonly expect: (index: number) => Promise<void>
  /** Tells the server the time of the test clock, in milliseconds. */
  readonly setTime: (now: number) => void
  readonly sockets: () => number
  /** The number of requests that it leaves waiting on purpose. */
  readonly stalled: () => number
  /** The number of requests to the other origin, which must be 0. */
  readonly strayed: () => number
}

/** Whether the fault applies to a request. */
export const isBefallen = (
  { join, connection }: Target,
  request: { readonly method: string; readonly path: string },
): boolean =>
  join === null ? !asksWithin(connection, request) : asksJoin(connection, join, request)

/** Starts a proxy that commits a fault in front of a provider's server. */
export const startFaultyServer = async (
  adapter: AdapterUnderTest,
  server: ProviderServer,
  targetOf: (connection: Connection) => Target,
  fault: Fault,
): Promise<FaultyServer> => {
  const address = new URL(server.baseUrl)
  const requests: Array<ParameterizedRequest> = []
  let now = 0
  let current = 0
  const stranger = await startStranger()
  const secrets = namesOf(adapter, "secret")
  const keyOf = keyFor(secrets)

  const proxy = await startFaultProxy(async ({ method, path, headers, body }) => {
    const request = { url: path, body }
    const provided = async (other: ParameterizedRequest = request): Promise<Answer> => {
      const response = await server.fetch(`${address.origin}${other.url}`, {
        method,
        headers: Object.fromEntries(
          Object.entries(headers)
            .filter(([name]) => name !== "host" && name !== "connection")
            .map(([name, value]) => [name, withRealKeys(value)]),
        ),
        ...(other.body === "" ? {} : { body: other.body }),
      })
      const { "content-length": _, ...kept } = Object.fromEntries(response.headers)
      return { status: response.status, headers: kept, body: await response.text() }
    }
    if (!isBefallen(target, { method, path })) return { kind: "whole", answer: await provided() }
    requests.push(request)
    const turn = current - target.firstBroken
    return fault.reply({
      target,
      turn,
      path,
      requests: [...requests],
      now,
      echo,
      otherOrigin: stranger.origin,
      provided,
    })
  })

  const withRealKeys = (header: string): string =>
    secrets.reduce(
      (text, name) => text.replaceAll(keyOf(name), String(server.settings[name])),
      header,
    )
  const settings = {
    ...server.settings,
    ...Object.fromEntries(secrets.map((name) => [name, keyOf(name)])),
    ...Object.fromEntries(
      namesOf(adapter, "url").map((name) => [name, `${proxy.origin}${address.pathname}`]),
    ),
  }
  const target = targetOf(connect(adapter, settings))
  return {
    target,
    settings,
    expect: async (index) => {
      current = index
      await proxy.setListening(fault.isListening?.(index - target.firstBroken) ?? true)
    },
    setTime: (time) => {
      now = time
    },
    sockets: proxy.sockets,
    stalled: proxy.stalled,
    strayed: stranger.requestCount,
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]()
      await stranger.stop()
    },
  }
}

const namesOf = ({ settings }: AdapterUnderTest, wanted: string): ReadonlyArray<string> =>
  settings.filter(({ kind }) => kind === wanted).map(({ name }) => name)

/** A distinct key for each secret setting. Servers repeat that of `apiKey`, or of the first. */
const keyFor = (secrets: ReadonlyArray<string>) => {
  const main = secrets.includes("apiKey") ? "apiKey" : secrets[0]
  return (name: string): string => (name === main ? canary : `${canary}-${name}`)
}

/**
 * A random loopback address, if the machine has all of 127/8. Other tests soon reuse the port, and their
 * clients may still send requests to it.
 */
const hostOfItsOwn = (): string => {
  if (process.platform !== "linux") return "127.0.0.1"
  const part = () => 1 + Math.floor(Math.random() * 254)
  return `127.${part()}.${part()}.${part()}`
}

/** A server that only counts requests. */
const startStranger = async () => {
  let requestCount = 0
  const server = createServer((_request, response) => {
    requestCount++
    response.end("{}")
  })
  const host = hostOfItsOwn()
  server.listen(0, host)
  await once(server, "listening")
  // A TCP server: its address is not a path.
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://${host}:${port}`,
    requestCount: () => requestCount,
    stop: async () => {
      const closed = once(server, "close")
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
