import type { LogQuery } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { ResolvedMigration } from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { describe, expect, it } from "vitest"
import { openDatabase } from "../src/database/Database.js"
import { migrations } from "../src/database/Migrations.js"
import { readStoreAddress } from "../src/database/StoreAddress.js"
import { type Access, openStore, type SyncWarning } from "../src/index.js"
import { databases, type TestDatabase } from "./Databases.js"
import { began, execution, page, scripted } from "./ScriptedClient.js"
import { kept, storeOf } from "./StoreOf.js"

const today = migrations.length
/** The version that a later program has. */
const next = today + 1

/** A migration of these statements. */
const migration = (version: number, ...statements: ReadonlyArray<string>): ResolvedMigration => [
  version,
  "later",
  Effect.succeed(
    Effect.gen(function* () {
      const sql = yield* SqlClient
      for (const statement of statements) yield* sql.unsafe(statement)
    }),
  ),
]

const note = "ALTER TABLE executions ADD COLUMN note text"

/** Opens a store with a program that knows more versions. */
const openLater = (
  { address }: TestDatabase,
  access: Access,
  ...later: ReadonlyArray<ResolvedMigration>
) =>
  readStoreAddress(address).pipe(
    Effect.flatMap((read) => openDatabase(read, { access }, [...migrations, ...later])),
    Effect.asVoid,
    Effect.scoped,
    Effect.runPromise,
  )

/** A database with a store of today's version, and one execution in it. */
const filled = async (database: TestDatabase) => {
  await using store = await storeOf(database)
  await store.sync(scripted({ pages: () => [page([execution("1")])] }))
}

/** A store as the first version left it: an execution of each of these, with the columns it had then. */
const ofFirstVersion = (
  { address }: TestDatabase,
  documents: ReadonlyArray<Record<string, unknown>>,
) =>
  readStoreAddress(address).pipe(
    Effect.flatMap((read) => openDatabase(read, { access: "write" }, migrations.slice(0, 1))),
    Effect.flatMap((sql) =>
      Effect.gen(function* () {
        const names = [
          { id: 1, name: "shop", provider: "scripted" },
          { id: 2, name: "scripted", provider: "scripted" },
        ]
        for (const name of names) {
          yield* sql`INSERT INTO connections ${sql.insert({ ...name, server: "of old", created_at: 1 })}`
        }
        for (const [index, document] of documents.entries()) {
          const key = index + 1
          const row = {
            key,
            connection_id: 1 + (index % 2),
            id: String(document["id"]),
            status: "failed",
          }
          const seen = { is_open: 0, listing_at: 1, observed_at: 1, first_seen_at: 1 }
          yield* sql`INSERT INTO executions ${sql.insert({ ...row, ...seen })}`
          const execution = JSON.stringify(document)
          yield* sql`INSERT INTO documents ${sql.insert({ key, execution })}`
        }
      }),
    ),
    Effect.scoped,
    Effect.runPromise,
  )

describe.each(databases)("the version of a store in $name", ({ make }) => {
  it("upgrades a store of version 1, and reads the times from its documents", async () => {
    await using database = await make()
    const at = (minute: number) => new Date(began + minute * 60_000)
    const { provider: _, connection: __, ...summary } = execution("1", { status: "failed" })
    const { timestamp: ___, scheduledFor: ____, attempt: _____, tags: ______, ...old } = summary
    const times = { startedAt: null, finishedAt: null, listedAt: null }
    await ofFirstVersion(database, [
      { ...old, ...times, id: "started", startedAt: at(1), finishedAt: at(2) },
      { ...old, ...times, id: "ended", finishedAt: at(3), listedAt: at(1) },
      { ...old, ...times, id: "listed", listedAt: at(4), providerStatus: "a\0b", url: "\ud800" },
      { ...old, ...times, id: "timeless" },
    ])
    await using store = await storeOf(database)
    const found = await kept(store)
    expect(found.map(({ id, timestamp, connection }) => [id, timestamp, connection])).toEqual([
      ["timeless", null, null],
      ["listed", at(4), "shop"],
      ["ended", at(3), null],
      ["started", at(1), "shop"],
    ])
    expect(found[1]).toMatchObject({
      providerStatus: "a\0b",
      url: "\ud800",
      tags: [],
      attempt: null,
    })
    const ids = async (query: LogQuery) => (await kept(store, query)).map(({ id }) => id)
    expect(await ids({ since: at(3), until: at(4) })).toEqual(["ended"])
    expect(await ids({ finishedSince: at(2), finishedUntil: at(3) })).toEqual(["started"])
    expect(await ids({ providerStatus: "a\0b" })).toEqual(["listed"])
    // Another version wrote the fingerprint of its server differently; the server is the same.
    const texts: Array<string> = []
    const onWarning = ({ text }: SyncWarning) => void texts.push(text)
    const same = scripted({ pages: () => [page([execution("started")])] })
    expect(await store.sync(same, { onWarning })).toMatchObject({ added: 0, changed: 1 })
    expect(texts).toEqual([])
  })

  it("rejects a store newer than the program", async () => {
    await using database = await make()
    await filled(database)
    await openLater(database, "write", migration(next, note))
    for (const access of ["read", "write"] as const) {
      await expect(openStore(database.address, { access })).rejects.toMatchObject({
        _tag: "StoreError",
        reason: "Newer",
        message: expect.stringMatching(
          new RegExp(
            `^The store \\S+ has version ${next}, but this execlog reads version ${today}\\.$`,
          ),
        ),
        hint: { code: "upgrade" },
      })
    }
  })

  it("upgrades an older store and keeps its executions when it is opened to write", async () => {
    await using database = await make()
    await filled(database)
    await expect(openLater(database, "read", migration(next, note))).rejects.toMatchObject({
      reason: "Older",
      message: expect.stringMatching(
        new RegExp(` has version ${today}, but this execlog reads version ${next}\\.$`),
      ),
      hint: { code: "open_to_write" },
    })
    await openLater(database, "write", migration(next, note))
    expect(await database.ask("SELECT id, note FROM executions")).toEqual([{ id: "1", note: null }])
    await openLater(database, "read", migration(next, note))
  })

  it("rolls back to the old version when a migration fails", async () => {
    await using database = await make()
    await filled(database)
    const halfway = [note, "DELETE FROM documents", "INSERT INTO nowhere VALUES (1)"]
    await expect(
      openLater(
        database,
        "write",
        migration(next, "CREATE TABLE extra (a text)"),
        migration(next + 1, ...halfway),
      ),
    ).rejects.toMatchObject({
      _tag: "StoreError",
      reason: "Failed",
      message: expect.stringContaining("nowhere"),
    })
    await using store = await storeOf(database)
    expect(await kept(store)).toEqual([execution("1", { connection: "shop" })])
    await expect(database.ask("SELECT * FROM extra")).rejects.toThrow(/./)
    await expect(database.ask("SELECT note FROM executions")).rejects.toThrow(/./)
  })

  it("creates the store anew when its first migration had failed", async () => {
    await using database = await make()
    const [first] = migrations
    const broken = migration(
      1,
      "CREATE TABLE connections (id integer)",
      "INSERT INTO nowhere VALUES (1)",
    )
    const { address } = database
    await expect(
      readStoreAddress(address).pipe(
        Effect.flatMap((read) => openDatabase(read, { access: "write" }, [broken])),
        Effect.scoped,
        Effect.runPromise,
      ),
    ).rejects.toMatchObject({ reason: "Failed" })
    await expect(openStore(address, { access: "read" })).rejects.toMatchObject({
      reason: "NotFound",
    })
    await filled(database)
    await using store = await storeOf(database, { access: "read" })
    expect(await kept(store)).toHaveLength(1)
    expect(first?.[0]).toBe(1)
  })

  it("creates no store when it is opened to read", async () => {
    await using database = await make()
    await expect(openStore(database.address, { access: "read" })).rejects.toMatchObject({
      reason: "NotFound",
      hint: { code: expect.stringMatching(/^(create|fill)_store$/) },
    })
  })
})
