import type { Json, Rejected } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { databases } from "./Databases.js"
import { page, scripted } from "./ScriptedClient.js"
import { storeOf } from "./StoreOf.js"

const rejected = (index: number, raw: Json, id: string | null = null): Rejected => ({
  provider: "scripted",
  connection: "shop",
  id,
  index,
  isJoined: false,
  cause: "item",
  places: [],
  issues: [],
  reason: "odd time",
  raw,
})

describe.each(databases)("rejected items in $name", ({ make }) => {
  const syncing = async () => {
    const database = await make()
    const store = await storeOf(database)
    const warnings: Array<string> = []
    let at = 0
    return {
      sync: (...pages: ReadonlyArray<ReadonlyArray<Rejected>>) => {
        at += 60_000
        const given = pages.map((all, index) =>
          page([], { at, rejected: all, next: index < pages.length - 1 ? `c${index}` : null }),
        )
        return store.sync(scripted({ pages: () => given }), {
          full: true,
          onWarning: ({ text }) => warnings.push(text),
        })
      },
      raws: async () =>
        (await database.ask("SELECT raw FROM rejected_items ORDER BY raw")).map(({ raw }) => raw),
      warnings,
      [Symbol.asyncDispose]: async () => {
        await store.close()
        await database[Symbol.asyncDispose]()
      },
    }
  }
  const moving = (name: string, seen: number): Json => ({ name, seen, at: "soon" })

  it("stores a rejected item without an id once, as last seen, when one of its fields changes", async () => {
    await using shop = await syncing()
    for (let seen = 0; seen < 5; seen++) {
      const top = [rejected(0, moving("a", seen)), rejected(3, moving("b", seen))]
      await shop.sync(top, [rejected(3, moving("c", seen))])
    }
    expect(await shop.raws()).toEqual(
      ["a", "b", "c"].map((name) => JSON.stringify(moving(name, 4))),
    )
  })

  it("stores an item that the server fails on once by its place, however it words the failure", async () => {
    await using shop = await syncing()
    const failing = (index: number, after: string, reason: string): Rejected => ({
      ...rejected(index, null),
      cause: "server",
      places: [{ after, distance: 1 }],
      reason,
    })
    await shop.sync([failing(1, "a", "500, request 1"), failing(4, "b", "500, request 1")])
    await shop.sync([failing(2, "a", "500, request 2"), failing(5, "b", "502")])
    expect(await shop.raws()).toEqual(["null", "null"])
  })

  it("stores a rejected item without an id once, wherever it is listed, and apart from others of its shape", async () => {
    await using shop = await syncing()
    await shop.sync([rejected(0, { n: 1 }), rejected(5, { n: 2 }), rejected(6, { n: 2 })])
    await shop.sync([rejected(1, { n: 1 }), rejected(6, { n: 2 })])
    await shop.sync([rejected(5, { n: 1 }), rejected(0, { n: 2 })])
    expect(await shop.raws()).toEqual(['{"n":1}', '{"n":2}'])
    await shop.sync([rejected(5, { other: true })])
    expect(await shop.raws()).toHaveLength(3)
  })

  it("drops the rejected items seen longest ago when there are more than 10,000, and warns", async () => {
    await using shop = await syncing()
    const many = (from: number) =>
      Array.from({ length: 6000 }, (_, index) => rejected(index, null, `odd-${from + index}`))
    expect(await shop.sync(many(0))).toMatchObject({ rejected: 6000, forgotten: 0 })
    expect(shop.warnings).toEqual([])
    expect(await shop.sync(many(6000))).toMatchObject({ forgotten: 2000 })
    expect(shop.warnings).toEqual([
      expect.stringMatching(
        /^More than 10000 items could not be read: the oldest 2000 were dropped\./,
      ),
    ])
    expect(await shop.raws()).toHaveLength(10_000)
  })
})
