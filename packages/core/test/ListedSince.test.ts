import { assert, it as effectIt } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fetchTransport, makeExecutions, Transport } from "../src/effect.js"
import { createClient, type LogPage } from "../src/index.js"
import { byNumber, byTime, changingFetch, changingServer } from "./ChangingProvider.js"
import { own } from "./OwnConnection.js"
import { sampleClient, shapes } from "./SampleProvider.js"

const epoch = Date.UTC(2026, 10, 21, 8)
const at = (seconds: number) => new Date(epoch + seconds * 1000)

const rows = Array.from({ length: 40 }, (_, index) => ({
  id: `row-${String(index).padStart(2, "0")}`,
  at: epoch + index * 1000,
  state: index % 2 === 0 ? "bad" : "ok",
}))

const collect = async <A>(iterable: AsyncIterable<A>): Promise<Array<A>> => {
  const all: Array<A> = []
  for await (const one of iterable) all.push(one)
  return all
}

const idsOf = (pages: ReadonlyArray<LogPage>) =>
  pages.flatMap(({ executions }) => executions.map(({ id }) => id))

describe("page.listed", () => {
  it("covers everything the provider listed on the page, including what execlog filtered out", async () => {
    const states = ["bad", "ok", "bad"] as const
    const server = changingServer(
      states.map((state, number) => ({ number, at: epoch + number * 1000, state })),
    )
    const connection = byTime({ apiKey: "canary-changing-1" })
    const client = createClient(connection, { fetch: changingFetch(server) })
    const page = await client.page({ status: ["succeeded"] })
    expect(idsOf([page])).toEqual(["1"])
    expect(page.listed).toEqual({ from: at(0), to: at(2) })
  })

  it("holds no times when the page is empty", async () => {
    const empty = { from: null, to: null }
    expect((await sampleClient("windowsByNumber", { rows: [] }).page()).listed).toEqual(empty)
  })

  it("ends at the latest execution that has started, because planned ones may be listed in the future", async () => {
    const server = changingServer([
      { number: 3, at: epoch + 3_600_000, state: "new", planned: true },
      { number: 2, at: epoch + 2000, state: "going" },
      { number: 1, at: epoch - 1000, state: "new", planned: true },
    ])
    const connection = byTime({ apiKey: "canary-changing-1" })
    const page = await createClient(connection, { fetch: changingFetch(server) }).page()
    expect(page.executions).toHaveLength(3)
    expect(page.listed).toEqual({ from: at(-1), to: at(2) })
  })

  it("uses the start times when the provider gives no listing time", async () => {
    const server = changingServer([
      { number: 2, at: epoch + 2000, state: "ok" },
      { number: 1, at: epoch + 1000, state: "bad" },
    ])
    const connection = byNumber({ apiKey: "canary-changing-1" })
    const page = await createClient(connection, { fetch: changingFetch(server) }).page()
    expect(page.listed).toEqual({ from: at(1), to: at(2) })
  })
})

describe("page.itemIds", () => {
  it("holds the item's own id for each returned execution", async () => {
    const server = changingServer([
      { number: 3, at: epoch + 3000, state: "ok" },
      { number: 2, at: epoch + 2000, state: "bad" },
      { number: 1, at: epoch + 1000, state: "ok" },
    ])
    const named = changingFetch(server)
    const fetch: typeof globalThis.fetch = async (...asked) => {
      const answer: { readonly rows: ReadonlyArray<object> } = await (await named(...asked)).json()
      const rows = answer.rows.map((row, index) => ({ ...row, id: `row-${index}` }))
      return Response.json({ ...answer, rows })
    }
    const client = createClient(byNumber({ apiKey: "canary-changing-1" }), { fetch })
    const page = await client.page({ until: at(3) })
    expect(page.executions.map(({ id }) => id)).toEqual(["2", "1"])
    expect(page.itemIds).toEqual(["row-1", "row-2"])
  })

  it("holds null for an item without an id", async () => {
    const server = changingServer([{ number: 1, at: epoch, state: "ok" }])
    const connection = byTime({ apiKey: "canary-changing-1" })
    const page = await createClient(connection, { fetch: changingFetch(server) }).page()
    expect(page.itemIds).toEqual([null])
  })
})

describe("page.requestedAt", () => {
  effectIt.effect("holds the time at which the page's request began", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(epoch)
      const server = changingServer([{ number: 1, at: epoch, state: "ok" }])
      const { exchange } = fetchTransport(changingFetch(server))
      const slow = Transport.of({ exchange: (request) => Effect.delay(exchange(request), 5000) })
      const executions = makeExecutions(byTime({ apiKey: "canary-changing-1" }))
      const asked = executions.page().pipe(Effect.provideService(Transport, slow))
      const fiber = yield* Effect.forkChild(asked)
      yield* TestClock.adjust(5000)
      const page = yield* Fiber.join(fiber)
      assert.deepStrictEqual(page.requestedAt, at(0))
      const [next] = yield* Stream.runCollect(
        executions.pages().pipe(Stream.provideService(Transport, { exchange })),
      )
      assert.deepStrictEqual(next?.requestedAt, at(5))
    }),
  )

  effectIt.effect("holds a time even for a page that needs no request", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(epoch)
      const nothing = { ...byTime({ apiKey: "canary-changing-1" }) }
      const list = {
        ...nothing.list,
        answer: () => ({ by: "settings" as const, passes: false }),
      }
      const executions = makeExecutions(own({ ...nothing, list }))
      const query = { workflowId: "w" }
      const expected = { executions: [], requestedAt: at(0), listed: { from: null, to: null } }
      assert.deepInclude(yield* executions.page(query), expected)
      const [page] = yield* Stream.runCollect(executions.pages(query, { listedSince: at(9) }))
      assert.deepInclude(page, expected)
    }),
  )
})

describe("the option listedSince", () => {
  it.each(Object.keys(shapes) as Array<keyof typeof shapes>)(
    "returns everything listed since the time, and requests no further page: %s",
    async (shape) => {
      const histories = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 30 })
      const size = fc.integer({ min: 2, max: 6 })
      const since = fc.integer({ min: 0, max: 30 })
      await fc.assert(
        fc.asyncProperty(histories, size, since, async (seconds, pageSize, from) => {
          const history = seconds.map((second, index) => ({
            id: `row-${index}`,
            at: epoch + second * 1000,
          }))
          const client = sampleClient(shape, { rows: history })
          const pages = await collect(client.pages({ pageSize }, { listedSince: at(from) }))
          const ids = idsOf(pages)
          const due = history.filter((row) => row.at >= at(from).getTime())
          expect(new Set(ids).size).toBe(ids.length)
          expect(ids).toEqual(expect.arrayContaining(due.map(({ id }) => id)))
          // Only the last page may contain older ones.
          const isBelow = ({ listed }: LogPage) =>
            listed.from !== null && listed.from.getTime() < at(from).getTime()
          expect(pages.slice(0, -1).filter(isBelow)).toEqual([])
        }),
        { numRuns: 60 },
      )
    },
  )

  it("returns the whole last page, because it is not a filter", async () => {
    const pages = await collect(
      sampleClient("pagesByCursor", { rows }).pages({ pageSize: 10 }, { listedSince: at(25) }),
    )
    expect(idsOf(pages)).toHaveLength(20)
    expect(idsOf(pages).at(-1)).toBe("row-20")
  })

  it("does not read further down than the query's own time", async () => {
    const query = { since: at(35), pageSize: 10 }
    const pages = await collect(
      sampleClient("windowsByNumber", { rows }).pages(query, { listedSince: at(5) }),
    )
    expect(idsOf(pages)).toEqual(["row-39", "row-38", "row-37", "row-36", "row-35"])
    expect(pages.every(({ listed }) => listed.from === null || listed.from >= at(35))).toBe(true)
  })

  it("ends a list by numbers at the first page that lies entirely below the time", async () => {
    const numbered = Array.from({ length: 40 }, (_, index) => ({
      number: index,
      // Only nearly in the order of their starts.
      at: epoch + (index + (index % 2 === 0 ? 3 : 0)) * 1000,
      state: "ok" as const,
    }))
    const server = changingServer(numbered)
    const connection = byNumber({ apiKey: "canary-changing-1" })
    const client = createClient(connection, { fetch: changingFetch(server) })
    const pages = await collect(client.pages({ pageSize: 5 }, { listedSince: at(30) }))
    expect(idsOf(pages)).toEqual(expect.arrayContaining(["39", "31", "30", "28"]))
    const areBelow = pages.map(({ listed }) => (listed.to ?? at(30)).getTime() < at(30).getTime())
    expect(areBelow.indexOf(true)).toBe(pages.length - 1)
  })

  it.each([
    [{ order: "oldest" as const }, at(1), "The option listedSince requires the newest first"],
    [{}, new Date(Number.NaN), "The option listedSince must be a valid Date, not Invalid Date."],
    [{}, new Date(8.64e15), "The option listedSince must be a valid Date, not Sat Sep 13 275760"],
    // Plain JavaScript may pass anything.
    [{}, "2026-11-21" as never, 'The option listedSince must be a valid Date, not "2026-11-21".'],
  ])("rejects the query %j with listedSince %s", async (query, listedSince, message) => {
    const client = sampleClient("pagesByNumber", { rows }, { name: "shop" })
    await expect(collect(client.pages(query, { listedSince }))).rejects.toMatchObject({
      reason: "InvalidQuery",
      provider: "sample",
      connection: "shop",
      message: expect.stringContaining(message),
    })
  })
})
