import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, type Given, Id, Pagination, Setting, Wire } from "../src/adapter.js"
import { createClient, type Json, type LogQuery } from "../src/index.js"
import { failure } from "./Failure.js"

const Run = Wire.item(
  { id: Wire.idOrNumber, at: Wire.epochMilliseconds },
  { state: Schema.String, cause: Schema.String, by: Schema.String, fault: Schema.String },
)

const statuses = { ok: "succeeded", bad: "failed" } as const

const endpoint = {
  pagination: Pagination.pageNumber({ page: "page", size: "size" }),
  maxPageSize: 50,
  item: Run,
  itemId: (run: typeof Run.Type) => String(run.id),
  time: { at: (run: typeof Run.Type) => run.at, walk: "pages" },
  toExecution: (run: typeof Run.Type) => ({
    id: String(run.id),
    providerStatus: run.state ?? null,
    startedAt: Wire.instant.milliseconds(run.at),
    finishedAt: null,
    workflow: { id: "w" },
    error: { message: run.fault },
    trigger: { providerKind: run.cause },
    actor: { kind: "account" as const, id: run.by },
  }),
} as const

const sample = Adapter.make({
  id: "sample",
  title: "Sample",
  settings: { baseUrl: Setting.url("Address", { default: "https://sample.example/api" }) },
  auth: () => Auth.none,
  headers: () => ({ "x-version": "7" }),
  statuses,
  triggers: { cron: "schedule" },
  list: {
    ...endpoint,
    route: "GET /flows/{workflowId}/runs",
    orders: { newest: { sort: "desc" }, oldest: { sort: "asc" } },
    params: ({ query }) => ({ steps: query.include.includes("steps") }),
    filters: {
      workflowId: Filter.param("workflowId"),
      status: Filter.oneWord("state", ["ok", "bad"]),
    },
    page: { items: "page.runs", total: "page.count" },
  },
  detail: {
    ...endpoint,
    when: ({ providerStatus }) => providerStatus !== null,
    route: "POST /runs/filter",
    filters: { workflowId: Filter.here, status: Filter.here, providerStatus: Filter.param("word") },
  },
  get: { route: "GET /runs/{id}", id: Id.either(Id.number, Id.uuid), params: { full: true } },
})

/** A client of a server with a single response, and the requests it received. */
const reading = (answer: Json, adapter = sample) => {
  const asked: Array<{ request: string; version: string | null; body: string }> = []
  const client = createClient(adapter({}), {
    transport: { retries: 0 },
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { pathname, search } = new URL(request.url)
      asked.push({
        request: `${request.method} ${pathname}${search}`,
        version: request.headers.get("x-version"),
        body: await request.text(),
      })
      return Response.json(answer)
    },
  })
  return { client, asked }
}

const row = { id: 7, at: 1_795_247_998_000, state: "ok", cause: "cron", by: "ada", fault: "" }
const page = { page: { runs: [row], count: 1 } }

describe("a request built from its route", () => {
  it("fills the parts in braces, and leaves them out of the parameters", async () => {
    const { client, asked } = reading(page)
    await client.page({ workflowId: "a/b \ud800", status: ["failed"], pageSize: 5 })
    expect(asked[0]).toEqual({
      request:
        "GET /api/flows/a%2Fb%20%EF%BF%BD/runs?state=bad&page=1&size=5&sort=desc&steps=false",
      version: "7",
      body: "",
    })
  })

  it("sends the parameters of the requested order", async () => {
    const { client, asked } = reading(page)
    await client.page({ workflowId: "w", order: "oldest" })
    expect(asked[0]?.request).toContain("sort=asc")
  })

  it("sends the parameters in the body of a POST", async () => {
    const { client, asked } = reading([row])
    await client.page({ providerStatus: "ok", pageSize: 5 })
    expect(asked[0]).toMatchObject({ request: "POST /api/runs/filter", version: "7" })
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({ word: "ok", page: 1, size: 5 })
  })

  it("fails before anything is sent when nothing fills a part of the route", async () => {
    const { detail: _, list, ...rest } = declared
    const adapter = Adapter.make({ ...rest, list: { ...list, route: "GET /flows/{flow}/runs" } })
    const { client, asked } = reading(page, adapter)
    const error = await failure(client.page({}))
    expect(error.message).toContain("nothing fills {flow} of GET /flows/{flow}/runs")
    expect(asked).toEqual([])
  })

  it("fills the id into the route of get", async () => {
    const { client, asked } = reading(row)
    await client.get("7")
    expect(asked[0]).toMatchObject({ request: "GET /api/runs/7?full=true", version: "7" })
  })

  it.each(["runs", "PUT /runs", "GET runs"])("rejects %j, which is not a route", (route) => {
    const get = { route }
    const { detail: _, ...rest } = declared
    expect(() => Adapter.make({ ...rest, get })).toThrow(`"${route}" is not a route`)
  })
})

it("passes a query that includes what get gives to the mapping of get", async () => {
  const { list, detail: _, ...rest } = declared
  const seen: Array<unknown> = []
  const get = {
    ...endpoint,
    route: "GET /runs/{id}",
    gives: ["inputs"] as const,
    toExecution: (run: typeof Run.Type, { query }: Given) => {
      seen.push([query.include, query.workflowId])
      return endpoint.toExecution(run)
    },
  }
  const { client } = reading(row, Adapter.make({ ...rest, list, get }))
  await client.get("7")
  expect(seen).toEqual([[["inputs"], null]])
})

describe("a listing time", () => {
  const listedAt = (time: Date | number) => {
    const { list, detail: _, ...rest } = declared
    const adapter = Adapter.make({
      ...rest,
      list: { ...list, time: { at: () => time, walk: "pages" } },
      get: { ...list, route: "GET /runs/{id}", listedAt: () => time },
    })
    const { list: endpoint, get } = adapter({})
    const decoded = endpoint.item(row)
    return [decoded.ok && decoded.at, get?.listedAt?.(row)]
  }

  it("may be a Date or milliseconds", () => {
    expect(listedAt(new Date(row.at))).toEqual([row.at, row.at])
    expect(listedAt(row.at)).toEqual([row.at, row.at])
  })

  it("may be a Date for an item of a sequence and for the start of folded events", () => {
    const { list, detail: _, ...rest } = declared
    const created = new Date(row.at)
    const fold = {
      merge: (items: readonly [typeof Run.Type, ...ReadonlyArray<typeof Run.Type>]) => items[0],
      isFirst: () => true,
      isLast: () => true,
      startedAt: () => created,
    }
    const time = { at: () => 7, isSequence: true, createdAt: () => created, walk: "pages" } as const
    const { list: endpoint } = Adapter.make({ ...rest, list: { ...list, time, fold } })({})
    expect(endpoint.item(row)).toMatchObject({ at: 7, createdAt: row.at })
    expect(endpoint.fold?.startedAt(row)).toBe(row.at)
  })
})

const declared = {
  id: "other",
  title: "Other",
  settings: { baseUrl: Setting.url("Address", { default: "https://sample.example/api" }) },
  auth: () => Auth.none,
  statuses,
  list: {
    ...endpoint,
    route: "GET /runs",
    filters: { workflowId: Filter.here, status: Filter.here },
    page: { items: "runs", more: "more", next: "links.next" },
  },
  detail: undefined,
} as const

describe("a page declared by the names of its fields", () => {
  it("reads the executions from the declared field", async () => {
    const { client } = reading(page)
    const read = await client.page({ workflowId: "w" })
    expect(read.executions.map(({ id }) => id)).toEqual(["7"])
  })

  it("fails and names the declared field when it holds no list", async () => {
    const { client } = reading({ page: { runs: "none" } })
    const error = await failure(client.page({ workflowId: "w" }))
    expect(error).toMatchObject({ reason: "Decode" })
    expect(error.message).toContain("page.runs")
  })

  it.each([
    [{ runs: [row] }, { items: [row], more: null, next: null, total: null }],
    [
      { runs: [], more: true, links: { next: "n" } },
      { items: [], more: true, next: "n", total: null },
    ],
    [
      { runs: [], more: null, links: null },
      { items: [], more: null, next: null, total: null },
    ],
  ])("reads %j as %j", (body, expected) => {
    const { detail: _, ...rest } = declared
    expect(Adapter.make(rest)({}).list.page(body)).toEqual({ ok: true, value: expected })
  })
})

it("reads a field whose name contains a dot", () => {
  const { detail: _, list, ...rest } = declared
  const page = { items: "value", next: ["@odata.nextLink"] }
  const adapter = Adapter.make({ ...rest, list: { ...list, page } })
  const read = adapter({}).list.page({ value: [], "@odata.nextLink": "n" })
  expect(read).toEqual({ ok: true, value: { items: [], more: null, next: "n", total: null } })
})

describe("a declared mapping", () => {
  it("maps triggers by the declared table, and gives no actor without an id and no error without a message", async () => {
    const { client } = reading({
      page: { runs: [row, { id: 8, at: row.at, cause: "toString", fault: "Broken" }] },
    })
    const { executions } = await client.page({ workflowId: "w" })
    expect(executions).toMatchObject([
      {
        trigger: { kind: "schedule", providerKind: "cron" },
        actor: { kind: "account", id: "ada", name: null, email: null },
        error: null,
      },
      {
        trigger: { kind: "unknown", providerKind: "toString" },
        actor: null,
        error: { message: "Broken" },
      },
    ])
  })

  it("maps the execution of get as that of the list, with its listing time", async () => {
    const { client } = reading(row)
    const execution = await client.get("7")
    expect(execution).toMatchObject({ id: "7", status: "succeeded", listedAt: new Date(row.at) })
  })

  it("gives get no listing time when the list goes by a number", () => {
    const { detail: _, list, ...rest } = declared
    const time = { at: () => 3, isSequence: true, walk: "pages" } as const
    const connection = Adapter.make({
      ...rest,
      list: { ...list, time },
      get: { route: "GET /{id}" },
    })
    expect(connection({}).get?.listedAt?.(row)).toBeNull()
  })
})

describe("an adapter that relies on the defaults of a declaration", () => {
  it.each<[LogQuery, string]>([
    [{ workflowId: "w", tag: "t" }, "its executions have no tags"],
    [{ workflowId: "w", search: "t" }, "it has no search"],
    [{ workflowId: "w", actorId: "t" }, "its log does not say who started an execution"],
  ])("rejects the query %j because %s", async (query, reason) => {
    const { client } = reading(page)
    expect(await failure(client.page(query))).toMatchObject({
      reason: "Unsupported",
      message: expect.stringContaining(reason),
    })
  })

  it("rejects an id of another shape, and names the expected shape", async () => {
    const { client, asked } = reading(row)
    const error = await failure(client.get("seven"))
    expect(error.message).toContain("it is not a number or a UUID")
    expect(asked).toEqual([])
  })

  it("throws when windows are declared for a list on a single page", () => {
    const list = {
      ...endpoint,
      route: "GET /runs",
      pagination: Pagination.single(),
      time: { ...endpoint.time, walk: "windows" },
      filters: {},
    } as const
    const { detail: _, ...rest } = declared
    expect(() => Adapter.make({ ...rest, list })).toThrow(
      "GET /runs: a walk by windows needs a listing time, more pages than one",
    )
  })

  it("throws when there is neither a setting baseUrl nor a declared address", () => {
    const { detail: _, settings: __, ...rest } = declared
    expect(() => Adapter.make({ ...rest, settings: {} })({})).toThrow("no setting baseUrl")
  })
})
