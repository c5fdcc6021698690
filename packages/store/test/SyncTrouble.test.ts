import type { LogQuery } from "@execlog/core"
import { startSimulator } from "@execlog/simulator"
import { describe, expect, it, vi } from "vitest"
import type { Store } from "../src/index.js"
import { databases } from "./Databases.js"
import { sources } from "./Providers.js"
import { execution, page, running, scripted } from "./ScriptedClient.js"
import { addMany, historyOf, inPages, warnings } from "./SmallHistory.js"
import { now } from "./StandingClock.js"
import { kept, storeOf } from "./StoreOf.js"

const minute = 60_000
const day = 24 * 60 * minute
const quiet = { onWarning: () => {} }

const idsIn = async (store: Store, query: LogQuery = {}, connection = "shop") =>
  (await kept(store, query, { connections: [connection] })).map(({ id }) => id).toSorted()

describe.each(databases)("a troubled sync into $name", ({ make }) => {
  it("stores an unreadable item once, and recovers it after the adapter is fixed", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const rejected = {
      provider: "scripted",
      connection: "shop",
      index: 0,
      isJoined: false,
      cause: "item" as const,
      places: [],
      issues: [],
      reason: "odd time",
    }
    const items = [
      { ...rejected, id: "odd", raw: { id: "odd", at: "\u0000" } },
      { ...rejected, id: null, raw: { at: 1 } },
    ]
    const pages = (at: number) => () => [page([], { at, rejected: items })]
    expect(await store.sync(scripted({ pages: pages(0) }))).toMatchObject({ rejected: 2 })
    await store.sync(scripted({ pages: pages(1) }))
    expect(
      await database.ask("SELECT id, reason, raw FROM rejected_items ORDER BY id"),
    ).toHaveLength(2)
    const asked: Array<unknown> = []
    const mended = scripted({
      reread: async (raws, query) => {
        asked.push(query?.include)
        return raws.map((raw) =>
          JSON.stringify(raw).includes("odd")
            ? { ok: true, execution: execution("odd") }
            : { ok: false, reason: "still odd" },
        )
      },
    })
    expect(await store.sync(mended, { include: ["inputs"] })).toMatchObject({
      recovered: 1,
      added: 1,
    })
    expect(asked).toEqual([["inputs"]])
    expect(await idsIn(store)).toEqual(["odd"])
    expect(await database.ask("SELECT id FROM rejected_items")).toEqual([{ id: null }])
    expect(await store.changes(0)).toEqual([])
  })

  it("drops a rejected item that the provider has fixed, even when its execution has another id", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const rejected = {
      provider: "scripted",
      connection: "shop",
      id: "row-1",
      index: 0,
      isJoined: false,
      cause: "item" as const,
      places: [],
      issues: [],
      reason: "odd time",
      raw: { id: "row-1" },
    }
    await store.sync(scripted({ pages: () => [page([], { rejected: [rejected] })] }), quiet)
    expect(await database.ask("SELECT id FROM rejected_items")).toHaveLength(1)
    const mended = page([execution("one")], { at: 1, itemIds: ["row-1"] })
    expect(await store.sync(scripted({ pages: () => [mended] }), quiet)).toMatchObject({ added: 1 })
    expect(await database.ask("SELECT id FROM rejected_items")).toEqual([])
  })

  it("stores nothing dated before since, even when a page contains it", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const early = execution("early", { startedAt: new Date(now - day) })
    const late = execution("late", { startedAt: new Date(now - minute) })
    const planned = running("planned", {
      status: "queued",
      startedAt: null,
      scheduledFor: new Date(now + day),
    })
    const since = new Date(now - 2 * minute)
    const client = scripted({
      pages: ({ since }) => [
        page(since === undefined ? [planned, late, early] : [late], { at: 1 }),
      ],
    })
    await store.sync(client, { since })
    expect(await idsIn(store)).toEqual(["late"])
    await store.sync(client)
    const all = { planned: true }
    expect(await idsIn(store, all)).toEqual(["late", "planned"])
    expect(await idsIn(store)).toEqual(["late"])
    await store.sync(client, { full: true })
    expect(await idsIn(store, all)).toEqual(["early", "late", "planned"])
  })

  it("drops a rejected item when its execution is read", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const item = {
      provider: "scripted",
      connection: "shop",
      index: 0,
      isJoined: false,
      cause: "item" as const,
      places: [],
      issues: [],
      id: "1",
      reason: "odd",
      raw: {},
    }
    await store.sync(scripted({ pages: () => [page([], { rejected: [item] })] }))
    await store.sync(scripted({ pages: () => [page([execution("1")], { at: 1 })] }))
    expect(await database.ask("SELECT id FROM rejected_items")).toEqual([])
  })

  it("stores the executions of another server separately, and reports the name of the former one", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({ pages: () => [page([execution("1")])] }))
    const { texts, onWarning } = warnings()
    const there = scripted({ server: "there", pages: () => [page([execution("1")], { at: 1 })] })
    expect(await store.sync(there, { onWarning })).toMatchObject({ added: 1, connection: "shop" })
    const former = "shop (until 2026-11-21)"
    expect(texts).toEqual([
      `The connection has another server than at the last sync. The executions of the former server stay in the store under the name "${former}"; those of the new one are stored separately.`,
    ])
    const namesOf = async () => (await store.connections()).map(({ name }) => name)
    expect(await namesOf()).toEqual(["shop", former])
    expect((await kept(store)).map(({ connection }) => connection)).toEqual(["shop", former])
    // Of the former server nothing is asked of the new one.
    expect(await store.sync(there, { onWarning })).toMatchObject({ added: 0 })
    await store.sync(scripted({ server: "elsewhere" }), { newOnly: true, onWarning: () => {} })
    expect(await namesOf()).toEqual(["shop", former, "shop (until 2026-11-21, 2)"])
    // Back at the first one, its executions have their name again.
    await store.sync(scripted({ pages: () => [page([execution("2")])] }), { onWarning: () => {} })
    expect(await idsIn(store)).toEqual(["1", "2"])
    expect(await namesOf()).toHaveLength(3)
  })

  it("rejects a connection of another provider under the same name", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({}))
    await expect(store.sync(scripted({ provider: "other" }))).rejects.toMatchObject({
      _tag: "StoreError",
      reason: "Conflict",
      message: 'The store has a connection "shop" of scripted, but this one is of other.',
      hint: { code: "rename_connection" },
    })
  })

  it("prefers what it reads now when the clock was set back, and warns", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("dify")
    const [, , id] = [...addMany(history, 2), history.start(now - 5 * minute)]
    const client = history.client({ name: "shop" })
    await store.sync(client)
    vi.setSystemTime(now - 3 * day)
    history.finish(id ?? "", now)
    const { texts, onWarning } = warnings()
    expect(await store.sync(client, { onWarning })).toMatchObject({ changed: 1 })
    expect(texts).toEqual([
      expect.stringMatching(/^The clock of this machine is 2592\d\d s behind/),
    ])
    expect((await store.get("shop", id ?? ""))?.execution.status).toBe("succeeded")
  })

  it("reads executions again that a clock set ahead had marked as read", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("prefect")
    history.add(now - minute)
    history.start(now + 5 * 60 * minute)
    const client = history.client({ name: "shop" })
    vi.setSystemTime(now + day)
    await store.sync(client)
    vi.setSystemTime(now)
    history.add(now + minute)
    expect(await store.sync(client, quiet)).toMatchObject({ added: 1 })
  })

  it("warns about two connections of one account, and stores both", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const pages = () => [page([execution("1"), execution("2")])]
    await store.sync(scripted({ name: "shop", pages }))
    await store.sync(scripted({ name: "elsewhere", server: "there", pages }))
    const { texts, onWarning } = warnings()
    await store.sync(scripted({ name: "store", pages }), { onWarning })
    expect(texts).toEqual([
      expect.stringMatching(
        /^2 of its newest executions are also stored under the name "shop": .* the former name of "store"/,
      ),
    ])
    expect((await store.connections()).map(({ name }) => name)).toEqual([
      "elsewhere",
      "shop",
      "store",
    ])
    expect(await idsIn(store, {}, "store")).toEqual(await idsIn(store, {}, "shop"))
  })

  it("stores no history with newOnly", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("prefect")
    addMany(history, 30)
    const client = history.client({ name: "shop" })
    await store.sync(client, { newOnly: true })
    expect(await store.changes(0)).toEqual([])
    const id = history.add(now)
    await store.sync(client, { newOnly: true })
    expect((await store.changes(0)).map(({ execution: { id } }) => id)).toEqual([id])
    expect((await kept(store)).length).toBeLessThan(20)
    await store.sync(client)
    expect(await kept(store)).toHaveLength(31)
  })

  it("keeps the pages stored before the provider failed, and completes in the next sync", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const simulator = await startSimulator({ port: null, alloy: { executions: 40 } })
    const source = sources.find(({ name }) => name === "alloy")
    const client = inPages(
      source?.historyOf(simulator).client({ name: "shop" }) ?? scripted({}),
      10,
    )
    let requests = 0
    simulator.intercept(() => (++requests === 4 ? { status: 401, body: {} } : undefined))
    await expect(store.sync(client)).rejects.toMatchObject({ reason: "Authentication" })
    const before = await kept(store)
    expect(before.length).toBeGreaterThan(0)
    expect(await store.sync(client)).toMatchObject({ isComplete: true })
    expect(await kept(store)).toHaveLength(40)
  })
})
