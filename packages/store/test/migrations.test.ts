import * as Effect from "effect/Effect"
import type { ResolvedMigration } from "effect/sql/Migrator"
import { SqlClient } from "effect/sql/SqlClient"
import { describe, expect, it } from "vitest"
import { openDatabase } from "../src/Database.js"
import { type Access, openStore } from "../src/index.js"
import { migrations } from "../src/Migrations.js"
import { readStoreAddress } from "../src/StoreAddress.js"
import { databases, type TestDatabase } from "./Databases.js"
import { execution, page, scripted } from "./ScriptedClient.js"
import { kept, storeOf } from "./StoreOf.js"

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

/** A database with a store of the first version, and one execution in it. */
const filled = async (database: TestDatabase) => {
  await using store = await storeOf(database)
  await store.sync(scripted({ pages: () => [page([execution("1")])] }))
}

describe.each(databases)("the version of a store in $name", ({ make }) => {
  it("is refused when it is newer than the program", async () => {
    await using database = await make()
    await filled(database)
    await openLater(database, "write", migration(2, note))
    for (const access of ["read", "write"] as const) {
      await expect(openStore(database.address, { access })).rejects.toMatchObject({
        _tag: "StoreError",
        reason: "Newer",
        message: expect.stringMatching(
          /^The store \S+ has version 2, and this execlog reads version 1\.$/,
        ),
        hint: "A later execlog has written it. Install that version: npm install execlog@latest.",
      })
    }
  })

  it("is brought up to date with all that is kept, by one that writes", async () => {
    await using database = await make()
    await filled(database)
    await expect(openLater(database, "read", migration(2, note))).rejects.toMatchObject({
      reason: "Older",
      message: expect.stringMatching(/ has version 1, and this execlog reads version 2\.$/),
      hint: "Run execlog sync once, which brings it up to date.",
    })
    await openLater(database, "write", migration(2, note))
    expect(await database.ask("SELECT id, note FROM executions")).toEqual([{ id: "1", note: null }])
    await openLater(database, "read", migration(2, note))
  })

  it("is the old one, and whole, where a migration fails in the middle", async () => {
    await using database = await make()
    await filled(database)
    const halfway = [note, "DELETE FROM documents", "INSERT INTO nowhere VALUES (1)"]
    await expect(
      openLater(
        database,
        "write",
        migration(2, "CREATE TABLE extra (a text)"),
        migration(3, ...halfway),
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

  it("is the first one, where its first migration was cut off", async () => {
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

  it("is made by no one who only reads", async () => {
    await using database = await make()
    await expect(openStore(database.address, { access: "read" })).rejects.toMatchObject({
      reason: "NotFound",
      hint: expect.stringContaining("execlog sync"),
    })
  })
})
