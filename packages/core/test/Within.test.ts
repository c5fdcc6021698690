import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { Adapter, Auth, Filter, Join, Pagination, Wire } from "../src/adapter.js"
import type { TransportService } from "../src/effect.js"
import { createClient, type LogQuery } from "../src/index.js"
import { failure } from "./Failure.js"
import { changeTexts, followed } from "./FollowedHistory.js"
import { walkRuns } from "./WalkRuns.js"

const noon = 1_795_000_000_000

const Run = Schema.Struct({ id: Wire.id, at: Schema.Finite, project: Wire.id })
const Project = Schema.Struct({ id: Wire.id })

/** The most projects that one request can name. */
const most = 5

/** A provider whose list must be asked for with the ids of projects. */
const projects = Adapter.make({
  id: "projects",
  title: "Projects",
  settings: {},
  baseUrl: () => "http://127.0.0.1:9/api",
  auth: () => Auth.none,
  headers: () => ({ "x-version": "7" }),
  statuses: { ok: "succeeded" },
  list: {
    route: "POST /runs/search",
    within: Join.all({
      route: "POST /projects/search",
      most,
      when: ({ workflowId }) => workflowId === null,
      page: { rows: "projects", next: "next" },
      params: ({ token }) => (token === null ? {} : { token }),
      row: Project,
      id: (project) => project.id,
    }),
    params: ({ query, within }) => ({
      projects: query.workflowId === null ? [...within] : [query.workflowId],
    }),
    pagination: Pagination.cursor({ cursor: "token", size: "size" }),
    maxPageSize: 20,
    orders: { newest: { order: "newest" }, oldest: { order: "oldest" } },
    time: {
      at: (run) => run.at,
      before: (until) => ({ until }),
      after: (since) => ({ since }),
      walk: "windows",
    },
    filters: { workflowId: Filter.provider(() => ({})), status: Filter.here },
    byIds: { most: 10, params: (ids) => ({ ids: [...ids] }) },
    page: { items: "runs", next: "token" },
    item: Run,
    itemId: (run) => run.id,
    toExecution: (run) => ({
      id: run.id,
      providerStatus: "ok",
      workflow: { id: run.project },
      startedAt: new Date(run.at),
      finishedAt: null,
    }),
  },
  get: {
    route: "GET /runs/{id}",
    item: Run,
    toExecution: (run) => ({
      id: run.id,
      providerStatus: "ok",
      startedAt: new Date(run.at),
      finishedAt: null,
    }),
  },
})

interface Held {
  projects: ReadonlyArray<string>
  runs: ReadonlyArray<typeof Run.Type>
}

const runsOf = (projectIds: ReadonlyArray<string>, count: number): Held["runs"] =>
  Array.from({ length: count }, (_, index) => ({
    id: `run-${index}`,
    at: noon - Math.floor(index / 3) * 1000,
    project: projectIds[index % projectIds.length] ?? "",
  }))

interface Answered {
  readonly status?: number
  readonly headers?: { readonly [name: string]: string }
  readonly body: unknown
}

/** A client of a server, and the requests that it received. */
const serverOf = (
  held: Held,
  intercept: (path: string, count: number) => Answered | null = () => null,
) => {
  const asked: Array<string> = []
  const bodies: Array<{ readonly [name: string]: unknown }> = []
  const answer = (
    method: string,
    url: string,
    headers: Headers,
    text: string | null | undefined,
  ): Answered => {
    const path = new URL(url).pathname.replace("/api", "")
    asked.push(`${method} ${path}`)
    const body = text ? JSON.parse(text) : {}
    bodies.push({ ...body, version: headers.get("x-version") })
    const other = intercept(path, asked.length)
    if (other !== null) return other
    const begin = Number(body.token ?? 0)
    if (path === "/projects/search") {
      // Two on each page.
      const end = begin + 2
      return {
        body: {
          projects: held.projects.slice(begin, end).map((id) => ({ id })),
          next: end < held.projects.length ? String(end) : "",
        },
      }
    }
    if (path !== "/runs/search") {
      const run = held.runs.find(({ id }) => path.endsWith(`/${id}`))
      return run === undefined ? { status: 404, body: {} } : { body: run }
    }
    if (body.projects.length === 0) return { status: 400, body: { message: "no projects" } }
    const matching = held.runs
      .filter(
        ({ id, at, project }) =>
          body.projects.includes(project) &&
          (body.ids ?? [id]).includes(id) &&
          at <= (body.until ?? at) &&
          at >= (body.since ?? at),
      )
      .toSorted((a, b) => (body.order === "oldest" ? a.at - b.at : b.at - a.at))
    const end = begin + (body.size ?? 20)
    return {
      body: {
        runs: matching.slice(begin, end),
        token: end < matching.length ? String(end) : null,
      },
    }
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const { method, url, headers } = request
    const { body, ...rest } = answer(method, url, headers, await request.text())
    return Response.json(body, rest)
  }
  const transport: TransportService = {
    exchange: ({ method, url, headers, body: sent }) =>
      Effect.sync(() => {
        const { body, ...rest } = answer(method, url, new Headers(headers), sent)
        return { status: 200, headers: {}, ...rest, body: JSON.stringify(body) }
      }),
  }
  return { asked, bodies, transport, client: createClient(projects({}), { fetch }) }
}

const three = ["a", "b", "c"]
const isProjects = (one: string) => one === "POST /projects/search"

describe("a list that is requested with the ids of another endpoint", () => {
  it("requests all ids once for a walk, before its first page, and sends them with every page", async () => {
    const { client, asked, bodies } = serverOf({ projects: three, runs: runsOf(three, 12) })
    const ids: Array<string> = []
    for await (const { id } of client.executions({ pageSize: 4 })) ids.push(id)
    expect(ids).toHaveLength(12)
    expect(asked.slice(0, 3)).toEqual([
      "POST /projects/search",
      "POST /projects/search",
      "POST /runs/search",
    ])
    expect(asked.filter(isProjects)).toHaveLength(2)
    expect(asked.length).toBeGreaterThan(5)
    for (const body of bodies.slice(2)) expect(body["projects"]).toEqual(three)
    expect(bodies.map(({ version }) => version)).toEqual(asked.map(() => "7"))
  })

  it("requests the ids anew when a cursor is resumed", async () => {
    const held: Held = { projects: ["a"], runs: runsOf(["a", "b"], 12) }
    const { client, bodies } = serverOf(held)
    const { next } = await client.page({ pageSize: 4 })
    held.projects = ["a", "b"]
    await client.page({ pageSize: 4 }, next)
    expect(bodies.flatMap(({ projects }) => (projects === undefined ? [] : [projects]))).toEqual([
      ["a"],
      ["a", "b"],
    ])
  })

  it("does not request ids for a query that needs none", async () => {
    const { client, asked } = serverOf({ projects: three, runs: runsOf(three, 12) })
    const { executions } = await client.page({ workflowId: "b" })
    expect(executions.map(({ workflow }) => workflow.id)).toEqual(["b", "b", "b", "b"])
    expect(asked).toEqual(["POST /runs/search"])
  })

  it("returns an empty list without requesting it when there are no ids", async () => {
    const { client, asked } = serverOf({ projects: [], runs: [] })
    expect(await client.page()).toMatchObject({ executions: [], next: null, total: 0 })
    for await (const _ of client.executions()) continue
    expect(asked).toEqual(["POST /projects/search", "POST /projects/search"])
  })

  it("fails with the refusal of the endpoint of the ids, and does not request the list", async () => {
    const { client, asked } = serverOf({ projects: three, runs: [] }, (path) =>
      path === "/projects/search" ? { status: 403, body: { message: "not yours" } } : null,
    )
    expect(await failure(client.page())).toMatchObject({
      reason: "Permission",
      status: 403,
      message: expect.stringMatching(/POST \/projects\/search with 403: not yours/),
    })
    expect(asked).toEqual(["POST /projects/search"])
  })

  it("does not request the list with less when the request for the ids is invalid", async () => {
    const { client, asked } = serverOf({ projects: three, runs: [] }, (path) =>
      path === "/projects/search" ? { status: 400, body: {} } : null,
    )
    const error = await failure(client.page({ pageSize: 10 }))
    expect(error).toMatchObject({ reason: "InvalidQuery", status: 400 })
    expect(asked).toEqual(["POST /projects/search"])
  })

  it("fails with Unsupported, naming both endpoints, when one request cannot name all ids", async () => {
    const many = Array.from({ length: most + 1 }, (_, index) => `p-${index}`)
    const { client, asked } = serverOf({ projects: many, runs: [] })
    expect(await failure(client.page())).toMatchObject({
      reason: "Unsupported",
      message:
        "Projects has 6 ids in POST /projects/search; one request of POST /runs/search can name 5.",
      hint: { code: "report" },
    })
    expect(asked.every(isProjects)).toBe(true)
  })

  it("fails when the token of the ids repeats, because ids would be missing", async () => {
    const { client } = serverOf({ projects: three, runs: [] }, (path) =>
      path === "/projects/search" ? { body: { projects: [{ id: "a" }], next: "0" } } : null,
    )
    expect(await failure(client.page())).toMatchObject({
      reason: "Decode",
      message: expect.stringContaining(
        "POST /projects/search but returned the token of the current page",
      ),
    })
  })

  it("fails when the row of an id is not readable, because what it contains would be missing", async () => {
    const { client } = serverOf({ projects: three, runs: runsOf(three, 12) }, (path) =>
      path === "/projects/search"
        ? { body: { projects: [{ id: "a" }, { name: "no id" }], next: null } }
        : null,
    )
    expect(await failure(client.page())).toMatchObject({
      reason: "Decode",
      message:
        "Projects answered POST /projects/search with a row that could not be read: id: Missing key.",
    })
  })

  it("retries the request for the ids", async () => {
    const { client, asked } = serverOf({ projects: ["a"], runs: runsOf(["a"], 2) }, (_, count) =>
      count === 1 ? { status: 503, headers: { "retry-after": "0" }, body: {} } : null,
    )
    expect((await client.page()).executions).toHaveLength(2)
    expect(asked.filter(isProjects)).toHaveLength(2)
  })

  it("names the request for the ids in the plan, unless the query needs none", () => {
    const { client } = serverOf({ projects: [], runs: [] })
    expect(client.explain().notes).toContainEqual({
      code: "initial_requests",
      text: "Each walk also takes one or more requests to POST /projects/search.",
    })
    const codes = client.explain({ workflowId: "a" }).notes.map(({ code }) => code)
    expect(codes).not.toContain("initial_requests")
  })

  it("returns one execution without requesting ids", async () => {
    const { client, asked } = serverOf({ projects: three, runs: runsOf(three, 3) })
    expect((await client.get("run-1")).id).toBe("run-1")
    expect(asked).toEqual(["GET /runs/run-1"])
  })

  it("requests the ids once for many executions by their ids", async () => {
    const { client, asked } = serverOf({ projects: ["a"], runs: runsOf(["a"], 30) })
    const ids = Array.from({ length: 25 }, (_, index) => `run-${index}`)
    const { executions } = await client.getMany([...ids, "run-99"])
    expect(executions.map(({ id }) => id)).toEqual(ids)
    expect(asked.filter(isProjects)).toHaveLength(1)
    expect(asked.filter((one) => one === "POST /runs/search").length).toBeGreaterThan(2)
  })

  it("requests executions one by one when there are no ids to list within", async () => {
    const { client, asked } = serverOf({ projects: [], runs: [] })
    expect((await client.getMany(["run-1"])).absent).toEqual(["run-1"])
    expect(asked).toEqual(["POST /projects/search", "GET /runs/run-1"])
  })

  it.effect("reports what is listed in a project that appears while a log is followed", () =>
    Effect.gen(function* () {
      const held: Held = { projects: [], runs: [] }
      const { transport } = serverOf(held)
      const { changes } = yield* followed(projects({}), transport, [
        (now) => {
          held.runs = [{ id: "seen", at: now, project: "a" }]
          held.projects = ["a"]
        },
        (now) => {
          held.runs = [...held.runs, { id: "seen too", at: now, project: "b" }]
          held.projects = ["a", "b"]
        },
      ])
      expect(changeTexts(changes)).toEqual(["seen succeeded", "seen too succeeded"])
    }),
  )
})

describe.each(["newest", "oldest"] as const)("a walk within ids, %s first", (order) => {
  it("returns what filtering in memory would, in parallel or resumed anywhere", async () => {
    const rows = fc.array(
      fc.record({ second: fc.nat({ max: 9 }), project: fc.constantFrom("a", "b", "c", "hidden") }),
      { maxLength: 50 },
    )
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.subarray(["a", "b", "c"]),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1, 4),
        fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined }),
        async (made, visible, pageSize, parallelWindows, limit) => {
          const runs = made.map(({ second, project }, index) => ({
            id: `run-${index}`,
            at: noon + second * 1000,
            project,
          }))
          const { client } = serverOf({ projects: visible, runs })
          const query: LogQuery = { order, pageSize }
          const ids: Array<string> = []
          let cursor: string | undefined
          for (let isOver = false; !isOver;) {
            isOver = true
            const options = { parallelWindows, cursor, ...(limit === undefined ? {} : { limit }) }
            for await (const entry of client.entries(query, options)) {
              isOver = limit === undefined
              ids.push(entry.execution.id)
              cursor = entry.cursor()
            }
          }
          const expected = runs.filter(({ project }) => visible.includes(project))
          expect(ids.toSorted()).toEqual(expected.map(({ id }) => id).toSorted())
        },
      ),
      walkRuns(1000),
    )
  })
})
