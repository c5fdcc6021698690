import { describe, expect, it } from "vitest"
import { databases } from "./Databases.js"
import { began, execution, page, running, scripted } from "./ScriptedClient.js"
import { storeOf } from "./StoreOf.js"

const minute = 60_000
const listed = (minutes: number) => ({
  startedAt: new Date(began + minutes * minute),
  listedAt: new Date(began + minutes * minute),
})
const quiet = { onWarning: () => {} }

describe.each(databases)("store.changes in $name", ({ make }) => {
  it("returns the changes of one page with the oldest first", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({ pages: () => [page([execution("0")])] }))
    const seen = ["3", "2", "1"].map((id) => execution(id, listed(Number(id))))
    await store.sync(scripted({ pages: () => [page(seen, { at: 1 })] }))
    const changes = await store.changes(0)
    expect(changes.map((change) => change.execution.id)).toEqual(["1", "2", "3"])
    expect((await store.changes(changes[0]?.number ?? 0, 1))[0]?.execution.id).toBe("2")
  })

  it("reports no older execution that only shares a page with new ones", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const first = [execution("new", listed(60)), execution("old", listed(20))]
    await store.sync(scripted({ pages: () => [page(first)] }), { newOnly: true })
    const second = [execution("newer", listed(61)), ...first, execution("history", listed(10))]
    await store.sync(scripted({ pages: () => [page(second, { at: 1 })] }), { newOnly: true })
    expect((await store.changes(0)).map((change) => change.execution.id)).toEqual(["newer"])
  })

  it("reports an execution that appears while the history is read", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({ pages: () => [page([execution("1", listed(60))])] }), {
      newOnly: true,
    })
    let walks = 0
    const client = scripted({
      pages: () => {
        walks += 1
        const known = [execution("1", listed(60)), execution("history", listed(1))]
        return [page(walks === 1 ? known : [execution("2", listed(61)), ...known], { at: walks })]
      },
    })
    await store.sync(client)
    expect(walks).toBe(2)
    expect((await store.changes(0)).map((change) => change.execution.id)).toEqual(["2"])
  })

  it("reports executions listed after since when a new connection starts there", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    const pages = () => [page([execution("2", listed(60)), execution("1", listed(10))])]
    await store.sync(scripted({ pages }), { newOnly: true, since: listed(30).listedAt })
    expect((await store.changes(0)).map((change) => change.execution.id)).toEqual(["2"])
  })

  it("returns each execution as it is now, with the status it had then and the requested parts", async () => {
    await using database = await make()
    await using store = await storeOf(database)
    await store.sync(scripted({ pages: () => [page([execution("0")])] }))
    const parts = { inputs: { order: 7 } }
    await store.sync(scripted({ pages: () => [page([running("1", parts)], { at: 1 })] }))
    await store.sync(scripted({ pages: () => [page([execution("1")], { at: 2 })] }))
    const [appeared, ended] = await store.changes(0, 10, ["inputs"])
    const { finishedAt } = execution("1")
    expect(appeared).toMatchObject({ previous: null, execution: { status: "running", finishedAt } })
    expect(ended).toMatchObject({
      previous: { status: "running", providerStatus: "going" },
      execution: { status: "succeeded", ...parts },
    })
    expect((await store.changes(0))[0]?.execution).not.toHaveProperty("inputs")
  })

  it("starts each follower at its own position and keeps that position across restarts", async () => {
    await using database = await make()
    {
      await using store = await storeOf(database)
      await store.sync(scripted({ pages: () => [page([execution("0")])] }))
      expect(await store.followerPosition("first")).toBe(0)
      expect(await store.followerPosition("empty", new Date(0))).toBe(0)
      for (const at of [10, 20, 30]) {
        const seen = execution(String(at), listed(at))
        await store.sync(scripted({ pages: () => [page([seen], { at })] }), quiet)
      }
      expect(await store.followerPosition("now")).toBe(3)
      expect(await store.followerPosition("since", new Date(began + 20))).toBe(1)
      expect(await store.followerPosition("later", new Date(began + 31))).toBe(3)
      await store.setFollowerPosition("first", 2)
    }
    await using store = await storeOf(database)
    expect(await store.followerPosition("first", new Date(0))).toBe(2)
    expect(await store.followerPosition("since")).toBe(1)
  })

  it("returns the changes that a follower gave up on until they are delivered", async () => {
    await using database = await make()
    const failed = { tries: 2, failure: "the command ended with 3", isLast: false }
    {
      await using store = await storeOf(database)
      await store.sync(scripted({ pages: () => [page([execution("0")])] }))
      const seen = ["3", "2", "1"].map((id) => execution(id, listed(Number(id))))
      await store.sync(scripted({ pages: () => [page(seen, { at: 1 })] }))
      await store.setDelivery("mail", 1, { ...failed, isLast: true })
      await store.setDelivery("chat", 2, failed)
      await store.setDelivery("chat", 3, { ...failed, tries: 4, isLast: true })
      await store.setDelivery("chat", 3, { ...failed, tries: 5, isLast: true })
    }
    await using store = await storeOf(database)
    expect(await store.deliveryTries("chat", 2)).toBe(2)
    expect(await store.deliveryTries("mail", 2)).toBe(0)
    const given = async (after: number, most?: number) =>
      (await store.undelivered(after, most)).map(
        ({ follower, number, tries, failure, execution: { id } }) =>
          `${follower} ${number} of ${id}: ${failure}, at try ${tries}`,
      )
    const [first, second] = [
      "mail 1 of 1: the command ended with 3, at try 2",
      "chat 3 of 3: the command ended with 3, at try 5",
    ]
    expect(await given(0)).toEqual([first, second])
    expect([await given(0, 1), await given(1)]).toEqual([[first], [second]])
    await store.setDelivery("mail", 1, null)
    expect(await given(0)).toEqual([second])
  })
})
