import { describe, expect, it, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import fc from "fast-check"
import { makeExecutions, makeLog } from "../src/effect.js"
import {
  type AdapterError,
  type Client,
  createClient,
  createLog,
  type Execution,
  type MergedPage,
  type Warning,
} from "../src/index.js"
import { changingFetch, changingServer, withoutGet } from "./ChangingProvider.js"
import { own } from "./OwnConnection.js"
import { sampleClient, windowsByNumber } from "./SampleProvider.js"
import { rows } from "./SampleRows.js"

const even = rows.filter((_, index) => index % 2 === 0)
const odd = rows.filter((_, index) => index % 2 === 1)
const newestFirst = rows.map(({ id }) => id).toReversed()

const shop = () => sampleClient("windowsByNumber", { rows: even }, { name: "shop" })
const billing = () => sampleClient("pagesByOffset", { rows: odd }, { name: "billing" })

/** A client that its server answers with a status. */
const rejected = (status: number, name = "rejected") =>
  createClient(windowsByNumber({ apiKey: "canary-sample-1" }), {
    name,
    transport: { retries: 0 },
    fetch: async () => new Response("{}", { status }),
  })

/** A client whose provider cannot filter by workflow, unlike the others. */
const others = () =>
  createClient(withoutGet({ apiKey: "canary-changing-1" }), {
    name: "others",
    fetch: changingFetch(changingServer([])),
  })

const idsOf = (executions: ReadonlyArray<Execution>) => executions.map(({ id }) => id)

const collected = async <A>(iterable: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: Array<A> = []
  for await (const one of iterable) all.push(one)
  return all
}

describe("createLog", () => {
  it("merges the executions of its connections by timestamp", async () => {
    const log = createLog([shop(), billing()])
    const executions = await collected(log.executions())
    expect(idsOf(executions)).toEqual(newestFirst)
    expect(new Set(executions.map(({ connection }) => connection))).toEqual(
      new Set(["shop", "billing"]),
    )
  })

  it("stops after the limit", async () => {
    const log = createLog([shop(), billing()])
    expect(idsOf(await collected(log.executions({}, { limit: 7 })))).toEqual(
      newestFirst.slice(0, 7),
    )
  })

  it("passes the query to each connection", async () => {
    const log = createLog([shop(), billing()])
    const failed = await collected(log.executions({ status: ["failed"] }))
    expect(idsOf(failed)).toEqual(
      rows
        .filter(({ state }) => state === "bad")
        .map(({ id }) => id)
        .toReversed(),
    )
  })

  it("fails with the first connection that fails when nobody listens for failures", async () => {
    const log = createLog([shop(), rejected(401)])
    await expect(collected(log.executions())).rejects.toMatchObject({
      reason: "Authentication",
      connection: "rejected",
    })
  })

  it("reads the other connections on when onFailure receives the one that fails", async () => {
    const failures: Array<AdapterError> = []
    const log = createLog([shop(), rejected(401), billing()])
    const executions = await collected(
      log.executions({ pageSize: 3 }, { onFailure: (error) => failures.push(error) }),
    )
    expect(idsOf(executions)).toEqual(newestFirst)
    expect(failures).toMatchObject([{ reason: "Authentication", connection: "rejected" }])
  })

  it("names the connection that a warning is about", async () => {
    const reported: Array<string | null> = []
    const clamped = sampleClient(
      "windowsByNumber",
      { rows, rejects: ["state=bad"] },
      { name: "old" },
    )
    const log = createLog([clamped])
    await collected(
      log.executions(
        { status: ["failed"] },
        { onWarning: (_: Warning, about) => reported.push(about.connection) },
      ),
    )
    expect(reported).toContain("old")
  })

  it("names the connection on stderr when nobody listens", async () => {
    const stderr = vi.spyOn(console, "error").mockImplementation(() => {})
    const broken = rows.map((row, index) => (index === 3 ? { ...row, broken: true } : row))
    const old = sampleClient(
      "windowsByNumber",
      { rows: broken, rejects: ["state=bad"] },
      { name: "old" },
    )
    await collected(createLog([old]).executions({ status: ["failed"] }))
    const lines = stderr.mock.calls.map(([line]) => String(line))
    stderr.mockRestore()
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).toMatch(/^old: /)
  })

  it("rejects an option that it does not know", async () => {
    const options: object = { maxItems: 3 }
    await expect(collected(createLog([shop()]).executions({}, options))).rejects.toMatchObject({
      reason: "InvalidQuery",
      subject: { kind: "option", name: "maxItems" },
    })
  })

  it("rejects no connections, and two of the same name", () => {
    expect(() => createLog([])).toThrowError(
      expect.objectContaining({
        reason: "InvalidSettings",
        subject: { kind: "argument", name: "clients" },
      }),
    )
    expect(() => createLog([shop(), shop()])).toThrowError(
      expect.objectContaining({
        reason: "InvalidSettings",
        subject: { kind: "option", name: "name" },
      }),
    )
  })

  it("explains the plan of each connection", () => {
    const plans = createLog([shop(), billing()]).explain({ status: ["failed"] })
    expect(plans.map(({ connection }) => connection)).toEqual(["shop", "billing"])
  })

  it("stops all connections when the loop is left", async () => {
    let aborted = 0
    const hanging = (name: string) =>
      createClient(windowsByNumber({ apiKey: "canary-sample-1" }), {
        name,
        fetch: (_, init) =>
          new Promise((_resolve, reject) => {
            init?.signal?.addEventListener("abort", () => {
              aborted += 1
              reject(new Error("aborted"))
            })
          }),
      })
    const stop = new AbortController()
    const log = createLog([hanging("one"), hanging("two")])
    const reading = collected(log.executions({}, { signal: stop.signal }))
    stop.abort(new Error("enough"))
    await expect(reading).rejects.toThrow("enough")
    expect(aborted).toBe(2)
  })

  it("is the same log as Effects and Streams", async () => {
    const log = makeLog([shop().effect, billing().effect])
    const executions = await Effect.runPromise(Stream.runCollect(log.executions()))
    expect(idsOf(executions)).toEqual(newestFirst)
    expect(makeExecutions(windowsByNumber({ apiKey: "canary-sample-1" })).name).toBe(null)
  })
})

describe("log.page", () => {
  const pagesFrom = async (read: (cursor: string | null) => Promise<MergedPage>) => {
    const pages: Array<MergedPage> = []
    let cursor: string | null = null
    do {
      const page: MergedPage = await read(cursor)
      pages.push(page)
      cursor = page.next
    } while (cursor !== null)
    return pages
  }

  it("resumes all connections at its cursor", async () => {
    const query = { pageSize: 4 }
    const read = (cursor: string | null) => createLog([shop(), billing()]).page(query, cursor)
    const pages = await pagesFrom(read)
    expect(pages.map(({ executions }) => executions.length)).toEqual([4, 4, 4, 4, 4, 4, 1])
    expect(pages.flatMap(({ executions }) => idsOf(executions))).toEqual(newestFirst)
  })

  it("lists a connection that failed, and tries it again at the next page", async () => {
    let isDown = true
    const flaky = sampleClient(
      "pagesByOffset",
      {
        rows: odd,
        beforeRequest: () => {
          if (isDown) throw new TypeError("connection refused")
        },
      },
      { name: "billing", transport: { retries: 0 } },
    )
    const log = createLog([shop(), flaky])
    const first = await log.page({ pageSize: 50 })
    expect(first.failures).toMatchObject([{ reason: "Transport", connection: "billing" }])
    expect(idsOf(first.executions)).toEqual(even.map(({ id }) => id).toReversed())
    isDown = false
    const second = await log.page({ pageSize: 50 }, first.next)
    expect(idsOf(second.executions)).toEqual(odd.map(({ id }) => id).toReversed())
    expect(second.next).toBe(null)
  })

  it("fails when all connections do", async () => {
    await expect(createLog([rejected(401, "a"), rejected(401, "b")]).page()).rejects.toMatchObject({
      reason: "Authentication",
    })
  })

  it("returns one empty page when there are no executions", async () => {
    const log = createLog([sampleClient("windowsByNumber", { rows: [] })])
    expect(await log.page()).toEqual({
      executions: [],
      rejected: [],
      warnings: [],
      failures: [],
      next: null,
    })
  })

  it("returns rejected items of its connections", async () => {
    const broken = rows.map((row, index) => (index === 3 ? { ...row, broken: true } : row))
    const log = createLog([sampleClient("windowsByNumber", { rows: broken }, { name: "shop" })])
    expect((await log.page()).rejected).toMatchObject([{ connection: "shop" }])
  })

  it("rejects a cursor of a single connection, of other connections, and an altered one", async () => {
    const { next } = await shop().page({ pageSize: 3 })
    const log = createLog([shop(), billing()])
    await expect(log.page({}, next)).rejects.toMatchObject({
      cursorFault: "other_kind",
      message: "The cursor belongs to a single connection.",
    })
    const { next: merged } = await log.page({ pageSize: 3 })
    await expect(createLog([shop()]).page({}, merged)).rejects.toMatchObject({
      cursorFault: "other_connection",
      message: expect.stringContaining("shop, billing"),
    })
    await expect(createLog([billing(), rejected(401)]).page({}, merged)).rejects.toThrow("rejected")
    await expect(shop().page({ pageSize: 3 }, merged)).rejects.toMatchObject({
      cursorFault: "other_kind",
      message: "The cursor belongs to a log of several connections.",
    })
    await expect(log.page({ pageSize: 3 }, `${merged}x`)).rejects.toMatchObject({
      cursorFault: "altered",
    })
  })

  it("takes and gives the cursors of its connection when it has one alone", async () => {
    const query = { pageSize: 3 }
    const { next } = await shop().page(query)
    const log = createLog([shop()])
    const [first] = await collected(log.entries(query, { cursor: next, limit: 1 }))
    const rest = await collected(shop().executions(query, { cursor: first?.cursor() ?? null }))
    expect(idsOf(rest)).toEqual(
      even
        .map(({ id }) => id)
        .toReversed()
        .slice(4),
    )
  })

  it("returns each execution once, in order, whatever the histories, page sizes and resumptions", async () => {
    const shapes = ["windowsByNumber", "pagesByOffset", "windowsByOffset"] as const
    const histories = fc.array(
      fc.record({
        shape: fc.constantFrom(...shapes),
        seconds: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 15 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1, max: 9 }), async (given, pageSize) => {
        const clients: ReadonlyArray<Client> = given.map(({ shape, seconds }, source) =>
          sampleClient(
            shape,
            {
              rows: seconds
                .toSorted((a, b) => a - b)
                .map((second, index) => ({
                  id: `${source}-${String(index).padStart(2, "0")}`,
                  at: 1_700_000_000_000 + second * 1000,
                })),
            },
            { name: `${source}` },
          ),
        )
        const log = createLog(clients)
        const whole = idsOf(await collected(log.executions()))
        expect(whole).toHaveLength(given.reduce((sum, { seconds }) => sum + seconds.length, 0))
        const pages = await pagesFrom((cursor) => log.page({ pageSize }, cursor))
        expect(pages.flatMap(({ executions }) => idsOf(executions))).toEqual(whole)
        const inStream = await collected(log.pages({ pageSize }))
        expect(inStream.flatMap(({ executions }) => idsOf(executions))).toEqual(whole)
        const entries = await collected(log.entries())
        const place = Math.floor(entries.length / 2)
        const cursor = entries[place]?.cursor() ?? null
        if (cursor === null) return
        const rest = await collected(log.executions({}, { cursor }))
        expect(idsOf(rest)).toEqual(whole.slice(place + 1))
      }),
      { numRuns: 60 },
    )
  })
})

describe("log.get", () => {
  const sample = windowsByNumber({ apiKey: "canary-sample-1" })
  const keeping = (kept: string, name: string, status = 404) =>
    createClient(
      own({
        ...sample,
        get: {
          route: "GET /rows/{id}",
          gives: [],
          checkId: (id) => (id === "." ? "it is a dot" : null),
          request: (id) => ({ method: "GET", path: `/rows/${id}` }),
          item: (value) => ({ ok: true, value }),
          execution: () => ({ id: kept, providerStatus: null, startedAt: null, finishedAt: null }),
          joins: [],
        },
      }),
      {
        name,
        transport: { retries: 0 },
        fetch: async (input) =>
          String(input).endsWith(`/${kept}`) ? Response.json({}) : new Response("{}", { status }),
      },
    )

  it("finds the connection that has the execution", async () => {
    const log = createLog([keeping("a", "first"), keeping("b", "second")])
    expect(await log.get("b")).toMatchObject({ id: "b", connection: "second" })
    await expect(log.get("c")).rejects.toMatchObject({ reason: "NotFound" })
  })

  it("asks for the connection's name when several have one of this id", async () => {
    const log = createLog([keeping("a", "first"), keeping("a", "second")])
    await expect(log.get("a")).rejects.toMatchObject({
      reason: "InvalidQuery",
      subject: { kind: "option", name: "connection" },
    })
    expect(await log.get("a", { connection: "second" })).toMatchObject({ connection: "second" })
    await expect(log.get("a", { connection: "third" })).rejects.toThrow('no connection "third"')
  })

  it("fails when a connection that may have it cannot be asked", async () => {
    const log = createLog([keeping("a", "first"), keeping("b", "second", 401)])
    await expect(log.get("a")).rejects.toMatchObject({ reason: "Authentication" })
  })

  it("passes over connections without such an endpoint, and over ids that cannot be theirs", async () => {
    const log = createLog([shop(), keeping("a", "first")])
    expect(await log.get("a")).toMatchObject({ id: "a", connection: "first" })
    await expect(log.get("b")).rejects.toMatchObject({ reason: "NotFound", connection: "first" })
    await expect(log.get(".")).rejects.toMatchObject({
      reason: "InvalidQuery",
      subject: { kind: "argument", name: "id" },
    })
    await expect(createLog([shop()]).get("a")).rejects.toMatchObject({ reason: "Unsupported" })
  })
})

describe("log.follow", () => {
  it("reports the changes of every connection", async () => {
    const stop = new AbortController()
    const seen = new Set<string | null>()
    const log = createLog([shop(), billing()])
    const following = log.follow(
      {},
      { since: new Date(1_699_999_000_000), signal: stop.signal, onWarning: () => {} },
    )
    for await (const { execution } of following) {
      seen.add(execution.connection)
      if (seen.size === 2) break
    }
    expect(seen).toEqual(new Set(["shop", "billing"]))
  })

  it("follows the others on when onFailure receives the one that fails", async () => {
    const failures: Array<AdapterError> = []
    const log = createLog([rejected(401), shop()])
    for await (const { execution } of log.follow(
      {},
      {
        since: new Date(1_699_999_000_000),
        onFailure: (error) => failures.push(error),
        onWarning: () => {},
      },
    )) {
      expect(execution.connection).toBe("shop")
      if (failures.length > 0) break
    }
    expect(failures).toMatchObject([{ reason: "Authentication", connection: "rejected" }])
  })
})

describe("client.prepare", () => {
  it("plans once, for its plan, its pages and its executions", async () => {
    const prepared = shop().prepare({ status: ["failed"] })
    expect(prepared.plan).toEqual(shop().explain({ status: ["failed"] }))
    const { executions } = await prepared.page()
    expect(await collected(prepared.executions())).toEqual(executions)
    const pages = await collected(prepared.pages())
    expect(pages.flatMap((page) => page.executions)).toEqual(executions)
  })

  it.effect("counts ages from the time when it was prepared, so that its cursors stay valid", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_700_000_030_000)
      const client = shop().effect
      const query = { since: "1h", pageSize: 3 }
      const prepared = yield* client.prepare(query)
      const first = yield* prepared.page()
      yield* TestClock.adjust("1 minute")
      const second = yield* prepared.page(first.next)
      expect(idsOf([...first.executions, ...second.executions])).toEqual(
        even
          .map(({ id }) => id)
          .toReversed()
          .slice(0, 5),
      )
      const planned = yield* Effect.flip(client.page(query, first.next))
      expect(planned).toMatchObject({ reason: "InvalidQuery" })
    }),
  )

  it("plans once for each connection of a log", async () => {
    const log = createLog([shop(), billing()])
    const prepared = log.prepare({ status: ["failed"] })
    expect(prepared.plans).toEqual(log.explain({ status: ["failed"] }))
    expect(prepared.plans.map(({ connection }) => connection)).toEqual(["shop", "billing"])
    const executions = await collected(log.executions({ status: ["failed"] }))
    expect(executions.length).toBeGreaterThan(0)
    expect(await collected(prepared.executions())).toEqual(executions)
    const entries = await collected(prepared.entries())
    expect(entries.map(({ execution }) => execution)).toEqual(executions)
    expect((await prepared.page()).executions).toEqual(executions)
    const pages = await collected(prepared.pages())
    expect(pages.flatMap((page) => page.executions)).toEqual(executions)
  })

  it.effect("counts ages of a log from the time when it was prepared", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_700_000_030_000)
      const log = createLog([shop(), billing()]).effect
      const query = { since: "1h", pageSize: 3 }
      const prepared = yield* log.prepare(query)
      const first = yield* prepared.page()
      yield* TestClock.adjust("1 minute")
      const second = yield* prepared.page(first.next)
      expect(idsOf([...first.executions, ...second.executions])).toEqual(newestFirst.slice(0, 6))
      const planned = yield* Effect.flip(log.page(query, first.next))
      expect(planned).toMatchObject({ reason: "InvalidQuery" })
    }),
  )

  it("throws when one connection of a log cannot answer the query", () => {
    const log = createLog([others(), shop()])
    expect(() => log.prepare({ workflowId: "a" })).toThrowError(
      expect.objectContaining({ reason: "Unsupported", connection: "others" }),
    )
  })

  it("reads the other connections when onFailure is told of one that cannot answer", async () => {
    const log = createLog([others(), shop()])
    const told: Array<AdapterError> = []
    const prepared = log.prepare({ workflowId: "a" }, { onFailure: (error) => told.push(error) })
    expect(told).toMatchObject([{ reason: "Unsupported", connection: "others" }])
    expect(prepared.plans.map(({ connection }) => connection)).toEqual(["shop"])
    const read: Array<AdapterError> = []
    await collected(prepared.executions({ onFailure: (error) => read.push(error) }))
    expect(read).toEqual(told)
    await expect(collected(prepared.executions())).rejects.toMatchObject({ connection: "others" })
    expect((await prepared.page()).failures).toEqual(told)
  })

  it("throws when the query cannot be answered", () => {
    expect(() => shop().prepare({ search: "x" })).toThrowError(
      expect.objectContaining({ reason: "Unsupported" }),
    )
  })
})
