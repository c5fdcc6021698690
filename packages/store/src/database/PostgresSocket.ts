import { connect, type Socket } from "node:net"
import type { PostgresAddress } from "./StoreAddress.js"

/** A server requested a cleartext password over an unencrypted connection. */
export class CleartextPasswordError extends Error {
  override readonly name = "CleartextPasswordError"
}

const defaultPort = 5432

/** Opens a socket to a Postgres server. */
export const openSocket = ({ url, host }: PostgresAddress): Socket => {
  const port = Number(url.searchParams.getAll("port").at(-1) ?? (url.port || defaultPort))
  return host.startsWith("/")
    ? connect({ path: `${host}/.s.PGSQL.${port}` })
    : connect({ host: host === "" ? "localhost" : host, port, noDelay: true })
}

/**
 * Closes an unencrypted connection when the server requests a cleartext password, which anybody at that
 * port or in between could read. Call it before other listeners are added to the socket.
 */
export const rejectCleartext = (socket: Socket, asksForTls: boolean): Socket => {
  let received = Buffer.alloc(0)
  let isAnswered = !asksForTls
  const stop = () => socket.off("data", watch)
  const watch = (chunk: Buffer): void => {
    received = Buffer.concat([received, chunk])
    if (!isAnswered) {
      // The reply to SSLRequest is one byte: N continues without TLS.
      if (received[0] !== 0x4e) return void stop()
      isAnswered = true
      received = received.subarray(1)
    }
    while (received.length >= headLength) {
      // https://www.postgresql.org/docs/current/protocol-message-formats.html
      const kind = String.fromCodePoint(received[0] ?? 0)
      const length = 1 + received.readUInt32BE(1)
      if (kind === "R" && received.readUInt32BE(5) === cleartext) {
        socket.destroy(
          new CleartextPasswordError("cleartext password requested without encryption"),
        )
        return void stop()
      }
      if (length > longestBefore) {
        socket.destroy(new Error(`received a message of ${length} bytes during the login`))
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
// Type, length and request code: no message before Z is shorter.
const headLength = 9
const longestBefore = 100_000
