import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:net"
import { inspect } from "node:util"
import { PgClient } from "@effect/sql-pg"
import * as Effect from "effect/Effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Redacted from "effect/Redacted"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openStore, type StoreOptions, type SyncClient } from "../src/index.js"
import { askPostgres, databases, postgresServer } from "./Databases.js"
import { execution, page, running, scripted } from "./ScriptedClient.js"
import { kept, storeOf } from "./StoreOf.js"

const server = new URL(postgresServer ?? "postgres://nobody@127.0.0.1/none")
const canary = `canary-${randomBytes(6).toString("hex")}`
const user = `execlog_${randomBytes(4).toString("hex")}`
const kind = databases.find(({ name }) => name === "Postgres")
const ask = (statement: string) => askPostgres(server.href, statement)

/** The address of a database for another user. */
const as = (address: string, name: string, password: string) => {
  const url = new URL(address)
  url.username = name
  url.password = password
  return url.href
}

const make = () => kind?.make() ?? expect.fail("There is no Postgres")

/** Fails to open a store, with an error without the password. */
const rejected = async (address: string, options: StoreOptions = {}) => {
  const error: unknown = await openStore(address, options).then(
    (store) => store.close(),
    (problem: unknown) => problem,
  )
  for (const shown of [String(error), JSON.stringify(error), inspect(error, { depth: 9 })]) {
    expect(shown).not.toContain(canary)
  }
  return error
}

describe.skipIf(kind === undefined)("a Postgres store that cannot be used", () => {
  beforeAll(() => ask(`CREATE ROLE ${user} LOGIN PASSWORD '${canary}'`))
  afterAll(() => ask(`DROP ROLE IF EXISTS ${user}`))

  it("fails with Unreachable when nobody listens at the address", async () => {
    const free = createServer().listen(0, "127.0.0.1")
    await once(free, "listening")
    const address = free.address()
    const port = typeof address === "object" && address !== null ? address.port : 0
    free.close()
    await once(free, "close")
    expect(await rejected(`postgres://me:${canary}@127.0.0.1:${port}/logs`)).toMatchObject({
      _tag: "StoreError",
      reason: "Unreachable",
      message: expect.stringMatching(
        new RegExp(
          `^The store postgres://127.0.0.1:${port}/logs cannot be reached: .*ECONNREFUSED.*\\.$`,
        ),
      ),
      hint: { code: "check_server" },
    })
  })

  it("fails with AccessDenied when the user or the password is wrong", async () => {
    await using database = await make()
    for (const name of [user, "nobody_of_that_name"]) {
      expect(await rejected(as(database.address, name, `${canary}-wrong`))).toMatchObject({
        reason: "AccessDenied",
        message: expect.stringContaining(
          `rejects the user or the password: password authentication failed for user "${name}"`,
        ),
        hint: { code: "check_password" },
      })
    }
    expect(
      await rejected(as(database.address, user, ""), { password: `${canary}-wrong` }),
    ).toMatchObject({ reason: "AccessDenied" })
  })

  it("fails with NotFound when the database does not exist", async () => {
    const url = new URL(server)
    url.pathname = "/execlog_nowhere"
    expect(await rejected(url.href)).toMatchObject({
      reason: "NotFound",
      message: `The store postgres://${url.host}/execlog_nowhere does not exist: the server has no such database.`,
      hint: { code: "create_database", text: "Create it: createdb execlog_nowhere." },
    })
  })

  it("fails with AccessDenied when the user may not create the schema, and works when it exists", async () => {
    await using database = await make()
    const address = as(database.address, user, canary)
    expect(await rejected(address)).toMatchObject({
      reason: "AccessDenied",
      message: expect.stringMatching(/lacks a permission: permission denied for database \S+\.$/),
      hint: { code: "grant_create" },
    })
    await database.ask(`CREATE SCHEMA execlog AUTHORIZATION ${user}`)
    await using store = await storeOf({ address })
    expect(await store.sync(scripted({}))).toMatchObject({ isComplete: true })
  })

  it("fails with ReadOnly when the database is read-only", async () => {
    await using database = await make()
    const name = new URL(database.address).pathname.slice(1)
    await ask(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    expect(await rejected(database.address)).toMatchObject({
      reason: "ReadOnly",
      message: expect.stringContaining("cannot be written: it is read-only"),
    })
    await ask(`ALTER DATABASE ${name} RESET default_transaction_read_only`)
  })

  it("fails with NotAStore when the schema holds other tables", async () => {
    await using database = await make()
    await database.ask("CREATE SCHEMA execlog")
    await database.ask("CREATE TABLE execlog.invoices (number integer)")
    expect(await rejected(database.address)).toMatchObject({
      reason: "NotAStore",
      message: expect.stringMatching(
        /is a database of another program: it contains the table invoices\.$/,
      ),
    })
  })

  it("fails with Locked when another program holds a lock for too long", async () => {
    await using database = await make()
    await using store = await storeOf(database, { busyTimeoutMs: 50 })
    await Effect.gen(function* () {
      const sql = yield* PgClient.makeClient({ url: Redacted.make(database.address) })
      yield* sql.withTransaction(
        Effect.andThen(sql`LOCK TABLE execlog.connections`, () =>
          Effect.promise(() =>
            expect(store.sync(scripted({}))).rejects.toMatchObject({
              reason: "Locked",
              message: expect.stringMatching(/ is held by another program\.$/),
            }),
          ),
        ),
      )
    }).pipe(Effect.scoped, Effect.provide(Reactivity.layer), Effect.runPromise)
    expect(await store.sync(scripted({}))).toMatchObject({ isComplete: true })
  })

  it("fails with Unreachable when the server drops the connection within a page, and the next sync resumes", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const name = new URL(database.address).pathname.slice(1)
    const cursors: Array<unknown> = []
    const isKept = Promise.withResolvers<void>()
    const isLocked = Promise.withResolvers<void>()
    const source = scripted({})
    const client: SyncClient = {
      ...source,
      prepare: (query) => ({
        ...source.prepare(query),
        async *pages({ cursor } = {}) {
          cursors.push(cursor)
          if (cursor !== "second") yield page([execution("1")], { next: "second" })
          await isLocked.promise
          yield page([running("2")], { at: 1 })
        },
      }),
    }
    const syncing = store
      .sync(client, { onProgress: () => isKept.resolve() })
      .catch((error: unknown) => error)
    await isKept.promise
    // It waits within its transaction until it is dropped.
    const dropWaiting = async () => {
      isLocked.resolve()
      let found = 0
      while (found === 0) {
        const waiting = await ask(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = '${name}' AND wait_event_type = 'Lock'`,
        )
        found = waiting.length
      }
      expect(await syncing).toMatchObject({
        reason: "Unreachable",
        message: expect.stringMatching(/^The store postgres:\/\/\S+ cannot be reached: /),
      })
    }
    await Effect.gen(function* () {
      const sql = yield* PgClient.makeClient({ url: Redacted.make(database.address) })
      yield* sql.withTransaction(
        Effect.andThen(sql`LOCK TABLE execlog.sync_positions`, () => Effect.promise(dropWaiting)),
      )
    }).pipe(Effect.scoped, Effect.provide(Reactivity.layer), Effect.runPromise)
    expect((await kept(store)).map(({ id }) => id)).toEqual(["1"])
    await store.sync(client, { onWarning: () => {} })
    expect((await kept(store)).map(({ id }) => id)).toEqual(["2", "1"])
    expect(cursors).toContain("second")
  })
})
