import type { Execution } from "@execlog/core"
import { describe, expect, it, vi } from "vitest"
import type { Store, SyncOptions } from "../src/index.js"
import { databases } from "./Databases.js"
import { execution, page, running, scripted } from "./ScriptedClient.js"
import { addMany, historyOf, inPages, warnings } from "./SmallHistory.js"
import { now } from "./StandingClock.js"
import { kept, storeOf } from "./StoreOf.js"

const minute = 60_000
const hour = 60 * minute
const day = 24 * 60 * minute
const quiet = { onWarning: () => {} }

const idsIn = async (store: Store, connection = "shop") =>
  (await kept(store, {}, { connections: [connection] })).map(({ id }) => id).toSorted()

describe.each(databases)("a sync into $name", ({ make }) => {
  it("reads the history back to since, and further back when a later sync asks for it", async () => {
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

  it("resumes the history after the last stored page when it was stopped", async () => {
    await using database = await make()
    const { history } = await historyOf("dify")
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
    const rest = await store.sync(client, { lookBackMs: 0 })
    expect(rest).toMatchObject({ added: 12 - (reached.at(-1) ?? 0), isComplete: true })
    // The newest page is read again, and no other.
    expect(rest.unchanged).toBeLessThan(6)
    expect(await idsIn(store)).toEqual(ids.toSorted())
  })

  it("reads new, unfinished and late executions only, in a second sync", async () => {
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

  it("reads the whole history again with full", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("prefect")
    const [id] = addMany(history, 60)
    const client = history.client({ name: "shop" })
    await store.sync(client)
    history.retry?.(id ?? "", now)
    const request = { recheckFailedForMs: 0 }
    expect(await store.sync(client, request)).toMatchObject({ changed: 0 })
    const whole = { ...request, full: true }
    expect(await store.sync(client, whole)).toMatchObject({ added: 0, changed: 1 })
    expect(await store.get("shop", id ?? "")).toMatchObject({ execution: { status: "running" } })
  })

  it("stores the steps of executions read after steps were requested", async () => {
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

  it("reads running executions before the list, so that none that ends in between is missed", async () => {
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

  it("keeps an execution ended when an older page of events shows it running", async () => {
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
    // The resumed walk reports events as of the start of the whole walk.
    expect(await store.sync(client)).toMatchObject({ added: 1, changed: 0, isComplete: true })
    expect(await store.get("shop", "1")).toMatchObject({
      execution: { status: "succeeded" },
      changes: [{ previous: null, next: { status: "succeeded" } }],
    })
  })

  it("stops requesting executions unfinished for longer than staleAfterMs, and counts them as stale", async () => {
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

  it("continues when an unfinished execution cannot be requested, and warns", async () => {
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
    const { texts, onWarning } = warnings()
    expect(await store.sync(client, { onWarning })).toMatchObject({
      changed: 1,
      notRefreshed: 1,
      isStopped: false,
      isComplete: false,
    })
    expect(texts).toEqual([
      expect.stringContaining(`${broken} is unfinished, and could not be requested`),
    ])
  })
})
