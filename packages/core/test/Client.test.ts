import * as Schema from "effect/Schema"
import { describe, expect, it, vi } from "vitest"
import { type Warning, createClient, Execution, ExecutionFromJson } from "../src/index.js"
import { failure } from "./Failure.js"
import { own } from "./OwnConnection.js"
import { sampleClient, sampleFetch, windowsByNumber } from "./SampleProvider.js"
import { rows } from "./SampleRows.js"

describe("client.executions", () => {
  it("returns plain data that survives a round trip through JSON", async () => {
    for await (const execution of sampleClient("windowsByNumber", { rows }).executions()) {
      expect(Schema.is(Execution)(execution)).toBe(true)
      const back = Schema.decodeUnknownSync(ExecutionFromJson)(
        JSON.parse(JSON.stringify(execution)),
      )
      expect(back).toEqual(execution)
    }
  })

  it("resolves concurrent calls of next() in order, and then ends", async () => {
    const client = sampleClient("windowsByNumber", { rows })
    const iterator = client.executions({ pageSize: 4 })[Symbol.asyncIterator]()
    const results = await Promise.all(Array.from({ length: 27 }, () => iterator.next()))
    expect(results.map(({ value }) => value?.id)).toEqual([
      ...rows.map(({ id }) => id).toReversed(),
      undefined,
      undefined,
    ])
    expect(results.map(({ done }) => done === true).indexOf(true)).toBe(25)
  })

  it("returns nothing more after the loop is left", async () => {
    const client = sampleClient("windowsByNumber", { rows })
    const iterator = client.executions({ pageSize: 4 })[Symbol.asyncIterator]()
    await iterator.next()
    await iterator.return?.()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it("ends after the limit without requesting more pages than needed", async () => {
    let requests = 0
    const client = sampleClient("windowsByNumber", { rows, beforeRequest: () => requests++ })
    const ids: Array<string> = []
    for await (const { id } of client.executions({ pageSize: 10 }, { limit: 7 })) ids.push(id)
    expect(ids).toHaveLength(7)
    expect(requests).toBe(1)
  })

  it("reports each unreadable item once, and returns all others", async () => {
    const broken = rows.map((row, index) => (index % 7 === 3 ? { ...row, at: "soon" } : row))
    const rejected: Array<string | null> = []
    const ids: Array<string> = []
    const fetch = sampleFetch({ rows })
    const client = createClient(windowsByNumber({ apiKey: "canary-sample-1" }), {
      fetch: async (input, init) => {
        const page = await (await fetch(input, init)).json()
        return Response.json({
          ...page,
          rows: page.rows.map((row: { id: string }) => broken.find(({ id }) => id === row.id)),
        })
      },
    })
    const options = { onRejected: ({ id }: { id: string | null }) => void rejected.push(id) }
    for await (const { id } of client.executions({ pageSize: 6 }, options)) ids.push(id)
    expect(new Set(rejected)).toEqual(new Set(["row-03", "row-10", "row-17", "row-24"]))
    expect(rejected).toHaveLength(4)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toHaveLength(rows.length - rejected.length)
  })

  it("rejects only the execution on which the adapter throws, with the thrown error as reason", async () => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const list = {
      ...connection.list,
      execution: (...given: Parameters<typeof connection.list.execution>) => {
        const draft = connection.list.execution(...given)
        if (draft.id === "row-03") throw new TypeError("no such field")
        return draft
      },
    }
    const page = await createClient(own({ ...connection, list }), {
      fetch: sampleFetch({ rows }),
    }).page()
    expect(page.executions).toHaveLength(rows.length - 1)
    expect(page.rejected).toMatchObject([
      { id: "row-03", reason: "the adapter failed on it: TypeError: no such field" },
    ])
  })

  const nothing: unknown = undefined
  it.each<[string, (id: string) => unknown]>([
    ["nothing", () => nothing],
    ["null", () => null],
    ["a promise", (id) => Promise.resolve({ id })],
    ["no id", () => ({ startedAt: null, finishedAt: null })],
    ["a start that is not a valid time", (id) => ({ id, startedAt: new Date(Number.NaN) })],
    ["an end that is a text", (id) => ({ id, startedAt: null, finishedAt: "2026-11-21" })],
  ])("rejects only the execution for which the adapter returns %s", async (_, make) => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const { execution } = connection.list
    const list = {
      ...connection.list,
      execution: (...given: Parameters<typeof execution>): never => {
        const draft = execution(...given)
        return (draft.id === "row-03" ? make(draft.id) : draft) as never
      },
    }
    const client = createClient(own({ ...connection, list }), { fetch: sampleFetch({ rows }) })
    const page = await client.page()
    expect(page.executions).toHaveLength(rows.length - 1)
    expect(page.rejected.map(({ id }) => id)).toEqual(["row-03"])
    expect(page.rejected[0]?.reason).toContain("the adapter failed on it")
  })

  it("rejects only the executions that get no id, or on which the adapter throws a value without a text", async () => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const list = {
      ...connection.list,
      item: (raw: unknown) => {
        const read = connection.list.item(raw)
        if (read.ok && read.id === "row-03") return { ...read, id: undefined as never }
        if (read.ok && read.id === "row-04") throw Object.create(null)
        return read
      },
    }
    const client = createClient(own({ ...connection, list }), { fetch: sampleFetch({ rows }) })
    const page = await client.page()
    expect(page.executions).toHaveLength(rows.length - 2)
    expect(page.rejected.map(({ reason }) => reason)).toEqual([
      "the adapter failed on it: it threw a value that cannot be written as text",
      "it has no id",
    ])
  })

  it("reports each unreadable item once when the read is resumed after every two executions", async () => {
    const broken = rows.map((row, index) => ({ ...row, broken: index % 7 === 3 }))
    const reported: Array<string | null> = []
    let cursor: string | undefined
    for (let isOver = false; !isOver;) {
      isOver = true
      const client = sampleClient("windowsByNumber", { rows: broken })
      const onRejected = ({ id }: { id: string | null }) => void reported.push(id)
      for await (const entry of client.entries({}, { limit: 2, cursor, onRejected })) {
        isOver = false
        cursor = entry.cursor()
      }
    }
    expect(reported).toHaveLength(4)
    expect(new Set(reported)).toEqual(new Set(["row-03", "row-10", "row-17", "row-24"]))
  })

  it("fails get with an AdapterError when the adapter throws on the execution", async () => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const get = {
      route: "GET /rows/{id}",
      gives: [],
      checkId: () => null,
      request: (id: string) => ({ method: "GET" as const, path: `/rows/${id}` }),
      item: (value: unknown) => ({ ok: true as const, value }),
      execution: () => {
        throw new TypeError("no such field")
      },
      joins: [],
    }
    const client = createClient(own({ ...connection, get }), {
      fetch: async () => Response.json({}),
    })
    expect(await failure(client.get("1"))).toMatchObject({
      reason: "Decode",
      message: expect.stringContaining("TypeError: no such field"),
    })
  })

  it("fails with an AdapterError without the key when the adapter throws on a request or a page", async () => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const fail = (): never => {
      throw new Error("no such field: canary-sample-1")
    }
    for (const broken of [{ request: fail }, { page: fail }]) {
      const list = { ...connection.list, ...broken }
      const client = createClient(own({ ...connection, list }), { fetch: sampleFetch({ rows }) })
      const error = await failure(client.page())
      expect(error).toMatchObject({
        reason: "Decode",
        message: expect.stringContaining("no such field: <redacted>"),
      })
    }
  })

  it("rejects only the item that is nested 20,000 levels deep", async () => {
    const deep = "[".repeat(20_000) + "]".repeat(20_000)
    const client = createClient(windowsByNumber({ apiKey: "canary-sample-1" }), {
      fetch: async () =>
        new Response(
          `{"rows":[{"id":"a","at":${deep}},{"id":"b","at":1700000000000}],"more":false,"total":2}`,
        ),
    })
    const page = await client.page()
    expect(page.executions.map(({ id }) => id)).toEqual(["b"])
    expect(page.rejected.map(({ id }) => id)).toEqual(["a"])
  })

  it("prints rejected items on stderr, one line each and without the key, when nobody listens", async () => {
    const stderr = vi.spyOn(console, "error").mockImplementation(() => {})
    const ids = ["row-1", "canary-sample-1", "\u001b[31m\u009b\nexeclog: all is well"]
    const client = createClient(windowsByNumber({ apiKey: "canary-sample-1" }), {
      fetch: async () => Response.json({ rows: ids.map((id) => ({ id })), more: false, total: 3 }),
    })
    for await (const execution of client.executions()) expect(execution).toBeNull()
    expect(stderr.mock.calls.flat()).toEqual([
      "sample: item 0 (row-1) was rejected: at: Missing key",
      "sample: item 1 (<redacted>) was rejected: at: Missing key",
      String.raw`sample: item 2 (\u001b[31m\u009b\u000aexeclog: all is well) was rejected: at: Missing key`,
    ])
    stderr.mockRestore()
  })
})

describe("reading ahead", () => {
  const counted = () => {
    const server = { rows, asked: 0, beforeRequest: () => void server.asked++ }
    return { server, client: sampleClient("windowsByNumber", server) }
  }

  it("requests one page ahead, and not more", async () => {
    const { server, client } = counted()
    const pages = client.pages({ pageSize: 5 })[Symbol.asyncIterator]()
    await pages.next()
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(server.asked).toBe(2)
    await pages.next()
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(server.asked).toBe(3)
    await pages.return?.()
  })

  it("sends the next request before it maps a page", async () => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const answer = sampleFetch({ rows })
    let written = 0
    const writtenWhenMapped: Array<number> = []
    const client = createClient(
      own({
        ...connection,
        list: {
          ...connection.list,
          execution: (...given) => {
            writtenWhenMapped.push(written)
            return connection.list.execution(...given)
          },
        },
      }),
      {
        fetch: async (input, init) => {
          // A real fetch writes to its socket only after pending callbacks have run.
          await new Promise((resolve) => process.nextTick(resolve))
          written++
          return answer(input, init)
        },
      },
    )
    for await (const { id } of client.executions({ pageSize: 20 })) expect(id).not.toBe("")
    expect(writtenWhenMapped[0]).toBe(2)
  })

  it("stops at the start of the time range even when the server ignores it", async () => {
    const server = { rows, asked: 0, ignoresTime: true, beforeRequest: () => void server.asked++ }
    const query = { pageSize: 5, since: new Date(rows[22]?.at ?? 0) }
    const ids: Array<string> = []
    const client = sampleClient("pagesByOffset", server)
    for await (const page of client.pages(query)) ids.push(...page.executions.map(({ id }) => id))
    expect(ids).toEqual(["row-24", "row-23", "row-22"])
    expect(server.asked).toBe(1)
  })
})

describe("page.total", () => {
  const client = sampleClient("windowsByNumber", { rows })

  it("returns the provider's count when it counts what the query selects", async () => {
    expect((await client.page({ pageSize: 5 })).total).toBe(25)
    expect((await client.page({ pageSize: 5, status: ["failed"] })).total).toBe(5)
  })

  it("returns no total when execlog filters itself", async () => {
    expect((await client.page({ status: ["failed", "succeeded"] })).total).toBeNull()
    expect((await client.page({ until: "2999-01-01" })).total).toBeNull()
  })

  it("returns no total when the server ignores a filter it is declared to know", async () => {
    const ignoring = createClient(windowsByNumber({ apiKey: "canary-sample-1" }), {
      fetch: (input, init) => sampleFetch({ rows })(String(input).replace("state=bad", ""), init),
    })
    const page = await ignoring.page({ status: ["failed"] })
    expect(page.executions).toHaveLength(5)
    expect(page.total).toBeNull()
    expect(page.warnings[0]?.text).toContain("returned executions that status excludes")
  })

  it("returns no total on later windows, where the provider counts only the rest", async () => {
    const { next } = await client.page({ pageSize: 5 })
    expect((await client.page({ pageSize: 5 }, next)).total).toBeNull()
  })
})

describe("an instant with more executions than the provider's largest page", () => {
  it("returns all executions of the instant, with a warning about their order", async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({
      id: `row-${index}`,
      at: 1_700_000_000_000,
    }))
    const warnings = new Set<string>()
    const ids = new Set<string>()
    const options = { onWarning: ({ text }: Warning) => void warnings.add(text) }
    const client = sampleClient("windowsByNumber", { rows: many })
    for await (const { id } of client.executions({}, options)) ids.add(id)
    expect(ids.size).toBe(120)
    expect([...warnings].join()).toContain(
      "exactly-once delivery requires that the provider keeps their order",
    )
  })
})

describe("the error of a query", () => {
  it("names the provider and the connection", async () => {
    const client = sampleClient("windowsByNumber", { rows }, { name: "shop" })
    expect(await failure(client.page({ pageSize: 0 }))).toMatchObject({
      provider: "sample",
      connection: "shop",
    })
  })
})
