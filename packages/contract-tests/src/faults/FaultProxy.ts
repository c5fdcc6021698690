import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"

/** A request that reached the proxy. */
export interface ProxiedRequest {
  /** The number of earlier requests. */
  readonly index: number
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** A complete HTTP response. */
export interface Answer {
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string | Uint8Array
}

/** How much of a broken response is sent. */
export type Progress = "nothing" | "headers" | "half"

/** The reply of the proxy to a request. */
export type Reply =
  | { readonly kind: "whole"; readonly answer: Answer }
  /** Goes silent and leaves the socket open. */
  | { readonly kind: "stall"; readonly after: Progress; readonly answer: Answer }
  /** Resets the connection (RST). */
  | { readonly kind: "reset"; readonly after: Progress; readonly answer: Answer }

/** An HTTP server on loopback that answers, breaks off or goes silent on command. */
export interface FaultProxy extends AsyncDisposable {
  readonly origin: string
  /** The number of received requests. */
  readonly requestCount: () => number
  /** The number of open sockets. */
  readonly sockets: () => number
  /** The number of requests that it leaves waiting on purpose, with open sockets. */
  readonly stalled: () => number
  /** Opens the port, or closes it so that connections are refused. */
  readonly setListening: (isListening: boolean) => Promise<void>
}

/** Starts a proxy that calls a function for each reply. */
export const startFaultProxy = async (
  reply: (request: ProxiedRequest) => Promise<Reply>,
): Promise<FaultProxy> => {
  const sockets = new Set<Socket>()
  let requestCount = 0
  let stalled = 0
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const index = requestCount++
    const chunks: Array<Buffer> = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const given = await reply({
      index,
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: Buffer.concat(chunks).toString("utf8"),
    })
    const { status, headers, body } = given.answer
    const bytes = Buffer.from(body)
    // One socket per exchange: an open socket is an unfinished exchange.
    const isChunked = headers["transfer-encoding"] === "chunked"
    const length = isChunked ? {} : { "content-length": String(bytes.byteLength) }
    const head = { ...length, ...headers, connection: "close" }
    if (given.kind === "whole") {
      response.writeHead(status, head)
      response.end(bytes)
      return
    }
    if (given.after !== "nothing") {
      response.writeHead(status, head)
      response.flushHeaders()
    }
    if (given.after === "half") {
      const half = bytes.subarray(0, bytes.byteLength >> 1)
      await new Promise<void>((resolve) => response.write(half, () => resolve()))
    }
    if (given.kind === "reset") {
      request.socket.resetAndDestroy()
      return
    }
    stalled++
    request.socket.once("close", () => stalled--)
  }
  const server = createServer((request, response) => {
    respond(request, response).catch((cause: unknown) => {
      response.destroy(cause instanceof Error ? cause : new Error(String(cause)))
    })
  })
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  let port = 0
  const setListening = async (isListening: boolean): Promise<void> => {
    if (isListening === server.listening) return
    if (isListening) {
      server.listen(port, "127.0.0.1")
      await once(server, "listening")
      // A TCP server: its address is not a path.
      port = (server.address() as AddressInfo).port
      return
    }
    const closed = once(server, "close")
    server.close()
    server.closeAllConnections()
    await closed
  }
  await setListening(true)
  return {
    origin: `http://127.0.0.1:${port}`,
    requestCount: () => requestCount,
    sockets: () => sockets.size,
    stalled: () => stalled,
    setListening,
    [Symbol.asyncDispose]: () => setListening(false),
  }
}
