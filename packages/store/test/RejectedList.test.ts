import type { Rejected } from "@execlog/core"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Store } from "../src/index.js"
import { databases } from "./Databases.js"
import { began, execution, page, scripted } from "./ScriptedClient.js"
import { storeOf } from "./StoreOf.js"

const rejected = (id: string): Rejected => ({
  provider: "scripted",
  connection: "shop",
  id,
  index: 0,
  isJoined: false,
  cause: "item",
  places: [],
  issues: [],
  reason: `${id} has an odd time`,
  raw: { id },
})

/** Syncs a connection on which these items are rejected, observed at a time. */
const rejecting = (store: Store, name: string, at: number, ids: ReadonlyArray<string>) =>
  store.sync(
    { ...scripted({ pages: () => [page([], { at, rejected: ids.map(rejected) })] }), name },
    { full: true, onWarning: () => {} },
  )

describe.each(databases)("the list of rejected items in $name", ({ make }) => {
  it("gives each item with its reason and raw value, those observed last first", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await rejecting(store, "shop", 60_000, ["1"])
    await rejecting(store, "editor", 120_000, ["2"])
    expect(await store.rejected()).toEqual({
      rejected: [
        {
          connection: "editor",
          provider: "scripted",
          id: "2",
          reason: "2 has an odd time",
          raw: { id: "2" },
          observedAt: new Date(began + 120_000),
        },
        expect.objectContaining({
          connection: "shop",
          id: "1",
          observedAt: new Date(began + 60_000),
        }),
      ],
      next: null,
    })
    expect((await store.rejected({ connections: ["shop"] })).rejected).toMatchObject([{ id: "1" }])
    expect(await store.rejected({ connections: [] })).toEqual({ rejected: [], next: null })
    expect(await store.connections()).toMatchObject([
      { name: "editor", rejected: 1 },
      { name: "shop", rejected: 1 },
    ])
  })

  it("gives every item once when its pages are followed, whatever their size", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const ids = Array.from({ length: 12 }, (_, index) => String(index))
    await rejecting(store, "shop", 60_000, ids.slice(0, 5))
    await rejecting(store, "editor", 60_000, ids.slice(5, 9))
    await rejecting(store, "warehouse", 120_000, ids.slice(9))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        async (sizes) => {
          const found: Array<string | null> = []
          let cursor: string | null = null
          for (let count = 0; ; count++) {
            const limit = sizes[count % sizes.length]
            const { rejected: items, next } = await store.rejected({ cursor, limit })
            found.push(...items.map(({ id }) => id))
            if (next === null) break
            cursor = next
          }
          expect(found).toHaveLength(ids.length)
          expect(new Set(found)).toEqual(new Set(ids))
        },
      ),
      { numRuns: 20 },
    )
  })

  it.each(["none", Buffer.from("[1,2]").toString("base64url"), ""])(
    "rejects the cursor %j",
    async (cursor) => {
      await using database = await make()
      await using store = await storeOf(database)
      await expect(store.rejected({ cursor })).rejects.toMatchObject({
        reason: "InvalidQuery",
        cursorFault: "malformed",
      })
    },
  )

  it("has the number of the last change, 0 before the first", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    expect(await store.lastChange()).toBe(0)
    await store.sync(scripted({ pages: () => [page([], { at: 60_000 })] }))
    await store.sync(scripted({ pages: () => [page([execution("1")], { at: 120_000 })] }))
    const changes = await store.changes(0)
    expect(await store.lastChange()).toBe(changes.at(-1)?.number)
  })
})
