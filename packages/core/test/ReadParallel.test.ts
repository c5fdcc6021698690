import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import fc from "fast-check"
import { makeExecutions, Transport, type TransportService } from "../src/effect.js"
import { createClient, type Execution, type LogPage, type LogQuery } from "../src/index.js"
import type { StreamOptions } from "../src/reading/ReadOptions.js"
import {
  sampleClient,
  sampleFetch,
  type SampleRow,
  type SampleServer,
  shapes,
} from "./SampleProvider.js"
import { walkRuns } from "./WalkRuns.js"

const noon = 1_700_000_000_000

// Bursts, ties and gaps of a day, so that the expected size of a time range is often wrong.
const history = fc
  .array(
    fc.record({
      hour: fc.integer({ min: 0, max: 30 }),
      second: fc.integer({ min: 0, max: 3 }),
      state: fc.constantFrom("ok", "bad", "going"),
      broken: fc.constantFrom(false, false, false, false, true),
    }),
    { maxLength: 120 },
  )
  .map((rows) =>
    rows.map(({ hour, second, ...row }, index): SampleRow => ({
      id: `row-${index}`,
      at: noon - hour * 3_600_000 - second * 1000,
      ...row,
    })),
  )

const pageSize = fc.integer({ min: 2, max: 9 })
const parallelWindows = fc.integer({ min: 2, max: 8 })
const silent = { onWarning: () => {} }

/** Responds some turns later, so that requests finish in another order than they started. */
const scattered = (fetch: typeof globalThis.fetch, seed: number): typeof globalThis.fetch => {
  let count = seed
  return async (input, init) => {
    count += 1
    for (let turn = (count * 7919) % 97; turn > 0; turn -= 1) await Promise.resolve()
    return fetch(input, init)
  }
}

const readAll = async (
  shape: keyof typeof shapes,
  server: SampleServer,
  query: LogQuery,
  options: StreamOptions = {},
) => {
  const rejected: Array<string> = []
  const executions: Array<Execution> = []
  const onRejected = ({ id }: { readonly id: string | null }) => void rejected.push(id ?? "")
  const stream = { ...silent, onRejected, ...options }
  const fetch = scattered(sampleFetch(server), server.rows.length)
  const client = createClient(shapes[shape]({ apiKey: "canary-sample-1" }), { fetch })
  for await (const execution of client.executions(query, stream)) executions.push(execution)
  return { ids: executions.map(({ id }) => id), rejected: rejected.toSorted() }
}

const walks = [
  ...(["windowsByNumber", "windowsByOffset"] as const).map((shape) => ({
    shape,
    order: "newest" as const,
  })),
  ...(["eitherWayByNumber", "eitherWayByOffset"] as const).map((shape) => ({
    shape,
    order: "oldest" as const,
  })),
  ...(["windowsByCursor", "windowsByCountingCursor", "windowsByNextUrl"] as const).flatMap(
    (shape) => (["newest", "oldest"] as const).map((order) => ({ shape, order })),
  ),
]

describe.each(walks)("windows read in parallel over $shape, $order first", ({ shape, order }) => {
  it("returns what reading in sequence returns, in the same order", async () => {
    const query = fc.record({
      status: fc.constantFrom(undefined, ["failed"] as const, ["running", "failed"] as const),
      since: fc.option(fc.integer({ min: -1, max: 32 }), { nil: undefined }),
      until: fc.option(fc.integer({ min: -1, max: 32 }), { nil: undefined }),
    })
    const hours = (count: number | undefined) =>
      count === undefined ? undefined : new Date(noon - count * 3_600_000)
    await fc.assert(
      fc.asyncProperty(
        history,
        pageSize,
        parallelWindows,
        query,
        fc.constantFrom(undefined, 2, 3),
        async (rows, size, windows, { status, since, until }, clamp) => {
          fc.pre((since ?? 99) > (until ?? -99))
          const asked: LogQuery = {
            order,
            ...(status === undefined ? {} : { status: [...status] }),
            since: hours(since),
            until: hours(until),
            pageSize: size,
          }
          const server = { rows, ...(clamp === undefined ? {} : { clamp }) }
          const inTurn = await readAll(shape, server, asked)
          const sideBySide = await readAll(shape, server, asked, { parallelWindows: windows })
          expect(sideBySide).toEqual(inTurn)
        },
      ),
      walkRuns(1000),
    )
  })

  it("returns each execution once when every millisecond has one", async () => {
    const rows = Array.from({ length: 120 }, (_, index) => ({
      id: `row-${String(index).padStart(3, "0")}`,
      at: noon + index,
    }))
    const oldestFirst = rows.map(({ id }) => id)
    const inOrder = order === "oldest" ? oldestFirst : oldestFirst.toReversed()
    await fc.assert(
      fc.asyncProperty(pageSize, parallelWindows, async (size, windows) => {
        const asked = { order, pageSize: size }
        const { ids } = await readAll(shape, { rows }, asked, { parallelWindows: windows })
        expect(ids).toEqual(inOrder)
      }),
      { numRuns: 20 },
    )
  })

  it("ends after the limit, wherever it falls", async () => {
    const limits = fc.integer({ min: 1, max: 130 })
    await fc.assert(
      fc.asyncProperty(
        history,
        pageSize,
        parallelWindows,
        limits,
        async (rows, size, windows, limit) => {
          const asked = { order, pageSize: size }
          const { ids } = await readAll(shape, { rows }, asked)
          const cut = await readAll(shape, { rows }, asked, { parallelWindows: windows, limit })
          expect(cut.ids).toEqual(ids.slice(0, limit))
        },
      ),
      walkRuns(1000),
    )
  })

  it("returns each execution once when the server ignores one or both time bounds", async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        pageSize,
        parallelWindows,
        fc.subarray(["since", "until"], { minLength: 1 }),
        async (rows, size, windows, ignored) => {
          const answer = sampleFetch({ rows })
          const fetch: typeof globalThis.fetch = (input, init) => {
            const url = new URL(String(input))
            for (const name of ignored) url.searchParams.delete(name)
            return answer(url, init)
          }
          const client = createClient(shapes[shape]({ apiKey: "canary-sample-1" }), { fetch })
          const ids: Array<string> = []
          const options = { ...silent, onRejected: () => {}, parallelWindows: windows }
          const query = { order, pageSize: size }
          for await (const { id } of client.executions(query, options)) ids.push(id)
          const good = rows.filter(({ broken }) => broken !== true).map(({ id }) => id)
          expect(ids.toSorted()).toEqual(good.toSorted())
        },
      ),
      walkRuns(1000),
    )
  })

  it("returns what was listed at the beginning once, while rows come and go", async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        // Overlapping offsets progress only if fewer rows arrive than are read.
        fc.integer({ min: 4, max: 9 }),
        parallelWindows,
        fc.array(fc.nat(), { maxLength: 12 }),
        async (rows, size, windows, picks) => {
          const server: SampleServer = {
            rows,
            beforeRequest: (count) => {
              if (count === 0) return
              const pick = picks[count - 1]
              server.rows = [
                ...server.rows.filter((_, index) => index !== pick),
                { id: `new-${count}`, at: noon + count },
              ]
            },
          }
          const { ids } = await readAll(
            shape,
            server,
            { order, pageSize: size },
            { parallelWindows: windows },
          )
          const stayed = server.rows.filter(
            ({ id, broken }) => id.startsWith("row-") && broken !== true,
          )
          expect(new Set(ids).size).toBe(ids.length)
          expect(stayed.filter(({ id }) => !ids.includes(id))).toEqual([])
        },
      ),
      walkRuns(1000),
    )
  })

  it("resumes from the cursor of any page, in sequence or in parallel", async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        pageSize,
        parallelWindows,
        fc.nat(),
        fc.constantFrom(1, 3),
        async (rows, size, windows, seed, after) => {
          const query = { order, pageSize: size }
          const client = () => sampleClient(shape, { rows })
          const pages: Array<LogPage> = []
          for await (const page of client().pages(query, { parallelWindows: windows })) {
            pages.push(page)
          }
          expect(pages.at(-1)?.next).toBeNull()
          const cut = seed % pages.length
          const cursor = pages[cut]?.next ?? null
          if (cursor === null) return
          const ids = (some: ReadonlyArray<LogPage>) =>
            some.flatMap(({ executions }) => executions.map(({ id }) => id))
          const rest: Array<LogPage> = []
          const options = { cursor, parallelWindows: after }
          for await (const page of client().pages(query, options)) rest.push(page)
          expect(ids(rest)).toEqual(ids(pages.slice(cut + 1)))
        },
      ),
      walkRuns(1000),
    )
  })

  it("resumes from the cursor after any execution", async () => {
    await fc.assert(
      fc.asyncProperty(history, pageSize, parallelWindows, async (rows, size, windows) => {
        const query = { order, pageSize: size }
        const entries: Array<{ id: string; cursor: string }> = []
        const options = { onRejected: () => {}, parallelWindows: windows }
        for await (const { execution, cursor } of sampleClient(shape, { rows }).entries(
          query,
          options,
        )) {
          entries.push({ id: execution.id, cursor: cursor() })
        }
        const cut = Math.floor(entries.length / 2)
        const rest = await readAll(shape, { rows }, query, { cursor: entries[cut]?.cursor })
        expect(rest.ids).toEqual(
          (entries[cut] === undefined ? entries : entries.slice(cut + 1)).map(({ id }) => id),
        )
      }),
      walkRuns(1000),
    )
  })

  it("returns what was read before a failure, then fails; the last cursor resumes", async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        pageSize,
        parallelWindows,
        fc.integer({ min: 1, max: 30 }),
        async (rows, size, windows, failing) => {
          const answer = sampleFetch({ rows })
          let count = 0
          const fetch: typeof globalThis.fetch = async (input, init) =>
            count++ >= failing ? new Response("{}", { status: 400 }) : answer(input, init)
          const connection = shapes[shape]({ apiKey: "canary-sample-1" })
          const query = { order, pageSize: size }
          const found: Array<string> = []
          let cursor: string | null = null
          let hasFailed = false
          try {
            const client = createClient(connection, { fetch })
            for await (const page of client.pages(query, { parallelWindows: windows })) {
              found.push(...page.executions.map(({ id }) => id))
              cursor = page.next
            }
          } catch {
            hasFailed = true
          }
          if (hasFailed) {
            const rest = await readAll(shape, { rows }, query, { cursor })
            found.push(...rest.ids)
          }
          const whole = await readAll(shape, { rows }, query)
          expect(found).toEqual(whole.ids)
        },
      ),
      walkRuns(1000),
    )
  })
})

describe("the requests of windows read in parallel", () => {
  const rows = Array.from({ length: 3000 }, (_, index): SampleRow => ({
    id: `row-${index}`,
    at: noon - index * 1000,
  }))

  /** A fetch that responds a turn of the event loop later, and counts requests. */
  const counting = () => {
    const answer = sampleFetch({ rows })
    const count = { inFlight: 0, most: 0, all: 0, together: 0 }
    const fetch: typeof globalThis.fetch = async (input, init) => {
      count.all += 1
      count.inFlight += 1
      count.most = Math.max(count.most, count.inFlight)
      if (count.inFlight > 1) count.together += 1
      await new Promise((resolve) => setImmediate(resolve))
      count.inFlight -= 1
      return answer(input, init)
    }
    return { fetch, count }
  }
  const connection = shapes.windowsByNumber({ apiKey: "canary-sample-1" })

  it.each([
    { parallelWindows: 4, maxInFlight: 8, most: 4 },
    { parallelWindows: 8, maxInFlight: 3, most: 3 },
    { parallelWindows: 8, maxInFlight: 8, most: 8 },
  ])(
    "sends at most $most at once with $parallelWindows windows and maxInFlight $maxInFlight",
    async (limits) => {
      const { fetch, count } = counting()
      const { parallelWindows, maxInFlight } = limits
      const client = createClient(connection, { fetch, transport: { maxInFlight } })
      let found = 0
      for await (const _ of client.executions({ pageSize: 10 }, { parallelWindows })) found += 1
      expect(found).toBe(rows.length)
      expect(count.most).toBe(limits.most)
    },
  )

  it.each(walks)("sends several at once over $shape, $order first", async ({ shape, order }) => {
    const { fetch, count } = counting()
    const client = createClient(shapes[shape]({ apiKey: "canary-sample-1" }), { fetch })
    const query = { order, pageSize: 10 }
    let found = 0
    for await (const _ of client.executions(query, { parallelWindows: 4 })) found += 1
    expect(found).toBe(rows.length)
    expect(count.most).toBe(4)
    expect(count.together).toBeGreaterThan(count.all / 2)
  })

  it("sends no more at once than a limit needs", async () => {
    const { fetch, count } = counting()
    const client = createClient(connection, { fetch })
    const options = { parallelWindows: 8, limit: 25 }
    let found = 0
    for await (const _ of client.executions({ pageSize: 10 }, options)) found += 1
    expect(found).toBe(25)
    expect(count.most).toBe(3)
  })

  it("sends few more requests than reading in sequence", async () => {
    const { fetch, count } = counting()
    const client = createClient(connection, { fetch })
    for await (const _ of client.executions({ pageSize: 10 }, { parallelWindows: 8 })) continue
    const sideBySide = count.all
    count.all = 0
    for await (const _ of client.executions({ pageSize: 10 })) continue
    expect(sideBySide).toBeLessThan(1.25 * count.all)
  })

  it("stops sending while nobody takes the results", async () => {
    const { fetch, count } = counting()
    const client = createClient(connection, { fetch })
    const pages = client.pages({ pageSize: 2 }, { parallelWindows: 4 })[Symbol.asyncIterator]()
    for (let page = 0; page < 10; page += 1) await pages.next()
    for (let turn = 0; turn < 2000; turn += 1) await new Promise((next) => setImmediate(next))
    const waiting = count.all
    expect(waiting).toBeLessThan(10 + 16 * 4)
    for (let turn = 0; turn < 500; turn += 1) await new Promise((next) => setImmediate(next))
    expect(count.all).toBe(waiting)
    await pages.return?.()
  })

  it("stops sending when the stream is left", async () => {
    const { fetch, count } = counting()
    const client = createClient(connection, { fetch })
    for await (const _ of client.pages({ pageSize: 2 }, { parallelWindows: 4 })) break
    const left = count.all
    for (let turn = 0; turn < 200; turn += 1) await new Promise((next) => setImmediate(next))
    expect(count.all).toBe(left)
  })

  it.each([0, 1.5, Number.NaN])("rejects %d windows, and names the option", async (windows) => {
    const client = createClient(connection, { fetch: counting().fetch })
    const read = async () => {
      for await (const _ of client.pages({}, { parallelWindows: windows })) continue
    }
    await expect(read()).rejects.toThrow(/parallelWindows must be a whole number of at least 1/)
  })

  it("reads in sequence when the list has no windows", async () => {
    const { ids } = await readAll(
      "pagesByOffset",
      { rows: rows.slice(0, 40) },
      { pageSize: 7 },
      { parallelWindows: 8 },
    )
    expect(ids).toHaveLength(40)
  })
})

describe("the rate of windows read in parallel", () => {
  it.effect("stays within requestsPerSecond when windows are read in parallel", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 200 }, (_, index): SampleRow => ({
        id: `row-${index}`,
        at: noon - index * 1000,
      }))
      const answer = sampleFetch({ rows })
      const starts: Array<number> = []
      const exchange: TransportService["exchange"] = Effect.fnUntraced(function* ({ url }) {
        starts.push(yield* Clock.currentTimeMillis)
        const response = yield* Effect.promise(() => answer(url))
        const body = yield* Effect.promise(() => response.text())
        return yield* Effect.delay(Effect.succeed({ status: 200, headers: {}, body }), 700)
      })
      const connection = shapes.windowsByNumber({ apiKey: "canary-sample-1" })
      const fiber = yield* makeExecutions(connection, { transport: { requestsPerSecond: 5 } })
        .executions({ pageSize: 5 }, { parallelWindows: 8 })
        .pipe(Stream.runCount, Effect.provideService(Transport, { exchange }), Effect.forkChild)
      while (fiber.pollUnsafe() === undefined) {
        yield* TestClock.adjust(100)
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
      }
      expect(yield* Fiber.join(fiber)).toBe(rows.length)
      const waits = starts.slice(1).map((start, index) => start - (starts[index] ?? 0))
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(200)
      // Several requests are open at a time; otherwise only one could start per 700 ms response.
      expect(waits.filter((wait) => wait === 200).length).toBeGreaterThan(waits.length / 2)
    }),
  )
})
