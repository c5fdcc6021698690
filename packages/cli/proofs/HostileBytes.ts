import type { ServerResponse } from "node:http"
import type { Randomness } from "@execlog/simulator"

/** Bytes instead of a response. */
export interface HostileBytes {
  readonly kind: string
  readonly bytes: string
  /** Whether the connection is closed after them; otherwise it stays open without more data. */
  readonly ends: boolean
}

/** Makes bytes that are not valid HTTP; `echo` is the key that was sent. */
export const hostileBytes = (body: string, random: Randomness, echo: string): HostileBytes => {
  const length = Buffer.byteLength(body)
  const json = "Content-Type: application/json\r\n"
  const whole = `HTTP/1.1 200 OK\r\n${json}Content-Length: ${length}\r\n\r\n${body}`
  const makers: ReadonlyArray<() => readonly [kind: string, bytes: string]> = [
    () => ["no bytes", ""],
    () => ["an answer that breaks off", whole.slice(0, random.below(whole.length))],
    () => ["no HTTP", `${echo}\r\n\r\n`],
    () => ["zero bytes", "\0".repeat(1 + random.below(100_000))],
    () => [
      "an odd status",
      `HTTP/1.1 ${random.pick(["999", "-1", "2000", "abc", "099"])} x\r\n\r\n`,
    ],
    () => [
      "another protocol",
      `HTTP/${random.pick(["9.9", "0.9", "2", ""])} 200 OK\r\n\r\n${body}`,
    ],
    () => ["a key for a reason", `HTTP/1.1 500 ${echo}\r\nContent-Length: 0\r\n\r\n`],
    () => ["a long line", `HTTP/1.1 200 ${"x".repeat(100_000)}\r\n\r\n`],
    () => ["a long header", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(200_000)}\r\n\r\n`],
    () => ["many headers", `HTTP/1.1 200 OK\r\n${`X: ${echo}\r\n`.repeat(20_000)}\r\n`],
    () => ["no header", `HTTP/1.1 200 OK\r\nthere is no colon: ${echo}\r\nhere\r\n\r\n${body}`],
    () => ["a zero in a header", `HTTP/1.1 200 OK\r\nX: a\0b\r\n${json}\r\n${body}`],
    () => ["a folded header", `HTTP/1.1 200 OK\r\nX: a\r\n b\r\n${json}\r\n${body}`],
    () => [
      "two lengths",
      `HTTP/1.1 200 OK\r\n${json}Content-Length: ${length}\r\nContent-Length: 3\r\n\r\n${body}`,
    ],
    () => [
      "a length and chunks",
      `HTTP/1.1 200 OK\r\n${json}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\n[]\n\r\n0\r\n\r\n`,
    ],
    () => [
      "odd chunks",
      `HTTP/1.1 200 OK\r\n${json}Transfer-Encoding: chunked\r\n\r\n${random.pick(["FFFFFFFFFFFFFFFF", "-1", "zz", `1;${"x".repeat(50_000)}`, ""])}\r\n{\r\n`,
    ],
    () => [
      "trailers",
      `HTTP/1.1 200 OK\r\n${json}Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n${length.toString(16)}\r\n${body}\r\n0\r\nX: ${echo}\r\n\r\n`,
    ],
    () => ["early answers", `${"HTTP/1.1 100 Continue\r\n\r\n".repeat(2000)}${whole}`],
    () => [
      "early hints",
      `${`HTTP/1.1 103 Early Hints\r\nLink: ${echo}\r\n\r\n`.repeat(500)}${whole}`,
    ],
    () => [
      "another protocol from here on",
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ],
    () => ["two answers", whole + whole],
    () => [
      "too short a length",
      whole.replace(/Length: \d+/, `Length: ${random.below(length + 1)}`),
    ],
    () => ["too long a length", whole.replace(/Length: \d+/, `Length: ${length + 10}`)],
    () => ["a length beyond all", whole.replace(/Length: \d+/, "Length: 99999999999999999999")],
    () => [
      "another encoding of the body",
      whole.replace("\r\n\r\n", "\r\nContent-Encoding: br, zstd\r\n\r\n"),
    ],
    () => ["a redirect to itself", "HTTP/1.1 307 Go\r\nLocation: \r\nContent-Length: 0\r\n\r\n"],
    () => [
      "a place of bytes",
      "HTTP/1.1 302 Go\r\nLocation: /\xff\xfe\r\nContent-Length: 0\r\n\r\n",
    ],
  ]
  const [kind, bytes] = random.pick(makers)?.() ?? ["no bytes", ""]
  return { kind, bytes, ends: !random.chance(1 / 20) }
}

/** Writes without end, until the reader has gone. */
export const neverEnding = (response: ServerResponse, random: Randomness): void => {
  const piece = (random.pick([" ", "0,", "[", '{"a":', '"a",', "\0", "é"]) ?? " ").repeat(16 * 1024)
  response.write('{"data":[')
  const more = (): void => {
    if (response.destroyed) return
    if (response.write(piece)) setImmediate(more)
    else response.once("drain", more)
  }
  more()
}
