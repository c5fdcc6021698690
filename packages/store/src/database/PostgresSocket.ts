import { connect, type Socket } from "node:net"
import type { PostgresAddress } from "./StoreAddress.js"

/** A server asked for the password as it is, over a connection that is not encrypted. */
export class CleartextPasswordError extends Error {
  override readonly name = "CleartextPasswordError"
}

const defaultPort = 5432

/** A socket to a server of Postgres. */
export const openSocket = ({ url, host }: PostgresAddress): Socket => {
  const port = Number(url.searchParams.getAll("port").at(-1) ?? (url.port || defaultPort))
  return host.startsWith("/")
    ? connect({ path: `${host}/.s.PGSQL.${port}` })
    : connect({ host: host === "" ? "localhost" : host, port, noDelay: true })
}

/**
 * Breaks a connection over which the server asks for the password itself while nothing is encrypted:
 * whoever listens at that port, or between, would have it. Its listener is to be the socket's first.
 */
export const refuseCleartext = (socket: Socket, asksForTls: boolean): Socket => {
  let received = Buffer.alloc(0)
  let isAnswered = !asksForTls
  const stop = () => socket.off("data", watch)
  const watch = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk])
    if (!isAnswered) {
      // One byte: N where it goes on without TLS.
      if (received[0] !== 0x4e) return void stop()
      isAnswered = true
      received = received.subarray(1)
    }
    while (received.length >= headLength) {
      // https://www.postgresql.org/docs/current/protocol-message-formats.html
      const kind = String.fromCodePoint(received[0] ?? 0)
      const length = 1 + received.readUInt32BE(1)
      if (kind === "R" && received.readUInt32BE(5) === cleartext) {
        socket.destroy(new CleartextPasswordError("the password is asked for without encryption"))
        return void stop()
      }
      if (length > longestBefore) {
        socket.destroy(new Error(`a message of ${length} bytes came before the connection stood`))
        return void stop()
      }
      if (kind === "Z") return void stop()
      if (received.length < length) return
      received = received.subarray(length)
    }
  }
  return socket.on("data", watch)
}

const cleartext = 3
// The kind of a message, its length and the number of what it asks for: none before Z is shorter.
const headLength = 9
const longestBefore = 100_000
