import { AdapterError, type Execution } from "@execlog/core"
import { describe, expect, it, vi } from "vitest"
import { databases } from "./Databases.js"
import { execution, page, scripted } from "./ScriptedClient.js"
import { warnings } from "./SmallHistory.js"
import { now } from "./StandingClock.js"
import { kept, type OpenedStore, storeOf } from "./StoreOf.js"

const minute = 60_000
const day = 24 * 60 * minute

/** Executions of these numbers, the newest first, as a list that goes by numbers gives them. */
const numbered = (last: number, by: (number: number) => Partial<Execution> = () => ({})) =>
  Array.from({ length: last }, (_, index) => last - index).map((number) =>
    execution(String(number), { listedAt: null, ...by(number) }),
  )

const waiting = { status: "waiting", providerStatus: "waiting", finishedAt: null } as const

/** A provider whose list leaves out what waits, and whose `get` gives it. */
const provider = (all: () => ReadonlyArray<Execution>, isShown = (_: Execution) => true) => {
  const asked: Array<string> = []
  const trouble = new Set<string>()
  const client = scripted({
    listedBy: "number",
    pages: () => {
      const listed = all().filter((one) => one.status !== "waiting" && isShown(one))
      return [page(listed, { requestedAt: new Date() })]
    },
    get: (id) => {
      asked.push(id)
      if (trouble.has(id)) {
        throw new AdapterError({ reason: "Timeout", message: "It takes long.", operation: "get" })
      }
      return all().find((one) => one.id === id && isShown(one)) ?? null
    },
  })
  return { client, asked, trouble }
}

const withStatus = async (store: OpenedStore, status: Execution["status"]) =>
  (await kept(store, { status: [status] })).map(({ id }) => id).toSorted()

describe.each(databases)("numbers missing from a list, in $name", ({ make }) => {
  it("finds executions missing from the list while they wait and after they have ended", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    let hasEnded = false
    const { client, asked } = provider(() =>
      numbered(600, (number) => {
        if (number !== 5 && number !== 580) return {}
        return hasEnded
          ? { status: "failed", error: { message: "late", type: null, stepId: null } }
          : waiting
      }),
    )
    expect(await store.sync(client)).toMatchObject({
      added: 600,
      unsearchedIds: 0,
      isComplete: true,
    })
    expect(await withStatus(store, "waiting")).toEqual(["5", "580"])
    expect(asked.toSorted()).toEqual(["5", "580"])
    hasEnded = true
    vi.setSystemTime(now + minute)
    await store.sync(client)
    expect(await withStatus(store, "failed")).toEqual(["5", "580"])
  })

  it("requests a number that has no execution only once", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    let all = numbered(100).filter(({ id }) => Number(id) % 10 > 0)
    const { client, asked } = provider(() => all)
    await store.sync(client)
    expect(asked).toHaveLength(9)
    all = [
      ...numbered(120)
        .slice(0, 20)
        .filter(({ id }) => id !== "110"),
      ...all,
    ]
    vi.setSystemTime(now + minute)
    await store.sync(client)
    // Those that were read since alone.
    expect(asked.slice(9)).toEqual(["110", "100"])
  })

  it("requests many missing numbers over several syncs, the newest first", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const all = numbered(201, (number) => (number % 2 === 0 ? waiting : {}))
    const { client, asked } = provider(() => all)
    expect(await store.sync(client)).toMatchObject({ unsearchedIds: 101, isComplete: false })
    expect(asked).toHaveLength(50)
    expect(asked.slice(0, 2)).toEqual(["200", "198"])
    for (const round of [1, 2]) {
      vi.setSystemTime(now + round * minute)
      await store.sync(client)
    }
    expect(await withStatus(store, "waiting")).toHaveLength(100)
  })

  it("stops a sync after 20 missing numbers none of which can be read, and warns", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { client, asked } = provider(
      () => numbered(400),
      ({ id }) => Number(id) % 8 === 0,
    )
    const { texts, onWarning } = warnings()
    const first = await store.sync(client, { onWarning })
    expect(first).toMatchObject({ isComplete: false })
    expect(first.unsearchedIds).toBeGreaterThan(300)
    expect(asked).toHaveLength(20)
    expect(texts).toEqual([
      expect.stringMatching(/^None of 20 execution numbers missing from the list could be read/),
    ])
    vi.setSystemTime(now + minute)
    await store.sync(client, { onWarning })
    expect(new Set(asked).size).toBe(40)
    // After a time nothing more is expected there.
    vi.setSystemTime(now + 8 * day)
    expect(await store.sync(client, { onWarning })).toMatchObject({ unsearchedIds: 0 })
    expect(asked).toHaveLength(40)
  })

  it("requests a missing number again after a request that failed", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const { client, trouble } = provider(() =>
      numbered(30, (number) => (number === 7 ? waiting : {})),
    )
    trouble.add("7")
    expect(await store.sync(client)).toMatchObject({ unsearchedIds: 1, isComplete: false })
    trouble.clear()
    vi.setSystemTime(now + minute)
    await store.sync(client)
    expect(await withStatus(store, "waiting")).toEqual(["7"])
  })

  it("reports a waiting execution to followers only when it is newer than the last sync", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    let all = numbered(30, (number) => (number === 7 ? waiting : {}))
    const { client } = provider(() => all)
    await store.sync(client)
    expect(await store.changes(0)).toEqual([])
    all = numbered(32, (number) => (number === 7 || number === 31 ? waiting : {}))
    vi.setSystemTime(now + minute)
    await store.sync(client)
    const changed = (await store.changes(0)).map(({ execution: { id } }) => id)
    expect(changed).toContain("31")
  })
})
