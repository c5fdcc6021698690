import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { buffer } from "node:stream/consumers"
import type { Randomness, Simulator } from "@execlog/simulator"
import { hostileAnswer } from "./HostileAnswer.ts"
import { hostileBytes, neverEnding } from "./HostileBytes.ts"

/** A provider of the server: the key that its simulator accepts, and its path. */
interface PlayedProvider {
  readonly baseUrl: string
  readonly ownKey: string
}

/** The behaviour of the server in a case. */
interface Turn {
  readonly provider: PlayedProvider
  readonly random: Randomness
  /** The key that it receives and echoes. */
  readonly key: string
  /** How many of its responses may be hostile. */
  readonly most: number
  /** Called with the kind of each hostile response before it is sent. */
  readonly onAnswer: (kind: string) => void
}

/** A server on loopback that sends hostile responses between valid ones. */
export interface HostileServer {
  readonly port: number
  /** Sets the behaviour from now on. Drops requests of the case before. */
  readonly begin: (turn: Turn) => void
}

const cutOffOf10 = 1
const bytesOf10 = 1

/** Starts it; `bomb` returns a gzip body that is large when decompressed. */
export const startHostileServer = async (
  simulator: Simulator,
  bomb: (random: Randomness) => Uint8Array,
): Promise<HostileServer> => {
  let turn: Turn | null = null
  let left = 0
  const server = createServer((request, response) => {
    const asked = turn
    answer(request, response, asked).catch(() => response.destroy())
  })

  const answer = async (request: IncomingMessage, response: ServerResponse, asked: Turn | null) => {
    const body = await buffer(request)
    if (asked === null || asked !== turn) return void response.destroy()
    const { random, key } = asked
    const sound = await soundAnswer(request, body, asked)
    if (left <= 0 || random.chance(1 / 3)) {
      response.writeHead(sound.status, { "content-type": "application/json" })
      return void response.end(sound.text)
    }
    left -= 1
    const roll = random.below(10)
    if (roll < bytesOf10) {
      const { kind, bytes, ends } = hostileBytes(sound.text, random, key)
      asked.onAnswer(kind)
      const { socket } = response
      if (socket === null) return
      socket.write(bytes)
      if (ends) socket.end()
      return
    }
    if (roll < bytesOf10 + cutOffOf10 && random.chance(1 / 4)) {
      asked.onAnswer("a body without an end")
      response.writeHead(200, { "content-type": "application/json" })
      return neverEnding(response, random)
    }
    const hostile = hostileAnswer(sound, random, { echo: key, bomb: () => bomb(random) })
    asked.onAnswer(hostile.kind)
    try {
      response.writeHead(hostile.status, hostile.headers)
    } catch {
      // Node does not write such a header; HostileBytes covers it.
      response.writeHead(hostile.status, { "content-type": "application/json" })
    }
    response.end(hostile.body)
  }

  /** The valid response, from a simulator that has another key. */
  const soundAnswer = async (request: IncomingMessage, body: Buffer, { provider, key }: Turn) => {
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers)) {
      if (typeof value !== "string" || name === "connection" || name === "content-length") continue
      if (name === "authorization" && provider.ownKey === "") continue
      headers.set(name, value.replace(key, provider.ownKey))
    }
    const url = new URL(request.url ?? "/", provider.baseUrl)
    const method = request.method ?? "GET"
    const response = await simulator.fetch(url, {
      method,
      headers,
      body: method === "GET" ? null : body.toString("utf8"),
    })
    return { status: response.status, text: await response.text() }
  }

  server.on("clientError", (_, socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    port: (server.address() as AddressInfo).port,
    begin: (next) => {
      server.closeAllConnections()
      turn = next
      left = next.most
    },
  }
}
