import { describe, expect, it } from "vitest"
import { databases } from "./Databases.js"
import { began, execution, page, scripted } from "./ScriptedClient.js"
import { addMany, historyOf } from "./SmallHistory.js"
import { now } from "./StandingClock.js"
import { storeOf } from "./StoreOf.js"

const listed = (id: string, second: number) =>
  execution(id, { listedAt: new Date(began + second * 1000) })

describe.each(databases)("news for followers, in $name", ({ make }) => {
  it("reports nothing that sync has already stored to a new follower", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    for (const name of ["alloy", "dify", "n8n", "prefect"] as const) {
      const { history } = await historyOf(name)
      addMany(history, 12)
      history.start(now - 5 * 60_000)
      const client = history.client({ name })
      await store.sync(client, { onWarning: () => {} })
      const from = await store.followerPosition(name)
      await store.sync(client, { newOnly: true, onWarning: () => {} })
      await store.sync(client, { newOnly: true, since: new Date(0), onWarning: () => {} })
      expect(await store.changes(from)).toEqual([])
    }
  })

  it("reports the end of an execution that started before the store was created", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { history } = await historyOf("prefect")
    const long = history.start(now - 300 * 60_000)
    const client = history.client({ name: "etl" })
    const sync = () => store.sync(client, { newOnly: true, onWarning: () => {} })
    await sync()
    expect(await store.changes(0)).toEqual([])
    history.finish(long, now)
    await sync()
    const changes = await store.changes(0)
    expect(changes.map(({ execution, previous }) => [execution.id, previous?.status])).toEqual([
      [long, "running"],
    ])
  })

  it("reports executions that a full re-read finds, even after it was stopped and resumed", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const old = listed("old", 0)
    await store.sync(scripted({ pages: () => [page([old])] }))
    expect(await store.changes(0)).toEqual([])

    // They are listed when what is new has been read, and before the history is.
    const stop = new AbortController()
    const until = scripted({
      pages: (_, options) =>
        options?.listedSince === undefined
          ? [page([listed("newer", 2)], { at: 1, next: "here" })]
          : [page([old], { at: 1 })],
    })
    const stopped = await store.sync(until, {
      full: true,
      signal: stop.signal,
      onProgress: ({ pass }) => pass === "history" && stop.abort(),
    })
    expect(stopped).toMatchObject({ added: 1, isComplete: false })
    const after = scripted({
      pages: (_, options) =>
        options?.cursor === "here"
          ? [page([listed("new", 1), old], { at: 2 })]
          : [page([], { at: 2 })],
    })
    expect(await store.sync(after)).toMatchObject({ added: 1, isComplete: true })
    const changes = await store.changes(0)
    expect(changes.map((change) => [change.execution.id, change.previous])).toEqual([
      ["newer", null],
      ["new", null],
    ])
  })

  it("reports nothing older than the history read before", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const since = (second: number) => ({ since: new Date(began + second * 1000) })
    await store.sync(scripted({ pages: () => [page([listed("old", 0)])] }), since(0))
    const older = scripted({
      pages: (_, options) => {
        const further = options?.listedSince === undefined ? [listed("older", -60)] : []
        return [page([listed("old", 0), ...further])]
      },
    })
    expect(await store.sync(older, { ...since(-100), full: true })).toMatchObject({ added: 1 })
    expect(await store.changes(0)).toEqual([])
  })

  it("reports nothing that existed before a first sync with newOnly, even after it was stopped", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const stop = new AbortController()
    const first = scripted({ pages: () => [page([listed("b", 0)], { next: "here" })] })
    await store.sync(first, {
      newOnly: true,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    const rest = scripted({
      pages: (_, options) => [page(options?.cursor === "here" ? [listed("a", 0)] : [], { at: 1 })],
    })
    expect(await store.sync(rest, { newOnly: true })).toMatchObject({ added: 1 })
    expect(await store.changes(0)).toEqual([])
  })
})
