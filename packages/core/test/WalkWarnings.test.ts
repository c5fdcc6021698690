import { describe, expect, it } from "vitest"
import type { LogPage, LogQuery } from "../src/index.js"
import { createClient } from "../src/index.js"
import { codesOf } from "./ExpectedWarning.js"
import { own } from "./OwnConnection.js"
import { sampleFetch, type SampleRow, shapes } from "./SampleProvider.js"

const rows = Array.from({ length: 40 }, (_, index): SampleRow => ({
  id: `row-${index}`,
  at: 1_700_000_000_000 + index * 1000,
  state: index % 2 === 0 ? "ok" : "bad",
}))

/** The pages of a walk with a custom fetch, and the requests for them. */
const walk = async (
  shape: keyof typeof shapes,
  query: LogQuery,
  fetch: typeof globalThis.fetch = sampleFetch({ rows }),
) => {
  const asked: Array<URLSearchParams> = []
  const client = createClient(shapes[shape]({ apiKey: "canary-sample-1" }), {
    fetch: (input, init) => {
      asked.push(new URL(String(input)).searchParams)
      return fetch(input, init)
    },
  })
  const pages: Array<LogPage> = []
  for await (const page of client.pages(query)) pages.push(page)
  const ids = pages.flatMap(({ executions }) => executions.map(({ id }) => id))
  return { asked, ids, warnings: pages.flatMap((page) => page.warnings) }
}

const without =
  (...names: ReadonlyArray<string>): typeof globalThis.fetch =>
  (input, init) => {
    const url = new URL(String(input))
    for (const name of names) url.searchParams.delete(name)
    return sampleFetch({ rows })(url, init)
  }

describe("a server that ignores a filter", () => {
  it("stops sending the filter, and warns once", async () => {
    const query: LogQuery = { status: ["failed"], pageSize: 5 }
    const { asked, ids, warnings } = await walk("windowsByOffset", query, without("state"))
    expect(ids).toHaveLength(20)
    expect(new Set(ids).size).toBe(20)
    expect(warnings.filter((warning) => warning.code === "filter_ignored")).toHaveLength(1)
    // The second page was already requested when the first was checked.
    expect(asked.slice(1).filter((parameters) => parameters.has("state"))).toEqual([])
  })

  it("does not send an ignored filter after a cursor, nor warn again", async () => {
    const client = createClient(shapes.windowsByNumber({ apiKey: "canary-sample-1" }), {
      fetch: without("state"),
    })
    const query: LogQuery = { status: ["failed"], pageSize: 5 }
    const { next } = await client.page(query)
    const { warnings } = await client.page(query, next)
    expect(warnings).toEqual([])
  })
})

describe("a server that ignores since", () => {
  it("stops at since, with one warning", async () => {
    const query: LogQuery = { since: new Date(1_700_000_030_000), pageSize: 4 }
    const { asked, ids, warnings } = await walk("windowsByNumber", query, without("since"))
    expect(ids).toHaveLength(10)
    expect(codesOf(warnings)).toEqual(["bound_ignored"])
    expect(warnings).toHaveLength(1)
    expect(asked.length).toBeLessThan(7)
  })
})

describe("a server that does not keep the order of its time", () => {
  it("warns that the order is broken", async () => {
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const answer = await sampleFetch({ rows })(input, init)
      const body = await answer.json()
      return Response.json({ ...body, rows: body.rows.toReversed() })
    }
    const { warnings } = await walk("pagesByOffset", {}, fetch)
    expect(codesOf(warnings)).toContain("list_unordered")
  })
})

describe("a server that ignores the page size", () => {
  it("reads everything, and warns that the page size is ignored", async () => {
    const { ids, warnings } = await walk("pagesByOffset", { pageSize: 5 }, without("size"))
    expect(new Set(ids).size).toBe(40)
    expect(codesOf(warnings)).toContain("page_size_ignored")
  })
})

describe("executions that start long after they are listed", () => {
  const planned = (skew: number | null) => {
    const connection = shapes.windowsByOffset({ apiKey: "canary-sample-1" })
    const { list } = connection
    // Each starts an hour after it was listed.
    const execution: typeof list.execution = (...given) => {
      const draft = list.execution(...given)
      return { ...draft, startedAt: new Date((draft.startedAt?.getTime() ?? 0) + 3_600_000) }
    }
    const endpoint = { ...list, execution, time: { ...list.time, skew } }
    return createClient(own({ ...connection, list: endpoint }), { fetch: sampleFetch({ rows }) })
  }
  const since = new Date(1_700_000_000_000 + 3_600_000 + 20_000)

  it("warns when executions start later than the adapter declares", async () => {
    const page = await planned(0).page({ since: new Date(1_700_000_000_000) })
    expect(page.warnings).toMatchObject([
      { code: "listing_time_unexpected", subject: { kind: "query", name: "since" } },
    ])
  })

  it("finds all executions when the delay between listing and start is unknown", async () => {
    const client = planned(null)
    const ids: Array<string> = []
    for await (const { id } of client.executions({ since })) ids.push(id)
    expect(ids).toHaveLength(20)
    expect(client.explain({ since })).toMatchObject({
      stopsBefore: null,
      filters: [{ answer: "execlog", note: expect.stringContaining("is unknown") }],
    })
  })
})

describe("a server that returns one row a page", () => {
  it.each(["pagesByOffset", "pagesByNumber"] as const)(
    "reads everything over %s, and warns that pages cannot overlap",
    async (shape) => {
      const { ids, warnings } = await walk(shape, { pageSize: 5 }, sampleFetch({ rows, clamp: 1 }))
      expect(ids).toEqual(rows.map(({ id }) => id).toReversed())
      expect(codesOf(warnings)).toContain("pages_not_adjacent")
    },
  )
})

describe("an instant with more items than a cursor can carry", () => {
  it("returns all its executions, and warns that the cursor is full", async () => {
    const many = Array.from({ length: 400 }, (_, index) => ({
      id: `row-${index}`,
      at: 1_700_000_000_000,
    }))
    const { ids, warnings } = await walk("windowsByOffset", {}, sampleFetch({ rows: many }))
    expect(new Set(ids).size).toBe(400)
    expect(codesOf(warnings)).toContain("cursor_overflow")
  })
})

describe("a list that shrinks until a page lies behind its end", () => {
  it("returns all remaining rows, and requests no negative offset", async () => {
    const server = {
      rows: rows.slice(0, 30) as ReadonlyArray<SampleRow>,
      beforeRequest: (count: number) => {
        if (count === 3) server.rows = rows.slice(0, 4)
      },
    }
    const { asked, ids } = await walk("pagesByOffset", { pageSize: 9 }, sampleFetch(server))
    expect(ids).toEqual(expect.arrayContaining(server.rows.map(({ id }) => id)))
    expect(asked.every((parameters) => Number(parameters.get("skip")) >= 0)).toBe(true)
  })
})

describe("a list that does not tell its length", () => {
  it("does not end at short pages of rows that were pushed down", async () => {
    // Three rows arrive before each of some requests, and the server then returns pages of three.
    const server = {
      rows: rows as ReadonlyArray<SampleRow>,
      clamp: 9,
      beforeRequest: (count: number) => {
        const isBusy = count >= 1 && count <= 5
        server.clamp = isBusy ? 3 : 9
        const arrived = [0, 1, 2].map((index) => ({
          id: `new-${count}-${index}`,
          at: 1_700_000_100_000 + count * 10 + index,
        }))
        if (isBusy) server.rows = [...server.rows, ...arrived]
      },
    }
    const { ids } = await walk("pagesByNumber", { pageSize: 9 }, sampleFetch(server))
    expect(ids.filter((id) => id.startsWith("row-"))).toHaveLength(40)
  })

  it("ends even when a row arrives before each request", async () => {
    const server = {
      rows: rows.slice(0, 3) as ReadonlyArray<SampleRow>,
      beforeRequest: (count: number) => {
        server.rows = [...server.rows, { id: `new-${count}`, at: 100_000 + count }]
      },
    }
    const { asked, ids } = await walk("pagesByNumber", { pageSize: 2 }, sampleFetch(server))
    expect(ids.filter((id) => id.startsWith("row-"))).toHaveLength(3)
    expect(asked.length).toBeLessThan(200)
  })
})

describe("a server that ignores where a page begins", () => {
  it.each(["pagesByOffset", "windowsByOffset"] as const)(
    "fails a walk over %s rather than end it as if all rows up to the total were read",
    async (shape) => {
      const fetch: typeof globalThis.fetch = (input, init) => {
        const url = new URL(String(input))
        for (const name of ["skip", "until"]) url.searchParams.delete(name)
        return sampleFetch({ rows, clamp: 5 })(url, init)
      }
      await expect(walk(shape, { pageSize: 8 }, fetch)).rejects.toMatchObject({
        reason: "Decode",
        message: expect.stringContaining("returned no new items in 100 pages"),
      })
    },
  )
})
