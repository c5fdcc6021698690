import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { databases } from "./Databases.js"
import { storeOf } from "./StoreOf.js"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")

/** The documentation of each table in the README. */
const described = new Map(
  [...readme.matchAll(/^\| `(\w+)` +\| (.+) \|$/gm)].map(([, name = "", text = ""]) => [
    name,
    text,
  ]),
)

/** Tables of which the README names no columns, or not all. */
const inWords = ["connections", "sync_positions", "gaps", "execlog_migrations"]

it("describes in its README every table, with the columns that users query", async () => {
  const [sqlite] = databases
  if (sqlite === undefined) throw new Error("no database")
  await using database = await sqlite.make()
  await using _ = await storeOf(database)
  const columns = await database.ask(
    `SELECT m.name AS "table", c.name AS "column" FROM sqlite_master m, pragma_table_info(m.name) c
     WHERE m.type = 'table'`,
  )
  const tables = new Set(columns.map(({ table }) => String(table)))
  expect([...tables].filter((table) => !described.has(table))).toEqual([])
  const missing = columns
    .filter(({ table }) => !inWords.includes(String(table)))
    .filter(({ table, column }) => !described.get(String(table))?.includes(`\`${String(column)}\``))
  expect(missing).toEqual([])
})
