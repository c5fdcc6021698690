import { getEventListeners } from "node:events"
import { createServer, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { gzipSync } from "node:zlib"
import * as Schema from "effect/Schema"
import { afterEach, describe, expect, it, vi } from "vitest"
import {
  type AdapterError,
  type ClientOptions,
  createClient,
  Execution,
  ExecutionFromJson,
  mergeByListing,
} from "../src/index.js"
import { sampleClient, sampleFetch, windowsByNumber } from "./SampleProvider.js"

const rows = Array.from({ length: 25 }, (_, index) => ({
  id: `row-${String(index).padStart(2, "0")}`,
  at: 1_700_000_000_000 + index * 1000,
  state: index % 5 === 0 ? "bad" : "ok",
}))

const servers: Array<Server> = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A client over real HTTP on loopback. */
const overHttp = async (
  answer: (response: ServerResponse, count: number, url: string) => void,
  options: ClientOptions = {},
) => {
  let count = 0
  const server = createServer((request, response) => answer(response, count++, request.url ?? ""))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  const baseUrl = `http://127.0.0.1:${port}/api`
  const client = createClient(windowsByNumber({ apiKey: "canary-sample-1", baseUrl }), options)
  return { client, server, port, requests: () => count }
}

const failure = (promise: Promise<unknown>): Promise<AdapterError> =>
  promise.then(
    () => Promise.reject(new Error("a failure was expected")),
    (error: AdapterError) => error,
  )

describe("executions", () => {
  it("are plain data whose JSON form is read back as they were", async () => {
    for await (const execution of sampleClient("windowsByNumber", { rows }).executions()) {
      expect(Schema.is(Execution)(execution)).toBe(true)
      const back = Schema.decodeUnknownSync(ExecutionFromJson)(
        JSON.parse(JSON.stringify(execution)),
      )
      expect(back).toEqual(execution)
    }
  })

  it("that are asked for all at once come in their order, and then the end", async () => {
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

  it("are over once they were left", async () => {
    const client = sampleClient("windowsByNumber", { rows })
    const iterator = client.executions({ pageSize: 4 })[Symbol.asyncIterator]()
    await iterator.next()
    await iterator.return?.()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it("end after the limit, without asking for more pages than needed", async () => {
    let requests = 0
    const client = sampleClient("windowsByNumber", { rows, beforeRequest: () => requests++ })
    const ids: Array<string> = []
    for await (const { id } of client.executions({ pageSize: 10 }, { limit: 7 })) ids.push(id)
    expect(ids).toHaveLength(7)
    expect(requests).toBe(1)
  })

  it("that cannot be read are told one by one, each once, and cost the others nothing", async () => {
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

  it("that the adapter fails on are rejected alone, with what it failed by", async () => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const list = {
      ...connection.list,
      execution: (...given: Parameters<typeof connection.list.execution>) => {
        const draft = connection.list.execution(...given)
        if (draft.id === "row-03") throw new TypeError("no such field")
        return draft
      },
    }
    const page = await createClient(
      { ...connection, list },
      { fetch: sampleFetch({ rows }) },
    ).page()
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
    ["a start that is no time", (id) => ({ id, startedAt: new Date(Number.NaN) })],
    ["an end that is a text", (id) => ({ id, startedAt: null, finishedAt: "2026-11-21" })],
  ])("of which the adapter makes %s are rejected alone", async (_, make) => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const { execution } = connection.list
    const list = {
      ...connection.list,
      execution: (...given: Parameters<typeof execution>): never => {
        const draft = execution(...given)
        return (draft.id === "row-03" ? make(draft.id) : draft) as never
      },
    }
    const client = createClient({ ...connection, list }, { fetch: sampleFetch({ rows }) })
    const page = await client.page()
    expect(page.executions).toHaveLength(rows.length - 1)
    expect(page.rejected.map(({ id }) => id)).toEqual(["row-03"])
    expect(page.rejected[0]?.reason).toContain("the adapter failed on it")
  })

  it("to which the adapter gives no id, or over which it throws what has no text, are rejected alone", async () => {
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
    const client = createClient({ ...connection, list }, { fetch: sampleFetch({ rows }) })
    const page = await client.page()
    expect(page.executions).toHaveLength(rows.length - 2)
    expect(page.rejected.map(({ reason }) => reason)).toEqual([
      "the adapter failed on it: it threw something that has no text",
      "it has no id",
    ])
  })

  it("that cannot be read are told with what is given, not ahead of it: resumed, each is told once", async () => {
    const broken = rows.map((row, index) => ({ ...row, broken: index % 7 === 3 }))
    const told: Array<string | null> = []
    let cursor: string | undefined
    for (let isOver = false; !isOver;) {
      isOver = true
      const client = sampleClient("windowsByNumber", { rows: broken })
      const onRejected = ({ id }: { id: string | null }) => void told.push(id)
      for await (const entry of client.entries({}, { limit: 2, cursor, onRejected })) {
        isOver = false
        cursor = entry.cursor()
      }
    }
    expect(told).toHaveLength(4)
    expect(new Set(told)).toEqual(new Set(["row-03", "row-10", "row-17", "row-24"]))
  })

  it("that the adapter fails on reject get with an AdapterError", async () => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const get = {
      route: "GET /rows/{id}",
      gives: [],
      refuse: () => null,
      request: (id: string) => ({ method: "GET" as const, path: `/rows/${id}` }),
      item: (value: unknown) => ({ ok: true as const, value }),
      execution: () => {
        throw new TypeError("no such field")
      },
      joins: [],
    }
    const client = createClient({ ...connection, get }, { fetch: async () => Response.json({}) })
    expect(await failure(client.get("1"))).toMatchObject({
      reason: "Decode",
      message: expect.stringContaining("TypeError: no such field"),
    })
  })

  it("are an AdapterError without the key where the adapter fails on a request or a page", async () => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const fail = (): never => {
      throw new Error("no such field: canary-sample-1")
    }
    for (const broken of [{ request: fail }, { page: fail }]) {
      const list = { ...connection.list, ...broken }
      const client = createClient({ ...connection, list }, { fetch: sampleFetch({ rows }) })
      const error = await failure(client.page())
      expect(error).toMatchObject({
        reason: "Decode",
        message: expect.stringContaining("no such field: <redacted>"),
      })
    }
  })

  it("nested too deep to be written out are rejected alone", async () => {
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

  it("say on stderr what was rejected, where nobody listens, in one line and without the key", async () => {
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

  it("is one page, not more", async () => {
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

  it("has the next request on its way before a page is mapped", async () => {
    const connection = windowsByNumber({ apiKey: "canary-sample-1" })
    const answer = sampleFetch({ rows })
    let written = 0
    const writtenWhenMapped: Array<number> = []
    const client = createClient(
      {
        ...connection,
        list: {
          ...connection.list,
          execution: (...given) => {
            writtenWhenMapped.push(written)
            return connection.list.execution(...given)
          },
        },
      },
      {
        fetch: async (input, init) => {
          // A fetch writes nothing to its socket before what waits has had its turn.
          await new Promise((resolve) => process.nextTick(resolve))
          written++
          return answer(input, init)
        },
      },
    )
    for await (const { id } of client.executions({ pageSize: 20 })) expect(id).not.toBe("")
    expect(writtenWhenMapped[0]).toBe(2)
  })

  it("stops early where the time range ends, though the server does not know it", async () => {
    const server = { rows, asked: 0, ignoresTime: true, beforeRequest: () => void server.asked++ }
    const query = { pageSize: 5, startedAfter: new Date(rows[22]?.at ?? 0) }
    const ids: Array<string> = []
    const client = sampleClient("pagesByOffset", server)
    for await (const page of client.pages(query)) ids.push(...page.executions.map(({ id }) => id))
    expect(ids).toEqual(["row-24", "row-23", "row-22"])
    expect(server.asked).toBe(1)
  })
})

describe("the total", () => {
  const client = sampleClient("windowsByNumber", { rows })

  it("is the provider's figure where it is that of the query", async () => {
    expect((await client.page({ pageSize: 5 })).total).toBe(25)
    expect((await client.page({ pageSize: 5, status: ["failed"] })).total).toBe(5)
  })

  it("is null where something is filtered here, which the provider does not count", async () => {
    expect((await client.page({ status: ["failed", "succeeded"] })).total).toBeNull()
    expect((await client.page({ startedBefore: "2999-01-01" })).total).toBeNull()
  })

  it("is null where the server ignores a filter that it is said to know", async () => {
    const ignoring = createClient(windowsByNumber({ apiKey: "canary-sample-1" }), {
      fetch: (input, init) => sampleFetch({ rows })(String(input).replace("state=bad", ""), init),
    })
    const page = await ignoring.page({ status: ["failed"] })
    expect(page.executions).toHaveLength(5)
    expect(page.total).toBeNull()
    expect(page.warnings.join()).toContain("gave executions that status excludes")
  })

  it("is null on later pages by windows, where it counts what is left", async () => {
    const { next } = await client.page({ pageSize: 5 })
    expect((await client.page({ pageSize: 5 }, next)).total).toBeNull()
  })
})

describe("an instant that holds more than the provider's largest page", () => {
  it("is read by pages, with a warning", async () => {
    const many = Array.from({ length: 120 }, (_, index) => ({
      id: `row-${index}`,
      at: 1_700_000_000_000,
    }))
    const warnings = new Set<string>()
    const ids = new Set<string>()
    const options = { onWarning: (warning: string) => void warnings.add(warning) }
    const client = sampleClient("windowsByNumber", { rows: many })
    for await (const { id } of client.executions({}, options)) ids.add(id)
    expect(ids.size).toBe(120)
    expect([...warnings].join()).toContain(
      "each is given once only if the provider keeps their order",
    )
  })
})

describe("an error", () => {
  it("of a query names the provider and the connection", async () => {
    const client = sampleClient("windowsByNumber", { rows }, { name: "shop" })
    expect(await failure(client.page({ pageSize: 0 }))).toMatchObject({
      provider: "sample",
      connection: "shop",
    })
  })
})

describe("a client over HTTP", () => {
  it("reads all pages", async () => {
    const fetch = sampleFetch({ rows })
    const { client } = await overHttp((response, _, url) => {
      void fetch(`http://127.0.0.1${url}`)
        .then((answer) => answer.text())
        .then((body) => response.setHeader("content-type", "application/json").end(body))
    })
    const ids: Array<string> = []
    for await (const page of client.pages({ pageSize: 4 })) {
      ids.push(...page.executions.map(({ id }) => id))
    }
    expect(ids.toSorted()).toEqual(rows.map(({ id }) => id))
  })

  it("takes the key to no other server, where one redirects to it", async () => {
    const other = await overHttp((response) => response.end("{}"))
    const { client } = await overHttp((response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end()
    })
    expect((await failure(client.page())).message).toContain("to another origin")
    expect(other.requests()).toBe(0)
  })

  it("says that nothing listens on a port", async () => {
    const { client, server, port } = await overHttp(() => {}, { transport: { retries: 0 } })
    await new Promise((resolve) => server.close(resolve))
    const error = await failure(client.page())
    expect(error.reason).toBe("Transport")
    expect(error.message).toContain(`127.0.0.1:${port}`)
    expect(error.message).toContain("ECONNREFUSED")
    expect(error.hint).toContain("base URL")
  })

  it.each([
    [
      "plain, with its length",
      (body: Buffer, response: ServerResponse) => {
        response.setHeader("content-length", body.length).end(body)
      },
    ],
    [
      "plain, in chunks",
      (body: Buffer, response: ServerResponse) => {
        response.write(body)
        response.end()
      },
    ],
    [
      "compressed",
      (body: Buffer, response: ServerResponse) => {
        response.setHeader("content-encoding", "gzip").end(gzipSync(body))
      },
    ],
  ])("refuses an answer that is too large: %s", async (_, send) => {
    const body = Buffer.from(JSON.stringify({ rows: [], filler: "x".repeat(200_000) }))
    const { client } = await overHttp((response) => send(body, response), {
      transport: { retries: 0, maxBodyBytes: 100_000 },
    })
    const error = await failure(client.page())
    expect(error.reason).toBe("TooLarge")
    expect(error.message).toContain("100000 bytes")
  })

  it("tells an answer that breaks off from one that is whole", async () => {
    const { client } = await overHttp(
      (response) => {
        response.setHeader("content-length", 1000)
        response.write('{"rows": [')
        setImmediate(() => response.destroy())
      },
      { transport: { retries: 0 } },
    )
    expect((await failure(client.page())).reason).toBe("Transport")
  })

  it("closes the socket when a call is aborted", async () => {
    const closed = Promise.withResolvers<void>()
    const controller = new AbortController()
    const { client } = await overHttp((response) => {
      response.on("close", () => closed.resolve())
      controller.abort(new Error("enough"))
    })
    await expect(client.page({}, null, { signal: controller.signal })).rejects.toThrow("enough")
    await closed.promise
  })

  it("takes its hands off the signal when a call is over, however it ended", async () => {
    const { signal } = new AbortController()
    const held: Array<number> = []
    const client = sampleClient("windowsByNumber", {
      rows,
      beforeRequest: () => held.push(getEventListeners(signal, "abort").length),
    })
    await client.page({}, null, { signal })
    await failure(client.get("row-01", { signal }))
    await failure(client.page({ pageSize: 0 }, null, { signal }))
    for await (const page of client.pages({ pageSize: 10 }, { signal })) {
      expect(page.rejected).toEqual([])
    }
    for await (const { id } of client.executions({ pageSize: 5 }, { signal })) {
      expect(id).toBe("row-24")
      break
    }
    expect(Math.max(...held)).toBe(1)
    expect(getEventListeners(signal, "abort")).toEqual([])
  })

  it("ends a loop with the reason of the signal that aborted it", async () => {
    const { client } = await overHttp(() => {})
    const read = async (signal: AbortSignal) => {
      for await (const execution of client.executions({}, { signal })) expect(execution).toBeNull()
    }
    await expect(read(AbortSignal.abort(new Error("enough")))).rejects.toThrow("enough")
  })

  it("gives nothing more of a page once its signal is aborted", async () => {
    const controller = new AbortController()
    const { signal } = controller
    const client = sampleClient("windowsByNumber", { rows })
    let given = 0
    const read = async () => {
      for await (const { id } of client.executions({}, { signal })) {
        given += 1
        if (id === "row-22") controller.abort(new Error("enough"))
      }
    }
    await expect(read()).rejects.toThrow("enough")
    expect(given).toBe(3)
  })

  it("asks for the next page ahead, and closes its socket when the loop is left", async () => {
    const fetch = sampleFetch({ rows })
    const askedAhead = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    const { client } = await overHttp((response, count) => {
      if (count > 0) {
        askedAhead.resolve()
        response.on("close", () => closed.resolve())
        return
      }
      void fetch("http://127.0.0.1/rows?size=5&tells=more")
        .then((answer) => answer.text())
        .then((body) => response.end(body))
    })
    for await (const page of client.pages({ pageSize: 5 })) {
      expect(page.executions).toHaveLength(5)
      await askedAhead.promise
      break
    }
    await closed.promise
  })
})

describe("several connections merged", () => {
  it("are all let go when the loop is left", async () => {
    const returned: Array<number> = []
    const watched = (source: number) => ({
      onFailure: () => {},
      entries: {
        async *[Symbol.asyncIterator]() {
          try {
            yield* sampleClient("windowsByNumber", { rows }).entries()
          } finally {
            returned.push(source)
          }
        },
      },
    })
    for await (const { execution } of mergeByListing([watched(0), watched(1)])) {
      expect(execution.id).toBe("row-24")
      break
    }
    expect(returned.toSorted((a, b) => a - b)).toEqual([0, 1])
  })

  it("come in listing order, and one that fails does not stop the others", async () => {
    const even = rows.filter((_, index) => index % 2 === 0)
    const odd = rows.filter((_, index) => index % 2 === 1)
    const failures: Array<unknown> = []
    const broken = createClient(windowsByNumber({ apiKey: "canary-sample-1" }), {
      fetch: async () => new Response("{}", { status: 401 }),
    })
    const source = (client: typeof broken) => ({
      entries: client.entries({ pageSize: 3 }),
      onFailure: (error: unknown) => void failures.push(error),
    })
    const ids: Array<string> = []
    const merged = mergeByListing([
      source(sampleClient("windowsByNumber", { rows: even })),
      source(broken),
      source(sampleClient("pagesByOffset", { rows: odd })),
    ])
    for await (const { execution } of merged) ids.push(execution.id)
    expect(ids).toEqual(rows.map(({ id }) => id).toReversed())
    expect(failures).toMatchObject([{ _tag: "AdapterError", reason: "Authentication" }])
  })
})

describe("connections that list at the same time", () => {
  it.each(["newest", "oldest"] as const)("are merged by id, the %s first", async (order) => {
    const entriesOf = async function* (...ids: ReadonlyArray<string>) {
      const at = 1_700_000_000_000
      const client = sampleClient("windowsByNumber", { rows: ids.map((id) => ({ id, at })) })
      yield* client.entries()
    }
    const sources = [entriesOf("row-b"), entriesOf("row-c"), entriesOf("row-a")].map((entries) => ({
      entries,
      onFailure: () => {},
    }))
    const ids: Array<string> = []
    for await (const { execution } of mergeByListing(sources, order)) ids.push(execution.id)
    const sorted = ["row-a", "row-b", "row-c"]
    expect(ids).toEqual(order === "oldest" ? sorted : sorted.toReversed())
  })
})
