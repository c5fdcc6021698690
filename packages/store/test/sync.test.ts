import type { Client, Execution } from "@execlog/core"
import { startSimulator } from "@execlog/simulator"
import { describe, expect, it, vi } from "vitest"
import type { Store, SyncOptions } from "../src/index.js"
import { databases } from "./Databases.js"
import { type SimulatedHistory, sources, startEmpty } from "./Providers.js"
import { execution, page, running, scripted } from "./ScriptedClient.js"
import { now } from "./StandingClock.js"
import { kept, storeOf } from "./StoreOf.js"

const minute = 60_000
const hour = 60 * minute
const day = 24 * 60 * minute
const warnings = () => {
  const told: Array<string> = []
  return { told, onWarning: (warning: string) => void told.push(warning) }
}
const quiet = { onWarning: () => {} }

const historyOf = async (name: (typeof sources)[number]["name"]) => {
  const source = sources.find((one) => one.name === name)
  if (source === undefined) throw new Error(`There is no ${name}`)
  const simulator = await startEmpty()
  return { simulator, history: source.historyOf(simulator) }
}

/** A client whose pages are small, so that few executions make many. */
const inPages = (client: Client, pageSize: number): Client => ({
  ...client,
  pages: (query, options) => client.pages({ ...query, pageSize }, options),
})

const idsIn = async (store: Store, connection = "shop") =>
  (await kept(store, {}, { connections: [connection] })).map(({ id }) => id).toSorted()

const addMany = (history: SimulatedHistory, count: number, stepMs = minute) =>
  Array.from({ length: count }, (_, index) => history.add(now - (count - index) * stepMs))

describe.each(databases)("a sync into $name", ({ make }) => {
  it("reads the history from the newest back to since, and what is earlier when that is asked for", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("prefect")
    const ids = addMany(history, 10, hour)
    const client = inPages(history.client({ name: "shop" }), 3)
    const since = (hours: number) => ({ since: new Date(now - hours * hour), ...quiet })
    expect(await store.sync(client, since(4))).toMatchObject({ added: 4, isComplete: true })
    expect(await idsIn(store)).toEqual(ids.slice(-4).toSorted())
    expect(await store.sync(client, since(8))).toMatchObject({ added: 4 })
    expect(await idsIn(store)).toEqual(ids.slice(-8).toSorted())
    // One that says nothing, or less, leaves it at that.
    expect(await store.sync(client, quiet)).toMatchObject({ added: 0 })
    expect(await store.sync(client, since(2))).toMatchObject({ added: 0 })
    expect(await store.sync(client, { ...since(600), full: true })).toMatchObject({ added: 2 })
    expect(await idsIn(store)).toEqual(ids.toSorted())
  })

  it("goes on in the middle of the history where it was stopped, after the page in hand", async () => {
    await using database = await make()
    const { simulator, history } = await historyOf("dify")
    const ids = addMany(history, 12)
    const client = inPages(history.client({ name: "shop" }), 4)
    const stop = new AbortController()
    const reached: Array<number> = []
    {
      await using store = await storeOf(database)
      const onProgress: SyncOptions["onProgress"] = ({ pages, added }) => {
        reached.push(added)
        if (pages === 2) stop.abort()
      }
      const stopped = await store.sync(client, { signal: stop.signal, onProgress })
      expect(stopped).toMatchObject({ isComplete: false, pages: 2 })
      expect(reached).toEqual([4, stopped.added])
      expect(stopped.added).toBeLessThan(12)
    }
    await using store = await storeOf(database)
    simulator.clearRequests()
    const rest = await store.sync(client, { lookBackMs: 0 })
    expect(rest).toMatchObject({ added: 12 - (reached.at(-1) ?? 0), isComplete: true })
    expect(await idsIn(store)).toEqual(ids.toSorted())
  })

  it("reads what is new, what was unfinished, and a stretch for what appears late; no more", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { simulator, history } = await historyOf("dify")
    addMany(history, 300)
    const unfinished = history.start(now - 200 * minute)
    const client = history.client({ name: "shop" })
    await store.sync(client)
    history.finish(unfinished, now)
    const late = history.add(now - 5 * minute)
    const tooLate = history.add(now - 100 * minute)
    simulator.clearRequests()
    expect(await store.sync(client)).toMatchObject({ added: 1, changed: 1 })
    expect(simulator.requests.length).toBeLessThan(6)
    expect(await store.get("shop", unfinished)).toMatchObject({
      execution: { status: "succeeded" },
    })
    expect(await store.get("shop", late)).toMatchObject({ changes: [{ previous: null }] })
    expect(await store.get("shop", tooLate)).toBeNull()
    expect(await store.sync(client, { lookBackMs: 120 * minute })).toMatchObject({ added: 1 })
  })

  it("reads all of the history again when it is to be full", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("prefect")
    const [id] = addMany(history, 60)
    const client = history.client({ name: "shop" })
    await store.sync(client)
    history.retry?.(id ?? "", now)
    expect(await store.sync(client)).toMatchObject({ changed: 0 })
    expect(await store.sync(client, { full: true })).toMatchObject({ added: 0, changed: 1 })
    expect(await store.get("shop", id ?? "")).toMatchObject({ execution: { status: "running" } })
  })

  it("keeps steps of what it reads from when they are asked for", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("n8n")
    addMany(history, 4)
    const client = history.client({ name: "shop" })
    const stop = new AbortController()
    await store.sync(inPages(client, 2), { signal: stop.signal, onProgress: () => stop.abort() })
    // The history has not been read to its end: what is asked for now holds for all of it.
    await store.sync(client, { include: ["steps"] })
    const found = await kept(store, { include: ["steps"] })
    expect(found.map(({ steps }) => (steps ?? []).length > 0)).toEqual([true, true, true, true])
    await store.sync(client, { full: true })
    expect((await kept(store, { include: ["steps"] }))[0]?.steps).toEqual(found[0]?.steps)
  })

  it("reads what a list leaves out before the list, so that none ends unseen in between", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { simulator, history } = await historyOf("n8n")
    addMany(history, 3)
    const client = history.client({ name: "shop" })
    await store.sync(client)
    const ends = history.start(now - 20 * minute)
    const goesOn = history.start(now - 10 * minute)
    addMany(history, 1, 0)
    let isOver = false
    simulator.intercept(({ path }) => {
      if (!path.includes("status=running") && !isOver) history.finish(ends, now)
      if (!path.includes("status=running")) isOver = true
      return undefined
    })
    await store.sync(client)
    expect((await store.get("shop", goesOn))?.execution.status).toBe("running")
    expect((await store.get("shop", ends))?.changes.map(({ next }) => next.status)).toEqual([
      "running",
      "succeeded",
    ])
  })

  it("never lets what events have ended fall back", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const ended = page([execution("1")], { at: 60 * minute })
    const begun = page([running("1")], { at: 120 * minute })
    const client = scripted({
      lists: "events",
      pages: (_, { cursor, listedSince } = {}) => {
        if (cursor === "further") return [begun]
        return listedSince === undefined ? [page([execution("2")], { next: "further" })] : [ended]
      },
    })
    const stop = new AbortController()
    await store.sync(client, { signal: stop.signal, onProgress: () => stop.abort() })
    vi.setSystemTime(now + minute)
    // The walk that goes on now tells of events what was so when it began.
    expect(await store.sync(client)).toMatchObject({ added: 1, changed: 0, isComplete: true })
    expect(await store.get("shop", "1")).toMatchObject({
      execution: { status: "succeeded" },
      changes: [{ previous: null, next: { status: "succeeded" } }],
    })
  })

  it("asks no more for what has been unfinished for too long, and says so", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const asked: Array<string> = []
    const old = (id: string, days: number) =>
      running(id, { startedAt: new Date(now - days * day), listedAt: new Date(now - days * day) })
    const planned = running("planned", {
      status: "queued",
      startedAt: null,
      listedAt: new Date(now + 30 * day),
    })
    const all = [old("old", 8), old("young", 6), planned]
    const client = (seen: ReadonlyArray<Execution>) =>
      scripted({
        pages: () => [page(seen, { at: 60 * minute })],
        get: (id) => {
          asked.push(id)
          return all.find((one) => one.id === id) ?? null
        },
      })
    expect(await store.sync(client(all))).toMatchObject({ added: 3, stale: 1 })
    vi.setSystemTime(now + minute)
    await store.sync(client([]))
    expect(asked.toSorted()).toEqual(["planned", "young"])
    expect((await store.get("shop", "old"))?.staleAt).toEqual(new Date(now))
    // It ends after all, and is listed once more.
    await store.sync(client([execution("old")]))
    expect(await store.get("shop", "old")).toMatchObject({
      staleAt: null,
      execution: { status: "succeeded" },
    })
    expect(await store.sync(client([]), { staleAfterMs: day })).toMatchObject({ stale: 1 })
  })

  it("goes on when one that is unfinished cannot be asked for", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { simulator, history } = await historyOf("dify")
    const [broken, sound] = [history.start(now - 60 * minute), history.start(now - 59 * minute)]
    addMany(history, 2)
    const client = history.client({ name: "shop" })
    await store.sync(client)
    history.finish(sound, now)
    simulator.intercept(({ path }) =>
      path.includes(broken) ? { status: 500, body: {} } : undefined,
    )
    const { told, onWarning } = warnings()
    expect(await store.sync(client, { onWarning })).toMatchObject({ changed: 1, isComplete: true })
    expect(told).toEqual([
      expect.stringContaining(`${broken} is unfinished, and could not be asked for`),
    ])
  })

  it("keeps an item that cannot be read, once, and reads it when the adapter is mended", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const rejected = { provider: "scripted", connection: "shop", index: 0, reason: "odd time" }
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

  it("forgets an item that could not be read once its execution was", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const item = {
      provider: "scripted",
      connection: "shop",
      index: 0,
      id: "1",
      reason: "odd",
      raw: {},
    }
    await store.sync(scripted({ pages: () => [page([], { rejected: [item] })] }))
    await store.sync(scripted({ pages: () => [page([execution("1")], { at: 1 })] }))
    expect(await database.ask("SELECT id FROM rejected_items")).toEqual([])
  })

  it("reads the history again of a server or settings that have changed", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const pages = () => [page([execution("1")])]
    await store.sync(scripted({ pages }))
    const { told, onWarning } = warnings()
    const asked: Array<unknown> = []
    const moved = scripted({
      server: "there",
      pages: (_, { listedSince } = {}) => {
        asked.push(listedSince)
        return [page([execution("2")], { at: 1 })]
      },
    })
    expect(await store.sync(moved, { onWarning })).toMatchObject({ added: 1 })
    expect(told).toEqual([
      "Its server or its settings are others than at the last sync: its history is read again.",
    ])
    expect(asked).toEqual([undefined])
    expect(await idsIn(store)).toEqual(["1", "2"])
  })

  it("refuses a connection of another provider under the same name", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({}))
    await expect(store.sync(scripted({ provider: "other" }))).rejects.toMatchObject({
      _tag: "StoreError",
      reason: "Conflict",
      message: 'The store holds a connection "shop" of scripted, and this one is of other.',
      hint: "Give one of them another name in the configuration.",
    })
  })

  it("takes what it reads for the newer when the clock was set back", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("dify")
    const [, , id] = [...addMany(history, 2), history.start(now - 5 * minute)]
    const client = history.client({ name: "shop" })
    await store.sync(client)
    vi.setSystemTime(now - 3 * day)
    history.finish(id ?? "", now)
    const { told, onWarning } = warnings()
    expect(await store.sync(client, { onWarning })).toMatchObject({ changed: 1 })
    expect(told).toEqual([expect.stringMatching(/^The clock of this machine is 2592\d\d s behind/)])
    expect((await store.get("shop", id ?? ""))?.execution.status).toBe("succeeded")
  })

  it("takes nothing that a clock ahead called past for read", async () => {
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

  it("warns of two connections of one account, such as one that was renamed, and keeps both", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const pages = () => [page([execution("1"), execution("2")])]
    await store.sync(scripted({ name: "shop", pages }))
    await store.sync(scripted({ name: "elsewhere", server: "there", pages }))
    const { told, onWarning } = warnings()
    await store.sync(scripted({ name: "store", pages }), { onWarning })
    expect(told).toEqual([
      expect.stringMatching(
        /^2 of its newest executions are kept under the name "shop" too, .* the former name of "store"/,
      ),
    ])
    expect((await store.connections()).map(({ name }) => name)).toEqual([
      "elsewhere",
      "shop",
      "store",
    ])
    expect(await idsIn(store, "store")).toEqual(await idsIn(store, "shop"))
  })

  it("keeps no history where only what is new is wanted", async () => {
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

  it("leaves what it has kept when the provider fails, and goes on there", async () => {
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
