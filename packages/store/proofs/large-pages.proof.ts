import { describe, expect, it } from "vitest"
import type { SyncWarning } from "../src/index.js"
import { databases } from "../test/Databases.js"
import { execution, page, scripted } from "../test/ScriptedClient.js"
import { kept, storeOf } from "../test/StoreOf.js"

// One statement takes 32,766 parameters in SQLite, and 32,767 by the client of Postgres.
const many = 33_000
const failed = Array.from({ length: many }, (_, index) =>
  execution(`e-${index}`, { status: "failed", error: null }),
)
const error = { message: "no paper", type: null, stepId: null }
const shop = (name: string) =>
  scripted({
    name,
    pages: () => [page(failed, { itemIds: failed.map(({ id }) => `item-${id}`) })],
    get: (id) => execution(id, { status: "failed", error }),
  })

describe.each(databases)("a large page in $name", ({ make }) => {
  it("stores and completes a page of 33,000 executions, and warns when they are stored twice", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const warnings: Array<string> = []
    const onWarning = ({ text }: SyncWarning) => warnings.push(text)
    await store.sync(scripted({ name: "shop" }), { newOnly: true, since: new Date(0) })
    const news = await store.sync(shop("shop"), { newOnly: true, onWarning })
    expect(news).toMatchObject({ added: many, detailed: many, isComplete: true })
    expect(warnings).toEqual([])
    const copied = await store.sync(shop("shop-2"), { details: "none", onWarning })
    expect(copied).toMatchObject({ added: many })
    expect(warnings).toEqual([
      expect.stringContaining(
        `${many} of its newest executions are also stored under the name "shop"`,
      ),
    ])
    expect(await kept(store, {}, { limit: 1 })).toMatchObject([{ id: "e-9999" }])
  }, 120_000)
})
