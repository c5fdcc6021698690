import { AdapterError, type LogQuery } from "@execlog/core"
import { describe, expect, it } from "vitest"
import type { SyncClient, SyncOptions, SyncWarning } from "../src/index.js"
import { databases } from "./Databases.js"
import { execution, page, running, scripted } from "./ScriptedClient.js"
import { kept, storeOf } from "./StoreOf.js"

const tooLarge = new AdapterError({
  reason: "TooLarge",
  message: "It is too large.",
  operation: "list",
})

const quiet = { onWarning: () => {} }

describe.each(databases)("options of a store in $name", ({ make }) => {
  it.each<[string, SyncOptions, RegExp]>([
    [
      "a since that is not a valid time",
      { since: new Date("soon") },
      /option since must be a valid Date/,
    ],
    ["a negative lookBackMs", { lookBackMs: -1 }, /lookBackMs must be a whole number/],
    ["a pageSize of 0", { pageSize: 0 }, /pageSize/],
    [
      "a staleAfterMs that is not a number",
      { staleAfterMs: Number.NaN },
      /staleAfterMs must be a whole number/,
    ],
  ])("rejects %s before a sync reads anything", async (_, options, message) => {
    await using database = await make()
    await using store = await storeOf(database)
    const client = scripted({ pages: () => [page([execution("1")])] })
    await expect(store.sync(client, options)).rejects.toMatchObject({
      reason: "InvalidQuery",
      message: expect.stringMatching(message),
    })
    expect(await store.connections()).toEqual([])
    await store.sync(client)
    expect(await kept(store)).toHaveLength(1)
  })

  it("rejects an unknown part in the include of changes", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    // From JSON, as a user of plain JavaScript may hand it over.
    const include = JSON.parse('["execution, (SELECT 1)"]')
    await expect(store.changes(0, 1, include)).rejects.toMatchObject({ reason: "InvalidQuery" })
  })

  it("rejects a negative limit of a list", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const read = async () => {
      for await (const one of store.executions({}, { limit: -1 })) expect(one).toBeUndefined()
    }
    await expect(read()).rejects.toMatchObject({ reason: "InvalidQuery" })
  })

  it("asks the client once how it reads the whole list", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const client = scripted({
      pages: () => [page([execution("1"), running("2")])],
      get: (id) => running(id),
    })
    const asked: Array<LogQuery> = []
    const explain: SyncClient["explain"] = (query = {}) => {
      asked.push(query)
      return client.explain(query)
    }
    await store.sync({ ...client, explain }, { include: ["inputs"] })
    expect(asked).toEqual([{ include: ["inputs"], planned: true }])
  })

  it("resumes a stopped history with the pageSize that it started with", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const asked: Array<readonly [pageSize: number | undefined, cursor: unknown]> = []
    const client = scripted({
      *pages({ pageSize }, options) {
        asked.push([pageSize, options?.cursor ?? null])
        yield page([execution("2")], { next: "behind 2" })
        throw tooLarge
      },
    })
    const sync = (options: SyncOptions) => store.sync(client, options).catch(() => {})
    await sync({})
    await sync({ pageSize: 10 })
    await sync({})
    expect(asked).toEqual([
      [undefined, null],
      [10, null],
      // It goes on as it was begun.
      [10, "behind 2"],
    ])
  })

  it("requests an unfinished execution by id with the included parts only", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const whole = { inputs: { order: 7 }, outputs: "sent", steps: [], raw: { id: "1" } }
    const asked: Array<unknown> = []
    const client = scripted({
      pages: () => [page([running("1")])],
      get: (id, options) => {
        asked.push(options?.include)
        return execution(id, whole)
      },
    })
    await store.sync(client, { include: ["inputs", "raw"] })
    expect(asked).toEqual([["raw"]])
    const [found] = await kept(store, { include: ["inputs", "outputs", "steps", "raw"] })
    expect(found).toMatchObject({ status: "succeeded", inputs: { order: 7 }, raw: { id: "1" } })
    expect(found).not.toHaveProperty("outputs")
    expect(found).not.toHaveProperty("steps")
  })

  it("stores the position of a follower that never asked for its own", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({ pages: () => [page([execution("0")])] }))
    await store.sync(scripted({ pages: () => [page([execution("1"), execution("2")], { at: 1 })] }))
    const [first] = await store.changes(0)
    await store.setFollowerPosition("alerts", first?.number ?? 0)
    expect(await store.followerPosition("alerts")).toBe(first?.number)
  })

  it("keeps an execution ended when a list of events shows its start again", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const walk = (at: number, ...seen: ReadonlyArray<ReturnType<typeof execution>>) =>
      store.sync(scripted({ lists: "events", pages: () => seen.map((one) => page([one], { at })) }))
    await walk(0, running("1"))
    await walk(1, execution("1"), running("1"))
    await walk(2, running("1"))
    const { execution: found, changes } = (await store.get("shop", "1")) ?? {}
    expect(found?.status).toBe("succeeded")
    expect(changes?.map(({ next }) => next.status)).toEqual(["succeeded"])
  })

  it("records no change when an endpoint omits the provider's status", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const walk = (at: number, providerStatus: string | null) =>
      store.sync(scripted({ pages: () => [page([execution("1", { providerStatus })], { at })] }))
    await walk(0, "ok")
    await walk(1, null)
    await walk(2, "ok")
    expect(await store.changes(0)).toEqual([])
    expect((await store.get("shop", "1"))?.execution.providerStatus).toBe("ok")
  })

  it("warns about a joined row that could not be read, and does not store it as an item", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const texts: Array<string> = []
    const rejected = {
      provider: "scripted",
      connection: "shop",
      id: "row-1",
      index: 1,
      isJoined: true,
      cause: "item" as const,
      places: [],
      issues: [],
      reason: "POST /task_runs/filter: odd time.",
      raw: { id: "row-1" },
    }
    const client = scripted({ pages: () => [page([execution("1")], { rejected: [rejected] })] })
    expect(await store.sync(client, { onWarning: ({ text }) => texts.push(text) })).toMatchObject({
      added: 1,
      rejected: 1,
    })
    expect(await database.ask("SELECT id FROM rejected_items")).toEqual([])
    expect(texts).toEqual([expect.stringContaining("POST /task_runs/filter: odd time.")])
  })

  it("completes the sync when rejected items cannot be decoded again, and warns", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const rejected = {
      provider: "scripted",
      connection: "shop",
      id: "odd",
      index: 0,
      isJoined: false,
      cause: "item" as const,
      places: [],
      issues: [],
      reason: "odd",
      raw: { id: "odd" },
    }
    await store.sync(scripted({ pages: () => [page([], { rejected: [rejected] })] }), quiet)
    const texts: Array<string> = []
    const client = scripted({
      pages: () => [page([execution("1")], { at: 1 })],
      reread: async () => {
        throw tooLarge
      },
    })
    const onWarning = ({ text }: SyncWarning) => texts.push(text)
    expect(await store.sync(client, { onWarning })).toMatchObject({ added: 1, isComplete: true })
    expect(texts).toEqual([expect.stringContaining("could not be decoded again: It is too large.")])
    expect(await database.ask("SELECT id FROM rejected_items")).toEqual([{ id: "odd" }])
  })
})
