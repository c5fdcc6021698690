import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, Setting, Wire } from "../src/adapter.js"
import { type AdapterError, type Execution, createClient } from "../src/index.js"
import { compareListing } from "../src/model/ExecutionOrder.js"
import { nextLink } from "../src/walk/NextPage.js"

const Row = Schema.Struct({ id: Wire.id, number: Schema.Finite })
const Rows = Schema.Struct({
  rows: Schema.Array(Schema.Unknown),
  next: Wire.maybe(Schema.String),
  more: Wire.maybe(Schema.Boolean),
})

const key = "canary-named-1"
const baseUrl = "https://sample.example/api"

/** A provider that lists by number, with the given pagination. */
const connect = (pagination: Pagination.Pagination) =>
  Adapter.make({
    id: "sample",
    title: "Sample",
    settings: { apiKey: Setting.secret("The key") },
    baseUrl: () => baseUrl,
    auth: (config) => Auth.bearer(config.apiKey),
    statuses: {},
    list: {
      route: "GET /rows",
      pagination,
      maxPageSize: 50,
      time: { at: (row) => row.number, isSequence: true, walk: "pages" },
      filters: () => ({
        workflowId: Filter.unsupported("it knows no workflows."),
        actorId: Filter.unsupported("it knows no actors."),
        status: Filter.here,
        search: Filter.unsupported("it has no search."),
      }),
      request: ({ params }) => ({ method: "GET", path: "/rows", query: params }),
      page: Rows,
      info: ({ rows, ...page }) => ({ items: rows, ...page }),
      item: Row,
      itemId: (row) => row.id,
      toExecution: (row) => ({
        id: row.id,
        providerStatus: null,
        startedAt: new Date(Date.UTC(2026, 10, 21) + row.number),
        finishedAt: null,
      }),
    },
  })({ apiKey: key })

const row = (number: number) => ({ id: `row-${number}`, number })

/** Reads all pages from a function that responds to URLs, and returns the requested URLs. */
const read = async (
  pagination: Pagination.Pagination,
  answer: (url: URL, count: number) => Response,
) => {
  const asked: Array<string> = []
  const client = createClient(connect(pagination), {
    transport: { retries: 0 },
    fetch: async (input) => {
      const url = new URL(String(input))
      asked.push(url.href)
      return answer(url, asked.length - 1)
    },
  })
  const executions: Array<Execution> = []
  const read = async () => {
    for await (const page of client.pages()) executions.push(...page.executions)
    return null
  }
  const error = await read().catch((cause: AdapterError) => cause)
  return { executions, ids: executions.map(({ id }) => id), asked, error }
}

const byCursor = Pagination.cursor({ cursor: "cursor", size: "size", keyset: true })
const byUrl = Pagination.nextUrl({ size: "size", keyset: true })
const byLink = Pagination.linkHeader({ size: "size" })

describe("a page that names the next one", () => {
  it("follows a relative or absolute next URL without adding parameters", async () => {
    const { ids, asked, error } = await read(byUrl, (_, count) =>
      Response.json({
        rows: [row(9 - count)],
        next: ["?token=a%20b", "https://sample.example/other/rows?token=c", null][count] ?? null,
      }),
    )
    expect(error).toBeNull()
    expect(ids).toEqual(["row-9", "row-8", "row-7"])
    expect(asked).toEqual([
      `${baseUrl}/rows?size=50`,
      `${baseUrl}/rows?token=a%20b`,
      "https://sample.example/other/rows?token=c",
    ])
  })

  it("does not follow a next URL to another origin, and names that origin in the error", async () => {
    const { ids, asked, error } = await read(byUrl, () =>
      Response.json({ rows: [row(1)], next: "https://elsewhere.example/api/rows?page=2" }),
    )
    expect(ids).toEqual(["row-1"])
    expect(asked).toHaveLength(1)
    expect(error).toMatchObject({
      reason: "Transport",
      message: expect.stringContaining("another origin (https://elsewhere.example)"),
      hint: { code: "update_base_url" },
    })
  })

  it("fails at once when a page names itself as the next", async () => {
    const { ids, asked, error } = await read(byCursor, () =>
      Response.json({ rows: [row(2), row(1)], next: "same" }),
    )
    expect(ids).toEqual(["row-2", "row-1"])
    expect(asked).toHaveLength(2)
    expect(error).toMatchObject({
      reason: "Decode",
      message: expect.stringContaining("returned the token of the current page"),
    })
  })

  it("fails when two pages name each other as the next", async () => {
    const { ids, error } = await read(byCursor, (_, count) =>
      Response.json({ rows: [row(2 - (count % 2))], next: count % 2 === 0 ? "odd" : "even" }),
    )
    expect(ids).toEqual(["row-2", "row-1"])
    expect(error).toMatchObject({
      reason: "Decode",
      message: expect.stringContaining("returned no new items in 100 pages"),
    })
  })

  it("fails when the server says that more follows, but not where", async () => {
    const { ids, error } = await read(byCursor, () =>
      Response.json({ rows: [row(1)], next: null, more: true }),
    )
    expect(ids).toEqual([])
    expect(error).toMatchObject({
      reason: "Decode",
      message: expect.stringContaining("returned no token for it"),
    })
  })

  it.each([null, ""])("ends at a page whose next cursor is %j", async (next) => {
    const { ids, asked, error } = await read(byCursor, () =>
      Response.json({ rows: [row(1)], next }),
    )
    expect(error).toBeNull()
    expect(ids).toEqual(["row-1"])
    expect(asked).toHaveLength(1)
  })

  it("fails when the server says that more follows, and names it by an empty text", async () => {
    const { error } = await read(byCursor, () =>
      Response.json({ rows: [row(1)], next: "", more: true }),
    )
    expect(error).toMatchObject({
      reason: "Decode",
      message: expect.stringContaining("returned no token for it"),
    })
  })

  it.each(["näher→日本", "behind \u0000", "half \ud83d", "ü".repeat(16_000)])(
    "carries a name in any script in its cursor (%#)",
    async (name) => {
      const asked: Array<string | null> = []
      const client = createClient(connect(byCursor), {
        fetch: async (input) => {
          asked.push(new URL(String(input)).searchParams.get("cursor"))
          const isFirst = asked.length === 1
          return Response.json({ rows: [row(isFirst ? 2 : 1)], next: isFirst ? name : null })
        },
      })
      const { next } = await client.page()
      expect(next).toMatch(/^[\w.-]+$/)
      const { executions } = await client.page({}, next)
      expect(executions.map(({ id }) => id)).toEqual(["row-1"])
      expect(asked[1]).toBe(name.toWellFormed())
    },
  )

  it("fails when the name of the next page is too long for a cursor", async () => {
    const { error } = await read(byCursor, () =>
      Response.json({ rows: [row(1)], next: "x".repeat(1_000_000) }),
    )
    expect(error).toMatchObject({
      reason: "Decode",
      message: expect.stringContaining("a next-page token of 1000000 characters for GET /rows"),
    })
  })

  it("fails without showing the key when the name of the next page contains it", async () => {
    const { error } = await read(byUrl, () =>
      Response.json({ rows: [row(1)], next: `?key=${key}&page=2` }),
    )
    expect(error).toMatchObject({
      reason: "Decode",
      message: expect.stringContaining("the API key"),
    })
    expect(JSON.stringify(error)).not.toContain(key)
  })

  it("ends at a page that says it is the last, whatever it names", async () => {
    const { ids, error } = await read(byCursor, () =>
      Response.json({ rows: [row(1)], next: "more", more: false }),
    )
    expect(error).toBeNull()
    expect(ids).toEqual(["row-1"])
  })
})

describe("a list on a single page", () => {
  it("reads the list with one request", async () => {
    const { ids, asked } = await read(Pagination.single(), () =>
      Response.json({ rows: [row(2), row(1)] }),
    )
    expect(ids).toEqual(["row-2", "row-1"])
    expect(asked).toEqual([`${baseUrl}/rows`])
  })
})

describe("a list ordered by a number", () => {
  it("gives no listing time, and rejects an item whose number is not whole", async () => {
    const client = createClient(connect(byCursor), {
      fetch: async () => Response.json({ rows: [row(2), { id: "x", number: 1.5 }], next: null }),
    })
    const { executions, rejected } = await client.page()
    expect(executions.map(({ listedAt }) => listedAt)).toEqual([null])
    expect(rejected).toEqual([
      expect.objectContaining({
        id: "x",
        reason: expect.stringContaining("is not a whole number"),
      }),
    ])
  })

  it("merges its executions with others by their start", async () => {
    const client = createClient(connect(byCursor), {
      fetch: async () => Response.json({ rows: [row(5)], next: null }),
    })
    const { executions } = await client.page()
    const listedAt = (number: number) => new Date(Date.UTC(2026, 10, 21) + number)
    for (const execution of executions) {
      const compared = (other: Date | null) =>
        compareListing(
          execution,
          Object.assign({}, execution, { id: "other", startedAt: null, listedAt: other }),
        )
      expect(compared(listedAt(4))).toBeGreaterThan(0)
      expect(compared(listedAt(6))).toBeLessThan(0)
      expect(compared(null)).toBeLessThan(0)
    }
  })

  it("filters by time in execlog, and reads the whole list", async () => {
    const query = { since: new Date(Date.UTC(2026, 10, 21) + 8) }
    const plan = createClient(connect(byCursor)).explain(query)
    expect(plan).toMatchObject({
      stopsBefore: null,
      consistency: "exact",
      filters: [{ filter: "since", answer: "execlog", sent: {} }],
    })
  })
})

describe("the plan of a list whose pages name the next one", () => {
  it("promises best effort when the names may count rows", () => {
    const plan = createClient(connect(byLink)).explain()
    expect(plan.consistency).toBe("bestEffort")
    expect(plan.notes.map(({ code }) => code)).toContain("best_effort")
  })
})

describe("the Link header", () => {
  it.each([
    ['<https://a.example/?page=2>; rel="next"', "https://a.example/?page=2"],
    ["<?page=2>;rel=next", "?page=2"],
    ['</a>; rel="prev", </b>; title="x, y; rel=next"; rel="last next"', "/b"],
    ['</a>; rel="prev"', null],
    ["", null],
    ["next", null],
  ])("reads the next URL of %j as %j", (header, next) => {
    expect(nextLink(header)).toBe(next)
  })
})
