import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createClient, type LogPage, type LogQuery } from "../src/index.js"
import { warningAbout } from "./ExpectedWarning.js"
import { failure } from "./Failure.js"
import {
  sampleClient,
  sampleFetch,
  type SampleRow,
  type SampleServer,
  shapes,
} from "./SampleProvider.js"

const shapeNames = Object.keys(shapes) as ReadonlyArray<keyof typeof shapes>

const began = 1_700_000_000_000

const rows = Array.from({ length: 120 }, (_, index): SampleRow => ({
  id: `row-${index}`,
  at: began + index * 1000,
  state: index % 2 === 0 ? "ok" : "bad",
  workflow: index % 3 === 0 ? "a" : "b",
}))

/** The pages of a walk, and the requests for them. */
const walk = async (
  shape: keyof typeof shapes,
  query: LogQuery,
  server: Partial<SampleServer>,
  parallelWindows = 1,
) => {
  const asked: Array<URLSearchParams> = []
  const fetch = sampleFetch({ rows, ...server })
  const client = createClient(shapes[shape]({ apiKey: "canary-sample-1" }), {
    fetch: (input, init) => {
      asked.push(new URL(String(input)).searchParams)
      return fetch(input, init)
    },
  })
  const pages: Array<LogPage> = []
  for await (const page of client.pages(query, { parallelWindows })) pages.push(page)
  const ids = pages.flatMap(({ executions }) => executions.map(({ id }) => id))
  return { asked, ids, warnings: pages.flatMap((page) => page.warnings) }
}

describe("a server that rejects a filter", () => {
  const query: LogQuery = { status: ["failed"], workflowId: "a", pageSize: 20 }

  it("sends the filter no more, applies it in execlog, and warns once with the server's message", async () => {
    const { asked, ids, warnings } = await walk("pagesByCursor", query, { rejects: ["state=bad"] })
    expect(ids).toHaveLength(20)
    expect(warnings).toEqual([
      warningAbout(
        "filter_rejected",
        "status",
        /^GET \/rows rejected status; .*filters by it.*422/,
      ),
    ])
    const accepted = asked.filter((parameters) => !parameters.has("state"))
    // The accepted filter is still sent, except in the first retry.
    expect(accepted.slice(1).every((parameters) => parameters.get("workflow") === "a")).toBe(true)
    expect(asked.length).toBeLessThan(8)
  })

  it("does not send a rejected filter after a cursor", async () => {
    const server = { rows, rejects: ["state"] }
    const client = sampleClient("windowsByNumber", server)
    const first = await client.page(query)
    const second = await client.page(query, first.next)
    expect(first.warnings).toHaveLength(1)
    expect(second.warnings).toEqual([])
    expect(second.executions.every(({ status }) => status === "failed")).toBe(true)
  })

  it("fails with the server's error when no filter can be the cause", async () => {
    const error = await failure(sampleClient("pagesByCursor", { rows, rejects: ["size"] }).page())
    expect(error).toMatchObject({ reason: "InvalidQuery", status: 422 })
    expect(error.message).toContain("422")
  })
})

describe("a server that rejects time bounds", () => {
  const query: LogQuery = { since: new Date(began + 20_000), until: new Date(began + 90_000) }

  it.each(["windowsByNumber", "windowsByOffset", "windowsOfFullPages"] as const)(
    "reads %s by pages when the server rejects a time bound",
    async (shape) => {
      const { ids, warnings } = await walk(shape, query, { rejects: ["until"] })
      expect(ids).toEqual(
        rows
          .slice(20, 90)
          .map(({ id }) => id)
          .toReversed(),
      )
      expect(warnings.filter((warning) => warning.subject?.name === "until")).toHaveLength(1)
    },
  )

  it("reads all executions when the server rejects a time bound of parallel windows", async () => {
    const { ids } = await walk("windowsByOffset", { pageSize: 5 }, { rejects: ["until"] }, 4)
    expect(ids).toEqual(rows.map(({ id }) => id).toReversed())
  })

  it("stops at since even when the server rejects it", async () => {
    const { asked, ids, warnings } = await walk(
      "windowsByNumber",
      { since: new Date(began + 100_000), pageSize: 10 },
      { rejects: ["since"] },
    )
    expect(ids).toHaveLength(20)
    expect(warnings).toContainEqual(warningAbout("filter_rejected", "since"))
    expect(asked.length).toBeLessThan(9)
  })
})

describe("a server that rejects the allowed page size", () => {
  it.each(shapeNames)(
    "halves the page size over %s until the server accepts it, and warns once",
    async (shape) => {
      const { asked, ids, warnings } = await walk(shape, {}, { largestPage: 15 })
      expect(ids).toEqual(rows.map(({ id }) => id).toReversed())
      expect(warnings).toEqual([
        warningAbout(
          "page_size_rejected",
          "pageSize",
          /rejected a page size of 50; from here on at most 12 .*at most 15/,
        ),
      ])
      const tooLarge = asked.filter((parameters) => Number(parameters.get("size")) > 15)
      expect(tooLarge).toHaveLength(2)
    },
  )

  it("halves the page size that the user chose when the server rejects it", async () => {
    const { ids, warnings } = await walk("pagesByOffset", { pageSize: 30 }, { largestPage: 20 })
    expect(ids).toHaveLength(120)
    expect(warnings).toEqual([warningAbout("page_size_rejected", "pageSize")])
  })

  it("keeps the reduced page size in the cursor", async () => {
    const client = sampleClient("windowsByOffset", { rows, largestPage: 10 })
    const first = await client.page()
    const second = await client.page({}, first.next)
    expect([first.warnings.length, second.warnings.length]).toEqual([1, 0])
  })

  it("halves the page size when the server lowers its limit in the middle of a walk", async () => {
    const server = {
      rows,
      largestPage: 50,
      beforeRequest: (count: number) => {
        if (count === 2) server.largestPage = 7
      },
    }
    for (const shape of shapeNames) {
      server.largestPage = 50
      // The URL of a next page fixes its size: a smaller page cannot be requested.
      if (shape === "pagesByNextUrl" || shape === "pagesByLinkHeader") continue
      const found: Array<string> = []
      const options = { onWarning: () => {} }
      for await (const { id } of sampleClient(shape, server).executions({}, options)) found.push(id)
      expect(found).toEqual(rows.map(({ id }) => id).toReversed())
    }
  })
})

describe.each(shapeNames)(
  "a walk over %s of a server that rejects filters and page sizes",
  (shape) => {
    const history = fc
      .array(
        fc.record({
          at: fc.integer({ min: 0, max: 12 }).map((second) => began + second * 1000),
          state: fc.constantFrom("ok", "bad", "going"),
          workflow: fc.constantFrom("a", "b"),
        }),
        { maxLength: 60 },
      )
      .map((made) => made.map((row, index): SampleRow => ({ id: `row-${index}`, ...row })))

    it("returns what filtering everything in memory returns, each execution once", async () => {
      await fc.assert(
        fc.asyncProperty(
          history,
          fc.integer({ min: 1, max: 20 }),
          fc.integer({ min: 1, max: 12 }),
          fc.subarray(["state=bad", "workflow", "since", "until"]),
          fc.record({
            status: fc.constantFrom(undefined, ["failed"] as const, ["succeeded"] as const),
            workflowId: fc.constantFrom(undefined, "a"),
            since: fc.constantFrom(undefined, new Date(began + 3000)),
            until: fc.constantFrom(undefined, new Date(began + 9000)),
          }),
          fc.integer({ min: 1, max: 9 }),
          async (made, pageSize, largestPage, rejects, filters, limit) => {
            const server = { rows: made, largestPage, rejects }
            const query: LogQuery = { ...filters, pageSize }
            const status = { failed: "bad", succeeded: "ok" }
            const expected = made.filter(
              (row) =>
                (filters.status === undefined ||
                  filters.status.some((one) => status[one] === row.state)) &&
                (filters.workflowId === undefined || row.workflow === filters.workflowId) &&
                (filters.since === undefined || row.at >= filters.since.getTime()) &&
                (filters.until === undefined || row.at < filters.until.getTime()),
            )
            const found: Array<string> = []
            let cursor: string | undefined
            // Each client knows only the cursor of the one before.
            for (let isOver = false; !isOver;) {
              isOver = true
              const options = { limit, cursor, onWarning: () => {} }
              for await (const entry of sampleClient(shape, server).entries(query, options)) {
                isOver = false
                found.push(entry.execution.id)
                cursor = entry.cursor()
              }
            }
            expect(found.toSorted()).toEqual(expected.map(({ id }) => id).toSorted())
          },
        ),
        { numRuns: 150 },
      )
    })
  },
)
