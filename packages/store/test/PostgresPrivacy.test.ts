import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { createServer, type Socket } from "node:net"
import { inspect } from "node:util"
import { describe, expect, inject, it } from "vitest"
import { openStore, type StoreOptions } from "../src/index.js"
import { askPostgres, databases, postgresServer } from "./Databases.js"
import { scripted } from "./ScriptedClient.js"
import { storeOf } from "./StoreOf.js"

const canary = `canary-${randomBytes(6).toString("hex")}`
const certificate = inject("postgresCertificate")
const kind = databases.find(({ name }) => name === "Postgres")
const make = () => kind?.make() ?? expect.fail("There is no Postgres")

/** Fails to open a store, with an error without the password, in clear or as it is sent. */
const rejected = async (address: string, options: StoreOptions = {}) => {
  const error: unknown = await openStore(address, options).then(
    (store) => store.close(),
    (problem: unknown) => problem,
  )
  const shown = [String(error), JSON.stringify(error), inspect(error, { depth: 9 })].join("\n")
  expect(shown).not.toContain(canary)
  expect(shown).not.toContain(btoa(canary).slice(0, 12))
  return error
}

/** The address of a database, otherwise reached. */
const reached = (address: string, by: Partial<Pick<URL, "hostname" | "search" | "username">>) => {
  const url = new URL(address)
  for (const [part, value] of Object.entries(by)) Reflect.set(url, part, value)
  if (by.username !== undefined) url.password = canary
  return url.href
}

const trusting = `sslrootcert=${encodeURIComponent(certificate ?? "")}`

describe.skipIf(kind === undefined || certificate === null)(
  "a store in a Postgres with TLS",
  () => {
    it("encrypts connections to other machines and checks the certificate", async () => {
      await using database = await make()
      // To a socket it is this machine; as an address it is none of its own.
      const hostname = "0.0.0.0"
      expect(await rejected(reached(database.address, { hostname }))).toMatchObject({
        reason: "Unreachable",
        message: expect.stringMatching(/its certificate is not trusted: .*self.signed certificate/),
        hint: { text: expect.stringContaining("?sslrootcert=FILE") },
      })
      const address = reached(database.address, { hostname, search: trusting })
      await using store = await storeOf({ address })
      expect(await store.sync(scripted({}))).toMatchObject({ isComplete: true })
      const own = await database.ask(
        `SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
       WHERE application_name = 'execlog' AND datname = current_database()`,
      )
      expect(own).toEqual([{ ssl: true }])
    })

    it("does not encrypt with sslmode=disable, or on this machine", async () => {
      await using database = await make()
      const plain = [
        database.address,
        reached(database.address, { hostname: "0.0.0.0", search: "sslmode=disable" }),
      ]
      for (const address of plain) {
        await using store = await storeOf({ address })
        expect(await store.connections()).toEqual([])
        const own = await database.ask(
          `SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
         WHERE application_name = 'execlog' AND datname = current_database()`,
        )
        expect(own).toEqual([{ ssl: false }])
      }
    })

    it("sends a cleartext password only over TLS", async () => {
      await using database = await make()
      const username = "execlog_cleartext"
      await askPostgres(
        postgresServer ?? "",
        `CREATE ROLE ${username} SUPERUSER LOGIN PASSWORD '${canary}'`,
      )
      try {
        expect(await rejected(reached(database.address, { username }))).toMatchObject({
          reason: "AccessDenied",
          message: expect.stringContaining(
            "requests a cleartext password over an unencrypted connection",
          ),
          hint: { text: expect.stringContaining("?sslmode=require") },
        })
        const search = `sslmode=require&${trusting}`
        await using store = await storeOf({
          address: reached(database.address, { username, search }),
        })
        expect(await store.sync(scripted({}))).toMatchObject({ isComplete: true })
      } finally {
        await database.ask(`DROP OWNED BY ${username} CASCADE`)
        await askPostgres(postgresServer ?? "", `DROP ROLE ${username}`)
      }
    })

    it("fails with InvalidAddress when the file of sslrootcert cannot be read", async () => {
      await using database = await make()
      const search = "sslrootcert=/nowhere/authority.pem"
      expect(await rejected(reached(database.address, { search }))).toMatchObject({
        reason: "InvalidAddress",
        message: expect.stringContaining("cannot be read: /nowhere/authority.pem"),
      })
    })
  },
)

/** A server that answers the first message of a client, and what it received. */
const listening = async (answer: (socket: Socket) => void | Promise<void>) => {
  const received: Array<Buffer> = []
  const server = createServer((socket) => {
    socket.on("error", () => {})
    socket.on("data", (chunk) => {
      received.push(chunk)
      if (received.length === 1) void answer(socket)
    })
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const found = server.address()
  const port = typeof found === "object" && found !== null ? found.port : 0
  return {
    address: (host: string, search = "") => `postgres://me:${canary}@${host}:${port}/logs${search}`,
    received: () => Buffer.concat(received).toString("latin1"),
    [Symbol.asyncDispose]: async () => {
      server.close()
      await once(server, "close")
    },
  }
}

const message = (kind: string, ...parts: ReadonlyArray<string | number>): Buffer => {
  const body = Buffer.concat(
    parts.map((part) => {
      if (typeof part === "string") return Buffer.from(part)
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(part)
      return bytes
    }),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(kind), length, body])
}

const askingForIt = message("R", 3)

describe("a hostile server in place of Postgres", () => {
  it.each([
    ["at once", [askingForIt]],
    [
      "in pieces",
      [askingForIt.subarray(0, 3), askingForIt.subarray(3, 7), askingForIt.subarray(7)],
    ],
    [
      "behind other messages",
      [Buffer.concat([message("S", "a\0b\0"), message("N", "Mhello\0\0"), askingForIt])],
    ],
    ["after a false end of the login", [Buffer.concat([message("R", 0), askingForIt])]],
  ])("never receives the password when it asks for it %s", async (_, pieces) => {
    await using server = await listening(async (socket) => {
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    expect(await rejected(server.address("127.0.0.1"))).toMatchObject({ reason: "AccessDenied" })
    expect(server.received()).not.toContain(canary)
  })

  it("never receives the password without TLS when the address is of another machine", async () => {
    {
      await using server = await listening((socket) => void socket.write("N"))
      expect(await rejected(server.address("0.0.0.0"))).toMatchObject({
        reason: "Unreachable",
        message: expect.stringContaining("the server does not support TLS"),
        hint: { text: expect.stringContaining("?sslmode=disable") },
      })
      expect(server.received()).not.toContain("logs")
    }
    await using server = await listening((socket) => {
      socket.write("N")
      socket.once("data", () => socket.write(askingForIt))
    })
    const preferring = server.address("0.0.0.0", "?sslmode=prefer")
    expect(await rejected(preferring)).toMatchObject({ reason: "AccessDenied" })
    expect(server.received()).toContain("logs")
    expect(server.received()).not.toContain(canary)
  })

  it("cannot leak the password through an error that repeats it", async () => {
    const said = `no entry for ${canary}, ${btoa(`me:${canary}`)}, ${encodeURIComponent(canary)}`
    const fields = `SFATAL\0C28000\0M${said}\0D${said}\0H${said}\0\0`
    await using server = await listening((socket) => void socket.end(message("E", fields)))
    expect(await rejected(server.address("127.0.0.1"))).toMatchObject({ reason: "AccessDenied" })
    const bare = server.address("127.0.0.1").replace(`:${canary}`, "")
    expect(await rejected(bare, { password: canary })).toMatchObject({ _tag: "StoreError" })
  })
})

describe("an address that resembles one of Postgres", () => {
  it.each([
    `postgres:/me:${canary}@db.example.com/logs`,
    `postgres:me:${canary}@db.example.com/logs`,
    `postgress://me:${canary}@db.example.com/logs`,
    `postgres//me:${canary}@db.example.com/logs`,
    `postgresql;//me:${canary}@db.example.com/logs`,
    ` postgres://me:${canary}@db.example.com/logs`,
    `"postgres://me:${canary}@db.example.com/logs"`,
    `//me:${canary}@db.example.com/logs`,
    `me:${canary}@db.example.com/logs`,
    `pg:me:${canary}@db.example.com`,
    `host=db.example.com user=me password=${canary}`,
    `jdbc:postgresql://db.example.com/logs?password=${canary}`,
    `postgres://me:12/${canary}@db.example.com/logs`,
    `postgres://me:12#${canary}@db.example.com/logs`,
    `postgres://me:${canary}/x@db.example.com:none/logs`,
  ])("rejects the address, and does not show it: %s", async (address) => {
    expect(await rejected(address)).toMatchObject({ reason: "InvalidAddress" })
  })
})
