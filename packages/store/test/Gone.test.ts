import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { startSimulator } from "@execlog/simulator"
import { describe, expect, it, vi } from "vitest"
import { databases } from "./Databases.js"
import { execution, page, running, scripted } from "./ScriptedClient.js"
import { addMany, historyOf, warnings } from "./SmallHistory.js"
import { now } from "./StandingClock.js"
import { kept, type OpenedStore, storeOf } from "./StoreOf.js"

const minute = 60_000

const ids = async (store: OpenedStore, ...asked: Parameters<OpenedStore["executions"]>) =>
  (await kept(store, ...asked)).map(({ id }) => id)

const counted = async (store: OpenedStore, ...asked: Parameters<OpenedStore["statisticRows"]>) => {
  let count = 0
  for await (const rows of store.statisticRows(...asked)) count += rows.length
  return count
}

describe.each(databases)("executions that the provider has removed, in $name", ({ make }) => {
  it("keeps a running execution that the provider has removed, but no longer counts it as running", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("prefect")
    const [ended] = addMany(history, 1)
    const lost = history.start(now - 5 * minute)
    const client = history.client({ name: "etl" })
    expect(await store.sync(client)).toMatchObject({ added: 2, gone: 0 })
    expect(await ids(store, { status: ["running"] })).toEqual([lost])
    history.delete(lost)
    vi.setSystemTime(now + minute)
    expect(await store.sync(client)).toMatchObject({ gone: 1, stale: 0, isComplete: true })
    expect(await ids(store)).toEqual([ended])
    expect(await ids(store, { status: ["running", "queued"] })).toEqual([])
    expect(await ids(store, {}, { gone: "only" })).toEqual([lost])
    expect(await ids(store, {}, { gone: "include" })).toHaveLength(2)
    expect(await counted(store)).toBe(1)
    expect(await counted(store, {}, { gone: "only" })).toBe(1)
    expect(await store.get("etl", lost)).toMatchObject({
      execution: { status: "running" },
      goneAt: new Date(now + minute),
      staleAt: null,
    })
    // It is not asked for again, nor counted again.
    expect(await store.sync(client)).toMatchObject({ gone: 0 })
  })

  it("restores a removed execution when it is listed again", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const client = (isThere: boolean) =>
      scripted({
        pages: () => [page(isThere ? [running("1")] : [], { requestedAt: new Date() })],
        get: () => null,
      })
    await store.sync(client(true))
    vi.setSystemTime(now + minute)
    expect(await store.sync(client(false))).toMatchObject({ gone: 1 })
    expect(await ids(store)).toEqual([])
    vi.setSystemTime(now + 2 * minute)
    await store.sync(client(true))
    expect(await ids(store, { status: ["running"] })).toEqual(["1"])
    expect((await store.get("shop", "1"))?.goneAt).toBeNull()
  })

  it("marks a planned execution as gone when it was called off", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const planned = running("1", {
      status: "queued",
      startedAt: null,
      scheduledFor: new Date(now + 60 * minute),
      listedAt: new Date(now + 60 * minute),
    })
    const get = () => null
    await store.sync(scripted({ pages: () => [page([planned], { requestedAt: new Date() })], get }))
    expect(await ids(store)).toEqual([])
    expect(await ids(store, { planned: true })).toEqual(["1"])
    vi.setSystemTime(now + minute)
    expect(await store.sync(scripted({ get }))).toMatchObject({ gone: 1 })
    expect(await ids(store, { planned: true })).toEqual([])
  })

  it("keeps the status of an ended execution that the provider has removed", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("prefect")
    const [failed = ""] = addMany(history, 1)
    const client = history.client({ name: "etl" })
    await store.sync(client)
    history.delete(failed)
    vi.setSystemTime(now + minute)
    expect(await store.sync(client)).toMatchObject({ gone: 0 })
    expect(await ids(store, { status: ["failed"] })).toEqual([failed])
  })

  it("marks nothing as gone when executions cannot be requested by id", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({ pages: () => [page([running("1")])] }))
    vi.setSystemTime(now + minute)
    expect(await store.sync(scripted({}))).toMatchObject({ gone: 0, notRefreshed: 1 })
    expect(await ids(store, { status: ["running"] })).toEqual(["1"])
  })
})

describe.each(databases)("executions that ended without success, in $name", ({ make }) => {
  it("requests failed executions again when the provider may run them again under their id", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { simulator, history } = await historyOf("prefect")
    const failed = addMany(history, 30, 60 * minute)
    const client = history.client({ name: "etl" })
    await store.sync(client)
    history.retry?.(failed[3] ?? "", now)
    history.delete(failed[4] ?? "")
    vi.setSystemTime(now + minute)
    const asked: Array<string> = []
    simulator.intercept(({ path }) => {
      asked.push(path)
      return undefined
    })
    expect(await store.sync(client)).toMatchObject({ changed: 1, gone: 0 })
    expect((await store.get("etl", failed[3] ?? ""))?.execution.status).toBe("running")
    expect((await store.get("etl", failed[4] ?? ""))?.execution.status).toBe("failed")
    // All of them by one request or two, and none by its own.
    expect(asked.filter((path) => path.includes("flow_runs")).length).toBeLessThan(5)
    expect(asked.filter((path) => /flow_runs\/[0-9a-f]{8}-/.test(path))).toEqual([])
    history.finish(failed[3] ?? "", now + minute)
    vi.setSystemTime(now + 2 * minute)
    await store.sync(client)
    const stored = await store.get("etl", failed[3] ?? "")
    expect(stored?.execution.status).toBe("succeeded")
    expect(stored?.changes.map(({ next }) => next.status)).toEqual(["running", "succeeded"])
  })

  it("requests failed executions again only for recheckFailedForMs", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const asked: Array<string> = []
    const ended = (id: string, days: number, status: "failed" | "succeeded" = "failed") => {
      const finishedAt = new Date(now - days * 24 * 60 * minute)
      return execution(id, { status, startedAt: null, finishedAt, listedAt: finishedAt })
    }
    const all = [ended("new", 1), ended("old", 8), ended("sound", 1, "succeeded")]
    const client = (isListed: boolean, reopens = true) =>
      scripted({
        reopens,
        pages: () => [page(isListed ? all : [], { requestedAt: new Date() })],
        get: (id) => {
          asked.push(id)
          return all.find((one) => one.id === id) ?? null
        },
      })
    const details = "none"
    await store.sync(client(true), { details })
    vi.setSystemTime(now + minute)
    await store.sync(client(false, false), { details })
    await store.sync(client(false), { details, recheckFailedForMs: 0 })
    expect(asked).toEqual([])
    await store.sync(client(false), { details })
    expect(asked).toEqual(["new"])
    vi.setSystemTime(now + 2 * minute)
    await store.sync(client(false), { details, recheckFailedForMs: 9 * 24 * 60 * minute })
    expect(asked).toEqual(["new", "new", "old"])
  })

  it("warns about an execution that could not be requested, and completes the sync", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { simulator, history } = await historyOf("dify")
    const open = history.start(now - 60 * minute)
    addMany(history, 2)
    const client = history.client({ name: "bot" })
    await store.sync(client)
    simulator.intercept(({ path }) => (path.includes(open) ? { status: 500, body: {} } : undefined))
    vi.setSystemTime(now + minute)
    const { texts, onWarning } = warnings()
    expect(await store.sync(client, { onWarning })).toMatchObject({ notRefreshed: 1, gone: 0 })
    expect(texts).toEqual([expect.stringContaining("could not be requested")])
  })

  it("marks no listed row as gone when the provider cannot return it by id", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await using simulator = await startSimulator({
      port: null,
      dify: { executions: 20, nullRuns: 0.3 },
    })
    const { apiKey, baseUrl } = simulator.dify
    const client = createClient(dify({ apiKey, baseUrl }), {
      name: "bot",
      fetch: simulator.fetch,
    })
    await store.sync(client)
    vi.setSystemTime(now + minute)
    expect(await store.sync(client, { lookBackMs: 0 })).toMatchObject({ gone: 0 })
    expect(await ids(store)).toHaveLength(20)
  })
})
