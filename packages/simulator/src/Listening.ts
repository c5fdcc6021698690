import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http"
import { text } from "node:stream/consumers"
import type { HttpAnswer } from "./shared/HttpAnswer.js"

/** A request to the simulator, with the query in its path. */
interface SentRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Empty where there is none. */
  readonly body: string
}

/** The response to a request; "disconnect" breaks the connection instead. */
export type Answering = (request: SentRequest) => Promise<HttpAnswer | "disconnect">

/** A server on loopback. */
export interface Listening {
  readonly url: string
  /** Ends open connections and frees the port. A second call does nothing. */
  readonly stop: () => Promise<void>
}

/** Listens on a port of 127.0.0.1; 0 is any free port. */
export const listen = async (answer: Answering, port: number): Promise<Listening> => {
  const server = createServer((message, response) => {
    respond(answer, message, response).catch((cause: unknown) => {
      const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
      process.stderr.write(`execlog simulator: ${why}\n`)
      response.destroy()
    })
  })
  return {
    url: await urlOf(server, port),
    stop: async () => {
      if (!server.listening) return
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

const urlOf = async (server: Server, port: number): Promise<string> => {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject)
    server.listen(port, "127.0.0.1", resolve)
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The simulator has no port")
  return `http://127.0.0.1:${address.port}`
}

const respond = async (
  answer: Answering,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { method = "GET", url: path = "/", headers } = message
  const given = await answer({ method, path, headers, body: await text(message) })
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
