import type { Client, LogPage } from "@execlog/core"
import { describe, expect, it } from "vitest"
import type { Store } from "../src/index.js"
import { databases } from "./Databases.js"
import { readLive, sources, startEmpty } from "./Providers.js"
import { execution, page, running, scripted } from "./ScriptedClient.js"
import { inPages } from "./SmallHistory.js"
import { now } from "./StandingClock.js"
import { kept, storeOf } from "./StoreOf.js"

const quiet = { onWarning: () => {} }
const minute = 60_000

const numbers = async (store: Store) => (await store.changes(0, 10_000)).map(({ number }) => number)

describe.each(databases)("concurrent use of one store in $name", ({ make, name: kind }) => {
  it("creates the store once when four programs open it at the same time", async () => {
    await using database = await make()
    const opened = await Promise.all([1, 2, 3, 4].map(() => storeOf(database)))
    await Promise.all(opened.map((store, index) => store.sync(scripted({ name: `shop ${index}` }))))
    expect(await opened[0]?.connections()).toHaveLength(4)
    await Promise.all(opened.map((store) => store.close()))
  })

  it.each(sources)(
    "stores each execution and change once when two syncs read the same $name connection",
    async ({ historyOf }) => {
      await using database = await make()
      await using first = await storeOf(database)
      await using second = await storeOf(database)
      const simulator = await startEmpty()
      const history = historyOf(simulator)
      const ids = Array.from({ length: 24 }, (_, index) =>
        index % 3 === 0
          ? history.start(now - (60 - index) * minute)
          : history.add(now - (60 - index) * minute),
      )
      const client: Client = history.client({ name: "shop" })
      const paged = inPages(client, 4)
      const both = () => Promise.all([first.sync(paged, quiet), second.sync(paged, quiet)])
      await both()
      for (const [index, id] of ids.entries()) if (index % 3 === 0) history.finish(id, now)
      history.start(now)
      await both()
      const live = await readLive(client)
      const statuses = (all: typeof live) =>
        all.map(({ id, status }) => `${id} ${status}`).toSorted()
      expect(statuses(await kept(first))).toEqual(statuses(live))
      // Each change is recorded once, whoever saw it first.
      const changes = (await first.changes(0, 1000)).map(
        ({ execution: { id }, previous }) => `${id} ${previous?.status}`,
      )
      expect(new Set(changes).size).toBe(changes.length)
      expect(changes).toHaveLength(9)
    },
  )

  it("numbers changes without gaps when several connections sync at the same time", async () => {
    await using database = await make()
    await using first = await storeOf(database)
    await using second = await storeOf(database)
    const pages = (): ReadonlyArray<LogPage> =>
      Array.from({ length: 8 }, (_, index) =>
        page([running(`${index}`), execution(`${index} b`)], {
          at: 1,
          next: index < 7 ? "on" : null,
        }),
      )
    const names = ["a", "b", "c", "d"]
    const sync = (name: string, index: number, made: typeof pages | undefined) =>
      (index % 2 === 0 ? first : second).sync(
        scripted({ name, ...(made === undefined ? {} : { pages: made }) }),
        quiet,
      )
    await Promise.all(names.map((name, index) => sync(name, index, undefined)))
    await Promise.all(names.map((name, index) => sync(name, index, pages)))
    expect(await kept(first)).toHaveLength(64)
    expect(await numbers(second)).toEqual(Array.from({ length: 64 }, (_, index) => index + 1))
  })

  it("reads complete rows while another program writes", async () => {
    await using database = await make()
    await using writer = await storeOf(database)
    await writer.sync(scripted({ pages: () => [page([execution("1")])] }))
    await using reader = await storeOf(database, { access: "read" })
    const found: Array<number> = []
    const pages = function* () {
      for (let count = 2; count < 6; count++) {
        yield page([execution(`${count}`)], { at: count, next: count < 5 ? "on" : null })
      }
    }
    const reads: Array<Promise<unknown>> = []
    const onProgress = () => void reads.push(kept(reader).then((all) => found.push(all.length)))
    await writer.sync(scripted({ pages }), { full: true, onProgress, ...quiet })
    await Promise.all(reads)
    expect(found.length).toBeGreaterThanOrEqual(4)
    expect(Math.min(...found)).toBeGreaterThanOrEqual(1)
    expect(await kept(reader)).toHaveLength(5)
  })

  it("keeps a position for each follower", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({}))
    expect(await store.followerPosition("early")).toBe(0)
    await store.sync(scripted({ pages: () => [page([execution("1")], { at: 1 })] }))
    expect(await store.followerPosition("late")).toBe(1)
    await store.setFollowerPosition("early", 1)
    await using again = await storeOf(database)
    expect(await again.followerPosition("early")).toBe(1)
    expect(kind).toBeTypeOf("string")
  })
})
