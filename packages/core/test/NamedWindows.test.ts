import * as Schema from "effect/Schema"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, Wire } from "../src/adapter.js"
import { createClient, type LogPage, type LogQuery } from "../src/index.js"
import { failure } from "./Failure.js"
import {
  countingShapes,
  namedWindowShapes,
  sampleClient,
  sampleFetch,
  type SampleRow,
  type SampleServer,
  shapes,
} from "./SampleProvider.js"
import { walkRuns } from "./WalkRuns.js"

const noon = 1_700_000_000_000

type Shape = (typeof namedWindowShapes)[number]

// Few instants and many rows: most instants do not fit on one page.
const history = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 8 }).map((second) => noon + second * 1000),
      state: fc.constantFrom("ok", "bad", "going"),
    }),
    { maxLength: 40 },
  )
  .map((rows) => rows.map((row, index): SampleRow => ({ id: `row-${index}`, ...row })))

/** The same around an instant of many pages, among the others or a day away from them. */
const crowded = fc
  .tuple(history, fc.constantFrom(4000, -86_400_000, 86_400_000), fc.integer({ min: 20, max: 40 }))
  .map(([rows, distance, count]) => [
    ...rows.slice(0, 15),
    ...Array.from({ length: count }, (_, index) => ({
      id: `row-crowd-${index}`,
      at: noon + distance,
    })),
  ])

const pageSize = fc.integer({ min: 1, max: 9 })

/** What happens between two requests: a row is deleted, another is inserted at some instant. */
const changes = fc.array(
  fc.record({
    deleted: fc.option(fc.nat({ max: 60 })),
    inserted: fc.option(fc.integer({ min: -1, max: 9 })),
  }),
  { maxLength: 30 },
)

type Changes = ReadonlyArray<{ readonly deleted: number | null; readonly inserted: number | null }>

/** A server with these rows that changes before each request but the first. */
const moving = (rows: ReadonlyArray<SampleRow>, made: Changes, clamp?: number): SampleServer => {
  const server: SampleServer = {
    rows,
    ...(clamp === undefined ? {} : { clamp }),
    beforeRequest: (count) => {
      const change = made[count - 1]
      if (change === undefined) return
      const { deleted, inserted } = change
      server.rows = [
        ...server.rows.filter((_, index) => index !== deleted),
        ...(inserted === null ? [] : [{ id: `new-${count}`, at: noon + inserted * 1000 }]),
      ]
    },
  }
  return server
}

const silent = { onWarning: () => {} }

/** The executions of a walk, which is resumed after each `limit` of them. */
const readAll = async (
  shape: Shape,
  server: SampleServer,
  query: LogQuery,
  options: { readonly limit?: number; readonly parallelWindows?: number } = {},
) => {
  const ids: Array<string> = []
  const times: Array<number> = []
  const fetch = sampleFetch(server)
  let cursor: string | undefined
  for (let isOver = false; !isOver;) {
    isOver = true
    const client = createClient(shapes[shape]({ apiKey: "canary-sample-1" }), { fetch })
    for await (const entry of client.entries(query, { ...silent, ...options, cursor })) {
      if (options.limit !== undefined) {
        isOver = false
        cursor = entry.cursor()
      }
      ids.push(entry.execution.id)
      times.push(entry.execution.listedAt?.getTime() ?? 0)
    }
  }
  return { ids, times }
}

const walks = namedWindowShapes.flatMap((shape) =>
  (["newest", "oldest"] as const).map((order) => ({ shape, order })),
)

// A page is never shorter than an instant if cursors count rows: see the warning below.
const clampsOf = (shape: Shape) =>
  fc.constantFrom(undefined, ...(countingShapes.includes(shape) ? [] : [1, 2, 5]))

describe.each(walks)("windows over $shape, $order first", ({ shape, order }) => {
  const inOrder = (times: ReadonlyArray<number>) =>
    times.toSorted((a, b) => (order === "newest" ? b - a : a - b))

  it("returns each execution of an unchanging history once, in listing order", async () => {
    const clamp = fc.constantFrom(undefined, 1, 2, 5)
    await fc.assert(
      fc.asyncProperty(history, pageSize, clamp, async (rows, size, largest) => {
        const server = { rows, ...(largest === undefined ? {} : { clamp: largest }) }
        const { ids, times } = await readAll(shape, server, { order, pageSize: size })
        expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
        expect(times).toEqual(inOrder(times))
      }),
      walkRuns(1000),
    )
  })

  it("returns what stays listed once while others are inserted and deleted at the same instants", async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        pageSize,
        changes,
        clampsOf(shape),
        fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        fc.constantFrom(1, 3),
        async (rows, size, made, clamp, limit, parallelWindows) => {
          const server = moving(rows, made, clamp)
          const options = { parallelWindows, ...(limit === undefined ? {} : { limit }) }
          const { ids } = await readAll(shape, server, { order, pageSize: size }, options)
          expect(new Set(ids).size).toBe(ids.length)
          const stayed = server.rows.filter(({ id }) => id.startsWith("row-"))
          expect(stayed.filter(({ id }) => !ids.includes(id))).toEqual([])
        },
      ),
      walkRuns(1000),
    )
  })

  it("resumes from the cursor of any page, read in parallel, when cursors are valid only with their bounds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(history, crowded),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(1, 2, 5),
        fc.nat({ max: 3 }),
        async (rows, size, parallelWindows, seed) => {
          const query = { order, pageSize: size }
          const client = () => sampleClient(shape, { rows, bindsCursors: true })
          const pages: Array<LogPage> = []
          for await (const page of client().pages(query, { parallelWindows })) pages.push(page)
          const ids = (some: ReadonlyArray<LogPage>) =>
            some.flatMap(({ executions }) => executions.map(({ id }) => id))
          expect(ids(pages).toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
          const codes = new Set(pages.flatMap(({ warnings }) => warnings.map(({ code }) => code)))
          codes.delete("tie_exceeds_page")
          expect([...codes]).toEqual([])
          for (const [index, { next }] of pages.entries()) {
            if (next === null || index % 4 !== seed) continue
            const rest: Array<LogPage> = []
            for await (const page of client().pages(query, { cursor: next })) rest.push(page)
            expect(ids(rest)).toEqual(ids(pages.slice(index + 1)))
          }
        },
      ),
      walkRuns(500),
    )
  })

  it("returns each execution once when the server ignores time parameters", async () => {
    await fc.assert(
      fc.asyncProperty(history, pageSize, async (rows, size) => {
        const server = { rows, ignoresTime: true }
        const { ids } = await readAll(shape, server, { order, pageSize: size })
        expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
      }),
      walkRuns(200),
    )
  })

  it("returns each execution once when the server refuses time parameters", async () => {
    const refused = order === "newest" ? "until" : "since"
    await fc.assert(
      fc.asyncProperty(history, pageSize, async (rows, size) => {
        const server = { rows, refuses: [refused] }
        const { ids } = await readAll(shape, server, { order, pageSize: size })
        expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
      }),
      walkRuns(200),
    )
  })

  it("answers filters of time and status as filtering in memory does", async () => {
    const second = fc.option(fc.integer({ min: -1, max: 10 }), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(history, pageSize, second, second, async (rows, size, from, span) => {
        const since = from === undefined ? undefined : new Date(noon + from * 1000)
        const until =
          span === undefined ? undefined : new Date((since?.getTime() ?? noon) + (span + 2) * 1000)
        const query: LogQuery = { order, since, until, status: ["failed"], pageSize: size }
        const { ids } = await readAll(shape, { rows }, query)
        const expected = rows.filter(
          ({ at, state }) =>
            state === "bad" &&
            at >= (since?.getTime() ?? 0) &&
            at < (until?.getTime() ?? Number.POSITIVE_INFINITY),
        )
        expect(ids.toSorted()).toEqual(expected.map(({ id }) => id).toSorted())
      }),
      walkRuns(200),
    )
  })
})

describe.each(walks.filter(({ shape }) => shape !== "windowsByLastItem"))(
  "windows over $shape that begin with an empty page, $order first",
  ({ shape, order }) => {
    it("follows its name, within the bounds that it was returned with", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(history, crowded),
          pageSize,
          fc.constantFrom(1, 3),
          async (rows, size, parallelWindows) => {
            const client = sampleClient(shape, { rows, beginsEmpty: true, bindsCursors: true })
            const ids: Array<string> = []
            const codes = new Set<string>()
            const query = { order, pageSize: size }
            for await (const page of client.pages(query, { parallelWindows })) {
              ids.push(...page.executions.map(({ id }) => id))
              for (const { code } of page.warnings) codes.add(code)
            }
            codes.delete("tie_exceeds_page")
            expect(ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
            expect([...codes]).toEqual([])
          },
        ),
        walkRuns(500),
      )
    })
  },
)

/** Rows at these seconds, the ids in the order of the listing. */
const rowsAt = (...seconds: ReadonlyArray<number>): ReadonlyArray<SampleRow> =>
  seconds.map((second, index) => ({ id: `row-${index}`, at: noon + second * 1000 }))

/** The requests of a walk: bound, name and size, and the warnings. */
const requestsOf = async (shape: Shape, server: SampleServer, query: LogQuery) => {
  const answer = sampleFetch(server)
  const asked: Array<string> = []
  const warnings: Array<string> = []
  const client = createClient(shapes[shape]({ apiKey: "canary-sample-1" }), {
    fetch: async (input, init) => {
      const { searchParams } = new URL(String(input))
      const bound = (name: string) =>
        searchParams.has(name) ? [`${name} ${(Number(searchParams.get(name)) - noon) / 1000}`] : []
      const name = searchParams.get("cursor")
      const from = [...bound("until"), ...bound("since"), ...(name === null ? [] : [name])]
      asked.push(`${searchParams.get("size")} ${from.join(", ") || "from the top"}`)
      return answer(input, init)
    },
  })
  for await (const page of client.pages(query)) {
    warnings.push(...page.warnings.map(({ code }) => code))
  }
  return { asked, warnings }
}

describe("the requests of windows over pages that are named", () => {
  it("begins a window at the last listing time, and follows the name only inside an instant", async () => {
    const rows = rowsAt(9, 8, 7, 7, 7, 6, 5)
    const { asked, warnings } = await requestsOf("windowsByCursor", { rows }, { pageSize: 2 })
    expect(asked).toEqual([
      "2 from the top",
      "2 until 8",
      "2 until 7",
      "2 until 7, behind~row-3",
      "2 until 6",
    ])
    expect(warnings).toEqual([])
  })

  it("raises the lower bound when the oldest come first", async () => {
    const rows = rowsAt(9, 8, 7, 7, 7, 6)
    const query = { pageSize: 2, order: "oldest" } as const
    const { asked } = await requestsOf("windowsByCursor", { rows }, query)
    expect(asked).toEqual(["2 from the top", "2 since 7", "2 since 7, behind~row-3", "2 since 8"])
  })

  it("requests a crowded instant again in larger pages when names count rows", async () => {
    const rows = rowsAt(9, ...Array.from({ length: 7 }, () => 8), 7)
    const { asked, warnings } = await requestsOf(
      "windowsByCountingCursor",
      { rows },
      { pageSize: 2 },
    )
    expect(asked).toEqual(["2 from the top", "2 until 8", "4 until 8", "8 until 8"])
    expect(warnings).toEqual([])
  })

  it("warns when it has to follow a name that counts rows inside an instant", async () => {
    const rows = rowsAt(...Array.from({ length: 7 }, () => 8), 7)
    const { asked, warnings } = await requestsOf(
      "windowsByCountingCursor",
      { rows, clamp: 3 },
      { pageSize: 4 },
    )
    expect(asked).toEqual([
      "4 from the top",
      "4 until 8",
      "4 until 8, counts~3",
      "4 until 8, counts~6",
    ])
    expect(warnings).toEqual(["tie_exceeds_page", "tie_exceeds_page"])
  })

  it("fails when a page inside an instant announces more without a name", async () => {
    const rows = rowsAt(8, 8, 8, 8)
    const answer = sampleFetch({ rows })
    const client = createClient(shapes.windowsByCursor({ apiKey: "canary-sample-1" }), {
      fetch: async (input, init) => {
        const { next: _, ...page } = JSON.parse(await (await answer(input, init)).text())
        return Response.json({ ...page, more: true })
      },
    })
    const read = async () => {
      for await (const _ of client.pages({ pageSize: 2 })) continue
    }
    expect(await failure(read())).toMatchObject({
      reason: "Decode",
      message: expect.stringContaining("returned no token for it"),
    })
  })
})

describe("the plan of windows over pages that are named", () => {
  const noteOf = (shape: Shape) =>
    sampleClient(shape, { rows: [] })
      .explain()
      .notes.find(({ code }) => code === "requires_stable_order")?.text

  it.each(namedWindowShapes)("promises each execution once over %s", (shape) => {
    expect(sampleClient(shape, { rows: [] }).explain()).toMatchObject({
      walk: "windows",
      consistency: "exact",
    })
  })

  it("notes that deletions inside a crowded instant may hide others when names count rows", () => {
    expect(noteOf("windowsByCountingCursor")).toContain("and deletes none meanwhile")
    expect(noteOf("windowsByCursor")).not.toContain("deletes")
  })
})

const Planned = Schema.Struct({ id: Wire.id, at: Schema.Finite, planned: Schema.Boolean })

/** A provider that lists what is planned, in windows whose pages are named. */
const planner = Adapter.make({
  id: "planner",
  title: "Planner",
  settings: {},
  baseUrl: () => "http://127.0.0.1:9",
  auth: () => Auth.none,
  statuses: { due: "queued", ok: "succeeded" },
  list: {
    route: "GET /rows",
    pagination: Pagination.cursor({ cursor: "cursor", size: "size" }),
    maxPageSize: 20,
    orders: { newest: { order: "newest" }, oldest: { order: "oldest" } },
    time: {
      at: (row) => row.at,
      before: (until) => ({ until }),
      after: (since) => ({ since }),
      listsPlanned: true,
      withoutPlanned: { planned: false },
      walk: "windows",
    },
    filters: { status: Filter.here },
    page: { items: "rows", next: "next" },
    item: Planned,
    itemId: (row) => row.id,
    toExecution: (row) => ({
      id: row.id,
      providerStatus: row.planned ? "due" : "ok",
      scheduledFor: new Date(row.at),
      startedAt: row.planned ? null : new Date(row.at),
      finishedAt: null,
    }),
  },
})

describe.each(["newest", "oldest"] as const)("what is planned, %s first", (order) => {
  it("leaves out what is planned, and returns all others once", async () => {
    const rows = fc
      .array(fc.record({ minute: fc.integer({ min: -6, max: 6 }), planned: fc.boolean() }))
      .map((some) =>
        some.map(({ minute, planned }, index) => ({
          id: `row-${index}`,
          at: Date.now() + 30_000 + minute * 60_000,
          planned: planned && minute >= 0,
        })),
      )
    await fc.assert(
      fc.asyncProperty(rows, pageSize, async (made, size) => {
        const client = createClient(planner({}), {
          fetch: async (input) => {
            const asked = new URL(String(input)).searchParams
            const matching = made
              .filter(
                ({ at, planned }) =>
                  at <= Number(asked.get("until") ?? Number.POSITIVE_INFINITY) &&
                  at >= Number(asked.get("since") ?? 0) &&
                  !(asked.get("planned") === "false" && planned),
              )
              .toSorted((a, b) => (asked.get("order") === "newest" ? b.at - a.at : a.at - b.at))
            const begin = Number(asked.get("cursor") ?? 0)
            const end = begin + Number(asked.get("size"))
            return Response.json({
              rows: matching.slice(begin, end),
              next: end < matching.length ? String(end) : "",
            })
          },
        })
        const ids: Array<string> = []
        for await (const { id } of client.executions({ order, pageSize: size })) ids.push(id)
        const due = made.filter(({ planned }) => !planned).map(({ id }) => id)
        expect(ids.toSorted()).toEqual(due.toSorted())
      }),
      walkRuns(200),
    )
  })
})
