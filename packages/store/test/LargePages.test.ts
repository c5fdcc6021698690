import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { databases } from "./Databases.js"
import { execution, page, scripted } from "./ScriptedClient.js"
import { kept, storeOf } from "./StoreOf.js"

// One statement takes 32,766 parameters in SQLite, and 32,767 by the client of Postgres.
const many = 33_000

describe.each(databases)("a query of $name", ({ make }) => {
  it("accepts the names of 33,000 connections", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({ name: "shop", pages: () => [page([execution("e-1")])] }))
    const connections = ["shop", ...Array.from({ length: many }, (_, index) => `shop-${index}`)]
    expect(await kept(store, {}, { connections })).toMatchObject([{ id: "e-1" }])
  })
})

it("passes no set of unbounded size to a statement as single parameters", () => {
  const folder = new URL("../src/", import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  const taking = files.filter(
    (file) =>
      file.endsWith(".ts") && readFileSync(new URL(file, folder), "utf8").includes("sql.in("),
  )
  // Of the statuses there are ten.
  expect(taking.toSorted()).toEqual(["database/StatementBatches.ts", "query/Conditions.ts"])
})
