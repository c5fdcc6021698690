import { alloy } from "@execlog/alloy"
import { AdapterError, createClient, type Execution } from "@execlog/core"
import { startSimulator } from "@execlog/simulator"
import { describe, expect, it, vi } from "vitest"
import type { SyncOptions } from "../src/index.js"
import { databases } from "./Databases.js"
import { execution, page, scripted } from "./ScriptedClient.js"
import { warnings } from "./SmallHistory.js"
import { now } from "./StandingClock.js"
import { kept, storeOf } from "./StoreOf.js"

const minute = 60_000

const failed = (id: string, by: Partial<Execution> = {}) =>
  execution(id, { status: "failed", workflow: { id: "w1", name: null, version: null }, ...by })

const why = (id: string) => ({ message: `because of ${id}`, type: null, stepId: null })

/** A provider whose list does not tell why anything failed, and whose `get` does. */
const provider = (listed: () => ReadonlyArray<Execution>) => {
  const asked: Array<string> = []
  const trouble = new Map<string, AdapterError["reason"]>()
  const client = scripted({
    pages: () => [page(listed(), { requestedAt: new Date() })],
    get: (id) => {
      asked.push(id)
      const reason = trouble.get(id)
      if (reason !== undefined) {
        throw new AdapterError({ reason, message: `No ${id} today.`, operation: "get" })
      }
      const found = listed().find((one) => one.id === id)
      const workflow = { id: "w1", name: "Refunds", version: null }
      return found === undefined
        ? null
        : { ...found, workflow, error: id === "silent" ? null : why(id), inputs: { large: true } }
    },
  })
  return { client, asked, trouble }
}

describe.each(databases)("details of failed executions in $name", ({ make }) => {
  it("completes a failed execution by get, once", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const all = [
      failed("1"),
      failed("told", { error: why("told") }),
      failed("late", { status: "timed_out" }),
      failed("silent"),
      execution("sound"),
    ]
    const { client, asked } = provider(() => all)
    expect(await store.sync(client)).toMatchObject({
      detailed: 3,
      missingDetails: 0,
      isComplete: true,
    })
    expect(asked.toSorted()).toEqual(["1", "late", "silent"])
    const [one] = await kept(store, { status: ["failed"], include: ["inputs"] }, { limit: 9 })
    expect(one).toMatchObject({ workflow: { id: "w1" } })
    expect((await store.get("shop", "1"))?.execution).toMatchObject({
      error: why("1"),
      workflow: { name: "Refunds" },
    })
    // Parts that are not kept of all are not kept of these.
    expect((await store.get("shop", "1"))?.execution.inputs).toBeUndefined()
    vi.setSystemTime(now + minute)
    expect(await store.sync(client)).toMatchObject({ detailed: 0, changed: 0 })
    expect(asked).toHaveLength(3)
  })

  it("requests the details of an execution again when it failed again", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    let all = [failed("1")]
    const { client, asked } = provider(() => all)
    await store.sync(client)
    all = [failed("1", { finishedAt: new Date(now + minute) })]
    vi.setSystemTime(now + 2 * minute)
    expect(await store.sync(client)).toMatchObject({ detailed: 1 })
    expect(asked).toEqual(["1", "1"])
  })

  it("warns once per sync about details it cannot get, and gives up after three syncs", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { client, asked, trouble } = provider(() => [failed("1"), failed("2"), failed("3")])
    trouble.set("1", "NotFound").set("3", "Decode")
    for (const round of [1, 2, 3, 4]) {
      const { texts, onWarning } = warnings()
      vi.setSystemTime(now + round * minute)
      const summary = await store.sync(client, { onWarning, full: true })
      const isTried = round <= 3
      expect(summary).toMatchObject({ missingDetails: 2, isComplete: false })
      expect(texts).toEqual(
        isTried ? [expect.stringMatching(/^The details of 2 executions, such as \d, /)] : [],
      )
    }
    expect(asked.filter((id) => id === "2")).toHaveLength(1)
    expect(await kept(store)).toHaveLength(3)
  })

  it("leaves all details to a later sync when the provider is unavailable", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const many = Array.from({ length: 200 }, (_, index) => failed(String(index)))
    const { client, asked, trouble } = provider(() => many)
    for (const { id } of many) trouble.set(id, "Unavailable")
    const quiet = { onWarning: () => {} }
    expect(await store.sync(client, quiet)).toMatchObject({ added: 200, missingDetails: 200 })
    expect(asked.length).toBeLessThan(20)
    // However long that lasts.
    for (const round of [1, 2, 3, 4]) {
      vi.setSystemTime(now + round * minute)
      const summary = await store.sync(client, quiet)
      expect(summary).toMatchObject({ missingDetails: 200, isComplete: false })
    }
    trouble.clear()
    vi.setSystemTime(now + 5 * minute)
    expect(await store.sync(client, quiet)).toMatchObject({ detailed: 200, missingDetails: 0 })
  })

  it.each<[string, SyncOptions["details"], ReadonlyArray<string>]>([
    ["all that has ended", "all", ["1", "sound"]],
    ["nothing", "none", []],
  ])("requests the details of %s when the option says so", async (_, details, expected) => {
    await using database = await make()
    await using store = await storeOf(database)
    const { client, asked } = provider(() => [failed("1"), execution("sound")])
    await store.sync(client, { details })
    expect(asked.toSorted()).toEqual(expected)
  })

  it("reports lacksDetails, without a warning, when no endpoint returns one execution", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { texts, onWarning } = warnings()
    const client = scripted({ pages: () => [page([failed("1")])] })
    expect(await store.sync(client, { onWarning })).toMatchObject({ lacksDetails: true })
    expect(texts).toEqual([])
  })

  it("completes a failed execution from its workflow's log when only that has the reason", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await using simulator = await startSimulator({ port: null, alloy: { executions: 200 } })
    const { apiKey, baseUrl } = simulator.alloy
    const client = createClient(alloy({ apiKey, baseUrl }), {
      name: "shop",
      fetch: simulator.fetch,
    })
    const { detailed } = await store.sync(client)
    expect(detailed).toBeGreaterThan(0)
    const failed = await kept(store, { status: ["failed"] })
    expect(failed).toHaveLength(detailed)
    expect(failed.filter(({ error }) => error === null)).toEqual([])
    expect(await store.sync(client)).toMatchObject({ detailed: 0, changed: 0 })
  })

  it("reports a new failed execution to followers with its reason", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    let all: ReadonlyArray<Execution> = [execution("0")]
    const { client } = provider(() => all)
    await store.sync(client)
    all = [failed("1", { listedAt: new Date(now), startedAt: new Date(now) }), ...all]
    vi.setSystemTime(now + minute)
    const progress: Array<unknown> = []
    await store.sync(client, {
      newOnly: true,
      onProgress: () => void progress.push(store.changes(0)),
    })
    expect(await progress[0]).toMatchObject([{ execution: { id: "1", error: why("1") } }])
  })

  it("rejects an unknown value of the option details", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    // From JSON, as a user of plain JavaScript may hand it over.
    const options: SyncOptions = JSON.parse('{ "details": "some" }')
    await expect(store.sync(scripted({}), options)).rejects.toMatchObject({
      reason: "InvalidQuery",
      message: 'The option details must be failed, all or none, not "some".',
    })
  })
})
