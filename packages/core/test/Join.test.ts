import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Join, Pagination, Wire } from "../src/adapter.js"
import { createClient } from "../src/index.js"
import { failure } from "./Failure.js"

const Execution = Schema.Struct({ id: Wire.id, at: Schema.Finite, flow: Schema.String })
const Flow = Schema.Struct({ id: Wire.id, name: Schema.String })
const Task = Schema.Struct({ id: Wire.id, of: Wire.id })
const Rows = Schema.Array(Schema.Unknown)

/** A provider with separate endpoints for the names of workflows and for steps. */
const joining = Adapter.make({
  id: "joining",
  title: "Joining",
  settings: {},
  baseUrl: () => "http://127.0.0.1:9/api",
  auth: () => Auth.none,
  statuses: { ok: "succeeded" },
  joins: {
    flows: Join.make({
      route: "GET /flows",
      maxKeys: 3,
      request: ({ keys, offset }) => ({ method: "GET", path: "/flows", query: { keys, offset } }),
      page: Rows,
      rows: (page) => page,
      row: Flow,
      id: (flow) => flow.id,
    }),
    tasks: Join.make({
      route: "POST /tasks",
      maxKeys: 50,
      request: ({ keys, offset }) => ({ method: "POST", path: "/tasks", body: { keys, offset } }),
      page: Rows,
      rows: (page) => page,
      row: Task,
      id: (task) => task.id,
      key: (task) => task.of,
    }),
  },
  list: {
    route: "GET /executions",
    pagination: Pagination.single(),
    maxPageSize: 50,
    gives: ["steps"],
    time: { at: (execution) => execution.at, walk: "pages" },
    filters: () => ({ workflowId: Filter.here, status: Filter.here }),
    request: ({ params }) => ({ method: "GET", path: "/executions", query: params }),
    page: Rows,
    info: (page) => ({ items: page }),
    item: Execution,
    itemId: (execution) => execution.id,
    byIds: { most: 20, params: (ids) => ({ ids: ids.join(",") }) },
    joins: {
      flows: { keys: (execution) => [execution.flow] },
      tasks: {
        when: (query) => query.include.includes("steps"),
        keys: (execution) => [execution.id],
      },
    },
    toExecution: (execution, { joined }) => ({
      id: execution.id,
      providerStatus: "ok",
      startedAt: new Date(execution.at),
      finishedAt: null,
      workflow: { id: execution.flow, name: joined.flows(execution.flow)?.[0]?.name ?? null },
      attributes: { tasks: joined.tasks(execution.id)?.map(({ id }) => id) },
    }),
  },
  get: {
    route: "GET /executions/{id}",
    request: ({ id }) => ({ method: "GET", path: `/executions/${id}` }),
    item: Execution,
    joins: { tasks: { keys: (execution) => [execution.id] } },
    toExecution: (execution, { joined }) => ({
      id: execution.id,
      providerStatus: "ok",
      startedAt: new Date(execution.at),
      finishedAt: null,
      attributes: { tasks: joined.tasks(execution.id)?.map(({ id }) => id) },
    }),
  },
})

const began = Date.parse("2026-11-21T08:00:00Z")

interface WindowBody {
  readonly since?: number
  readonly until?: number
  readonly skip: number
  readonly size: number
}

const Row = Schema.Struct({ id: Wire.id, at: Schema.Finite })

/** A provider that lists by windows, with all parameters in the body. */
const joiningByWindows = Adapter.make({
  id: "joining",
  title: "Joining",
  settings: {},
  baseUrl: () => "http://127.0.0.1:9/api",
  auth: () => Auth.none,
  statuses: { ok: "succeeded" },
  joins: {
    names: Join.make({
      route: "POST /names",
      maxKeys: 50,
      isUnique: true,
      request: ({ keys }) => ({ method: "POST", path: "/names", body: { keys } }),
      page: Rows,
      rows: (page) => page,
      row: Flow,
      id: (name) => name.id,
      key: (name) => name.id,
    }),
  },
  list: {
    route: "POST /rows",
    pagination: Pagination.offset({ offset: "skip", size: "size" }),
    maxPageSize: 50,
    time: {
      at: (row) => row.at,
      before: (instant) => ({ until: instant }),
      after: (instant) => ({ since: instant }),
      walk: "windows",
    },
    filters: () => ({}),
    request: ({ params }) => ({ method: "POST", path: "/rows", body: params }),
    page: Rows,
    info: (page) => ({ items: page }),
    item: Row,
    itemId: (row) => row.id,
    joins: { names: { keys: (row) => [row.id] } },
    toExecution: (row, { joined }) => ({
      id: row.id,
      providerStatus: "ok",
      startedAt: new Date(row.at),
      finishedAt: null,
      workflow: { name: joined.names(row.id)?.[0]?.name ?? null },
    }),
  },
})

interface Held {
  readonly executions: ReadonlyArray<{ readonly id: string }>
  readonly flows: ReadonlyArray<{ readonly id: string; readonly name: string }>
  readonly tasks: ReadonlyArray<{ readonly id: string; readonly of: string }>
  /** The largest page of a join. */
  readonly pageSize: number
}

/** A server with this data, and the requests it received. */
const serverOf = (held: Held) => {
  const asked: Array<{ readonly path: string; readonly keys: ReadonlyArray<string> }> = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(String(input))
    const path = url.pathname.replace("/api", "")
    if (path === "/executions") return Response.json(held.executions)
    if (path.startsWith("/executions/"))
      return Response.json(held.executions.find(({ id }) => path.endsWith(`/${id}`)))
    const body: { keys: ReadonlyArray<string>; offset: number } =
      path === "/tasks"
        ? JSON.parse(String(init?.body))
        : {
            keys: JSON.parse(url.searchParams.get("keys") ?? ""),
            offset: Number(url.searchParams.get("offset")),
          }
    asked.push({ path, keys: body.keys })
    const rows =
      path === "/tasks"
        ? held.tasks.filter(({ of }) => body.keys.includes(of))
        : held.flows.filter(({ id }) => body.keys.includes(id))
    return Response.json(rows.slice(body.offset, body.offset + held.pageSize))
  }
  return { asked, fetch, client: createClient(joining({}), { fetch }) }
}

const executions = ["one", "two", "three"].map((id, index) => ({
  id,
  at: began - index * 1000,
  flow: index === 2 ? "gone" : "orders",
}))
const flows = [{ id: "orders", name: "Orders" }]
const tasks = ["a", "b", "c", "d", "e"].map((id, index) => ({
  id,
  of: index < 4 ? "one" : "two",
}))

describe("data joined from another endpoint", () => {
  it("requests the join once for a whole page, naming each key once", async () => {
    const { asked, client } = serverOf({ executions, flows, tasks, pageSize: 10 })
    const page = await client.page()
    expect(page.executions.map(({ workflow }) => workflow.name)).toEqual(["Orders", "Orders", null])
    // Requested again, because one flow was not found: it may be on another page.
    expect(asked).toEqual([
      { path: "/flows", keys: ["orders", "gone"] },
      { path: "/flows", keys: ["orders", "gone"] },
    ])
  })

  it("requests a join only when the query needs it, and says so in the plan", async () => {
    const { asked, client } = serverOf({ executions, flows, tasks, pageSize: 10 })
    const without = await client.page()
    expect(without.executions[0]?.attributes).toEqual({})
    expect(asked.some(({ path }) => path === "/tasks")).toBe(false)
    expect(JSON.stringify(client.explain().notes)).not.toContain("/tasks")
    const page = await client.page({ include: ["steps"] })
    expect(page.executions.map(({ attributes }) => attributes)).toEqual([
      { tasks: ["a", "b", "c", "d"] },
      { tasks: ["e"] },
      { tasks: [] },
    ])
    expect(client.explain({ include: ["steps"] }).notes).toContainEqual({
      code: "extra_requests",
      text: "Each page also takes one or more requests to POST /tasks.",
    })
  })

  it("returns all joined rows, whatever the size of their pages", async () => {
    const row = fc.record({ of: fc.constantFrom("one", "two", "three") })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.integer({ min: 1, max: 8 }),
        async (rows, pageSize) => {
          const made = rows.map(({ of }, index) => ({ id: `task-${index}`, of }))
          const { client } = serverOf({ executions, flows, tasks: made, pageSize })
          const page = await client.page({ include: ["steps"] })
          expect(page.executions.map(({ attributes }) => attributes["tasks"])).toEqual(
            executions.map(({ id }) => made.filter(({ of }) => of === id).map((task) => task.id)),
          )
        },
      ),
      { numRuns: 50 },
    )
  })

  it("returns every remaining row when others are deleted while the pages of a join are read", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 70 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 1, max: 3 }),
        async (pageSize, deleted, place, when) => {
          const made = Array.from({ length: 200 }, (_, index) => ({ id: `t-${index}`, of: "one" }))
          const held = { executions, flows, tasks: made, pageSize }
          const server = serverOf(held)
          const client = createClient(joining({}), {
            fetch: async (input, init) => {
              const answer = await server.fetch(input, init)
              const pages = server.asked.filter(({ path }) => path === "/tasks").length
              if (pages === when) held.tasks = made.toSpliced(place, deleted)
              return answer
            },
          })
          const page = await client.page({ include: ["steps"] })
          const ids = page.executions[0]?.attributes["tasks"]
          const left = made.toSpliced(place, deleted).map(({ id }) => id)
          expect(ids).toEqual(expect.arrayContaining(left))
        },
      ),
      { numRuns: 100 },
    )
  })

  it("joins each execution with its rows when windows are read in parallel", async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      id: `row-${index}`,
      at: began + index * 1000,
    }))
    const client = createClient(joiningByWindows({}), {
      fetch: async (input, init) => {
        if (String(input).endsWith("/names")) {
          const { keys }: { keys: ReadonlyArray<string> } = JSON.parse(String(init?.body))
          return Response.json(keys.map((id) => ({ id, name: `Name of ${id}` })))
        }
        const { since, until, skip, size }: WindowBody = JSON.parse(String(init?.body))
        const listed = rows
          .filter(({ at }) => at >= (since ?? 0) && at <= (until ?? Number.MAX_VALUE))
          .toReversed()
        return Response.json(listed.slice(skip, skip + size))
      },
    })
    const names: Array<string | null> = []
    for await (const page of client.pages({ pageSize: 5 }, { parallelWindows: 4 })) {
      names.push(...page.executions.map(({ workflow }) => workflow.name))
    }
    expect(names).toEqual(rows.toReversed().map(({ id }) => `Name of ${id}`))
  })

  it("splits the keys into several requests when there are more than one request may name", async () => {
    const many = Array.from({ length: 8 }, (_, index) => ({
      id: `execution-${index}`,
      at: began - index,
      flow: `flow-${index}`,
    }))
    const named = many.map(({ flow }) => ({ id: flow, name: `Name of ${flow}` }))
    const { asked, client } = serverOf({ executions: many, flows: named, tasks, pageSize: 10 })
    const page = await client.page()
    expect(asked.map(({ keys }) => keys.length)).toEqual([3, 3, 2])
    expect(page.executions.map(({ workflow }) => workflow.name)).toEqual(
      named.map(({ name }) => name),
    )
  })

  it("rejects an unreadable joined row alone, and returns all executions", async () => {
    const client = createClient(joining({}), {
      fetch: async (input) => {
        const { pathname } = new URL(String(input))
        if (pathname.endsWith("/tasks")) return Response.json([{ id: "f" }, ...tasks])
        return Response.json(pathname.endsWith("/flows") ? flows : executions)
      },
    })
    const page = await client.page({ include: ["steps"] })
    expect(page.executions.map(({ attributes }) => attributes["tasks"])).toEqual([
      ["a", "b", "c", "d"],
      ["e"],
      [],
    ])
    expect(page.rejected).toEqual([
      expect.objectContaining({ id: "f", index: 3, isJoined: true, raw: { id: "f" } }),
    ])
    expect(page.rejected[0]?.reason).toMatch(/^POST \/tasks: of:/)
  })

  /** A client of a server with another response at the endpoint of flows or tasks. */
  const over = (path: string, answer: (keys: ReadonlyArray<string>) => Response) => {
    const asked: Array<ReadonlyArray<string>> = []
    const held = serverOf({ executions, flows, tasks, pageSize: 10 })
    const client = createClient(joining({}), {
      transport: { retries: 0 },
      fetch: async (input, init) => {
        const url = new URL(String(input))
        if (!url.pathname.endsWith(path)) return held.fetch(input, init)
        const { keys }: { keys: ReadonlyArray<string> } = JSON.parse(
          String(init?.body ?? `{"keys":${url.searchParams.get("keys")}}`),
        )
        asked.push(keys)
        return answer(keys)
      },
    })
    return { asked, client }
  }

  it.each([
    [403, "Permission"],
    [404, "NotFound"],
    [422, "InvalidQuery"],
    [503, "Unavailable"],
  ])("omits a join that is answered with %i, with a warning that names it", async (status) => {
    const names = await over("/flows", () => Response.json({}, { status })).client.page()
    expect(names.executions.map(({ workflow }) => workflow)).toEqual([
      { id: "orders", name: null, version: null },
      { id: "orders", name: null, version: null },
      { id: "gone", name: null, version: null },
    ])
    expect(names.warnings).toEqual([
      {
        code: "join_failed",
        subject: { kind: "endpoint", name: "GET /flows" },
        about: [expect.any(String), status],
        text: expect.stringMatching(new RegExp(`GET /flows.*${status}`)),
      },
    ])
    const { client } = over("/tasks", () => Response.json({}, { status }))
    const steps = await client.page({ include: ["steps"] })
    // Absent, which differs from an empty list.
    expect(steps.executions.map(({ attributes }) => attributes)).toEqual([{}, {}, {}])
    expect(steps.executions.map(({ workflow }) => workflow.name)).toEqual([
      "Orders",
      "Orders",
      null,
    ])
    expect(steps.warnings.map(({ text }) => text)).toEqual([
      expect.stringMatching(new RegExp(`POST /tasks.*${status}`)),
    ])
  })

  it("names only the request that timed out when several joins run in parallel", async () => {
    let asked = 0
    const silent: typeof globalThis.fetch = (_, init) =>
      new Promise((_resolve, reject) =>
        init?.signal?.addEventListener("abort", () => reject(new Error("aborted"))),
      )
    const held = serverOf({ executions, flows, tasks, pageSize: 10 })
    const client = createClient(joining({}), {
      transport: { retries: 100, deadlineMs: 1500, timeoutMs: 30_000 },
      fetch: (input, init) => {
        const url = String(input)
        if (url.includes("/flows")) {
          asked += 1
          const isFirst = asked === 1
          return isFirst
            ? Promise.resolve(Response.json({}, { status: 503 }))
            : held.fetch(input, init)
        }
        return url.includes("/tasks") ? silent(input, init) : held.fetch(input, init)
      },
    })
    const error = await failure(client.page({ include: ["steps"] }))
    expect(error.reason).toBe("Timeout")
    expect(asked).toBeGreaterThan(1)
    expect(error.message).toContain("no page for POST /tasks within 1.5 seconds")
    expect(error.message).not.toContain("/flows")
  })

  it.each([
    [
      "asks to wait for an hour",
      () => Response.json({}, { status: 429, headers: { "retry-after": "3600" } }),
    ],
    ["does not answer", () => new Promise<Response>(() => {})],
  ])("keeps the deadline of page and getMany when the endpoint of a join %s", async (_, answer) => {
    const held = serverOf({ executions, flows, tasks, pageSize: 10 })
    const make = () =>
      createClient(joining({}), {
        transport: { retries: 100, deadlineMs: 300, timeoutMs: 100 },
        fetch: async (input, init) =>
          String(input).includes("/flows") ? answer() : held.fetch(input, init),
      })
    const page = await failure(make().page())
    expect(["RateLimited", "Timeout"]).toContain(page.reason)
    const got = await make().getMany(["one", "two"])
    expect([
      ...got.executions.map(({ id }) => id),
      ...got.failures.map(({ id }) => id),
      ...got.unasked,
    ]).toEqual(["one", "two"])
  })

  it("omits a join whose response is not a list of rows, with a warning", async () => {
    const page = await over("/flows", () => Response.json({ detail: "no" })).client.page()
    expect(page.executions).toHaveLength(3)
    expect(page.warnings[0]?.text).toContain("GET /flows with data that is not a page")
  })

  it("fails the page when a join is answered with 401", async () => {
    const { client } = over("/flows", () => Response.json({}, { status: 401 }))
    await expect(client.page()).rejects.toMatchObject({
      reason: "Authentication",
      message: expect.stringContaining("GET /flows"),
    })
  })

  it("retries a join that fails on every page only on the first one, and warns once", async () => {
    let asked = 0
    const many = Array.from({ length: 20 }, (_, index) => ({
      id: `row-${index}`,
      at: began - index,
    }))
    const client = createClient(joiningByWindows({}), {
      transport: { retries: 1 },
      fetch: async (input, init) => {
        if (String(input).endsWith("/names")) {
          asked += 1
          return Response.json({}, { status: 500 })
        }
        const { until, skip, size }: WindowBody = JSON.parse(String(init?.body))
        const listed = many.filter(({ at }) => at <= (until ?? Number.MAX_VALUE))
        return Response.json(listed.slice(skip, skip + size))
      },
    })
    const warnings: Array<string> = []
    let pages = 0
    for await (const page of client.pages({ pageSize: 6 })) {
      warnings.push(...page.warnings.map(({ text }) => text))
      if (page.executions.length > 0) pages += 1
    }
    expect(pages).toBeGreaterThan(2)
    expect(asked).toBe(pages + 1)
    expect(warnings).toEqual([expect.stringContaining("POST /names")])
  })

  it("does not request a rejected join again in the walk or after its cursor", async () => {
    const paths: Array<string> = []
    const many = Array.from({ length: 20 }, (_, index) => ({
      id: `row-${index}`,
      at: began - index * 1000,
    }))
    const fetch: typeof globalThis.fetch = async (input, init) => {
      paths.push(new URL(String(input)).pathname)
      if (paths.at(-1)?.endsWith("/names")) return Response.json({}, { status: 403 })
      const { until, skip, size }: WindowBody = JSON.parse(String(init?.body))
      const listed = many.filter(({ at }) => at <= (until ?? Number.MAX_VALUE))
      return Response.json(listed.slice(skip, skip + size))
    }
    const client = createClient(joiningByWindows({}), { fetch })
    const warnings: Array<string> = []
    const ids: Array<string> = []
    for await (const page of client.pages({ pageSize: 5 })) {
      warnings.push(...page.warnings.map(({ text }) => text))
      ids.push(...page.executions.map(({ id }) => id))
    }
    expect(ids).toHaveLength(20)
    expect(warnings).toHaveLength(1)
    const first = await client.page({ pageSize: 5 })
    await client.page({ pageSize: 5 }, first.next)
    expect(paths.filter((path) => path.endsWith("/names"))).toHaveLength(2)
  })

  it("halves the keys of a request when the server rejects so many", async () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      id: `execution-${index}`,
      at: began - index,
      flow: "orders",
    }))
    const asked: Array<number> = []
    const client = createClient(joining({}), {
      fetch: async (input, init) => {
        const url = String(input)
        if (url.includes("/flows")) return Response.json(flows)
        if (!url.endsWith("/tasks")) return Response.json(many)
        const { keys, offset }: { keys: ReadonlyArray<string>; offset: number } = JSON.parse(
          String(init?.body),
        )
        if (offset === 0) asked.push(keys.length)
        if (keys.length > 12) return Response.json({}, { status: 422 })
        return Response.json(keys.map((key) => ({ id: `task of ${key}`, of: key })).slice(offset))
      },
    })
    const page = await client.page({ include: ["steps"] })
    expect(page.executions.map(({ attributes }) => attributes["tasks"])).toEqual(
      many.map(({ id }) => [`task of ${id}`]),
    )
    expect(asked).toEqual([40, 1, 20, 10, 10, 10, 10])
    expect(page.warnings.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^POST \/tasks rejected .* at most 10 are requested/),
    ])
  })

  it("returns one execution without a join that fails, with a warning", async () => {
    const { client } = over("/tasks", () => Response.json({}, { status: 403 }))
    const warnings: Array<string> = []
    const execution = await client.get("one", { onWarning: ({ text }) => warnings.push(text) })
    expect(execution).toMatchObject({ id: "one", attributes: {} })
    expect(warnings).toEqual([expect.stringMatching(/POST \/tasks.*403/)])
  })

  it("fails reread when a join fails, so that it can be repeated", async () => {
    const { client } = over("/flows", () => Response.json({}, { status: 403 }))
    await expect(client.reread([executions[0] ?? null])).rejects.toMatchObject({
      reason: "Permission",
    })
  })

  it("returns one execution with its joined rows", async () => {
    const { client } = serverOf({ executions, flows, tasks, pageSize: 10 })
    expect((await client.get("one")).attributes).toEqual({ tasks: ["a", "b", "c", "d"] })
  })

  it("fails get when a joined row is not readable", async () => {
    const client = createClient(joining({}), {
      fetch: async (input) =>
        String(input).endsWith("/tasks")
          ? Response.json([{ id: "f" }])
          : Response.json(executions[0]),
    })
    await expect(client.get("one")).rejects.toMatchObject({
      reason: "Decode",
      message: expect.stringContaining("POST /tasks: of:"),
    })
  })

  it("requests joins in reread only for the items that are readable", async () => {
    const { asked, client } = serverOf({ executions, flows, tasks, pageSize: 10 })
    const [first, third] = [executions[0] ?? null, executions[2] ?? null]
    const read = await client.reread([{ id: "x" }, first, third], { include: ["steps"] })
    expect(read).toMatchObject([
      { ok: false, reason: expect.stringContaining("at") },
      { execution: { workflow: { name: "Orders" }, attributes: { tasks: ["a", "b", "c", "d"] } } },
      { execution: { workflow: { name: null }, attributes: { tasks: [] } } },
    ])
    expect(asked.find(({ path }) => path === "/tasks")?.keys).toEqual(["one", "three"])
    asked.length = 0
    await client.reread([{ id: "x" }])
    expect(asked).toEqual([])
  })
})

it.each<[boolean, object]>([
  [true, {}],
  [false, { isUnique: false }],
  [false, { key: (flow: typeof Flow.Type) => flow.name }],
  [true, { key: (flow: typeof Flow.Type) => flow.name, isUnique: true }],
])("has one row for a key: %s, with %j", (isUnique, more) => {
  const flows = { route: "GET /flows", maxKeys: 3, params: () => ({}), row: Flow } as const
  const join = Join.make({ ...flows, id: (flow) => flow.id, ...more })
  expect(join.isUnique).toBe(isUnique)
})
