import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, Wire } from "../src/adapter.js"
import { createClient, type Execution, type LogQuery } from "../src/index.js"

const hour = 3_600_000

/** The time a number of hours ago. */
const at = (hours: number) => new Date(Date.now() - hours * hour).toISOString()

const Row = Schema.Struct({
  id: Wire.id,
  state: Schema.String,
  due: Wire.isoTime,
  began: Wire.maybe(Wire.isoTime),
  ended: Wire.maybe(Wire.isoTime),
})

/** A provider with planned executions, which lists by due time. */
const planner = Adapter.make({
  id: "planner",
  title: "Planner",
  settings: {},
  baseUrl: () => "http://127.0.0.1:9",
  auth: () => Auth.none,
  statuses: { due: "queued", on: "running", ok: "succeeded", bad: "failed", off: "canceled" },
  list: {
    route: "GET /rows",
    pagination: Pagination.offset({ offset: "skip", size: "size" }),
    maxPageSize: 10,
    time: {
      at: (row) => Wire.instant.iso(row.due),
      skew: 48 * hour,
      delay: () => 48 * hour,
      finish: {
        after: (instant) => ({ endedAfter: instant }),
        statuses: ["succeeded", "failed"],
      },
      listsPlanned: true,
      walk: "pages",
    },
    filters: () => ({ status: Filter.here }),
    request: ({ params }) => ({ method: "GET", path: "/rows", query: params }),
    page: Schema.Array(Schema.Unknown),
    info: (page) => ({ items: page }),
    item: Row,
    itemId: (row) => row.id,
    toExecution: (row) => ({
      id: row.id,
      providerStatus: row.state,
      scheduledFor: Wire.instant.iso(row.due),
      startedAt: Wire.instant.iso(row.began),
      finishedAt: Wire.instant.iso(row.ended),
    }),
  },
})

const rows = [
  { id: "planned", state: "due", due: at(-2) },
  { id: "canceled-ahead", state: "off", due: at(-1), ended: at(1) },
  { id: "late", state: "due", due: at(1) },
  { id: "dropped", state: "off", due: at(2) },
  { id: "crashed", state: "bad", due: at(3), ended: at(2) },
  { id: "fine", state: "ok", due: at(4), began: at(4), ended: at(3) },
  { id: "long", state: "bad", due: at(30), began: at(30), ended: at(0.5) },
  { id: "waited", state: "on", due: at(40), began: at(5) },
  { id: "old", state: "bad", due: at(60), ended: at(59) },
]

const asked: Array<URLSearchParams> = []
const client = createClient(planner({}), {
  fetch: async (url) => {
    const query = new URL(String(url)).searchParams
    asked.push(query)
    const after = Number(query.get("endedAfter") ?? Number.NEGATIVE_INFINITY)
    const found = rows.filter(
      ({ ended }) =>
        !query.has("endedAfter") || (ended !== undefined && Date.parse(ended) >= after),
    )
    const skip = Number(query.get("skip"))
    return Response.json(found.slice(skip, skip + Number(query.get("size"))))
  },
})

const found = async (query: LogQuery): Promise<ReadonlyArray<Execution>> => {
  const all: Array<Execution> = []
  for await (const execution of client.executions(query)) all.push(execution)
  return all
}

const ids = async (query: LogQuery) => (await found(query)).map(({ id }) => id)

describe("the timestamp of an execution", () => {
  it("sets the timestamp to the start, else to the end, else to the time when the execution was due", async () => {
    const times = (await found({ planned: true })).map(({ id, timestamp }) => [
      id,
      timestamp?.toISOString(),
    ])
    const row = (id: string) => rows.find((one) => one.id === id)
    expect(Object.fromEntries(times)).toEqual({
      planned: row("planned")?.due,
      "canceled-ahead": row("canceled-ahead")?.ended,
      late: row("late")?.due,
      dropped: row("dropped")?.due,
      crashed: row("crashed")?.ended,
      fine: row("fine")?.began,
      long: row("long")?.began,
      waited: row("waited")?.began,
      old: row("old")?.ended,
    })
  })

  it("selects what failed or was canceled before it started", async () => {
    expect(await ids({ since: "24h", status: ["failed", "canceled"] })).toEqual([
      "canceled-ahead",
      "dropped",
      "crashed",
    ])
  })

  it("filters by the end at the provider only when every requested status has an end", async () => {
    const sentFor = (status: LogQuery["status"]) => {
      const { filters } = client.explain({ since: "24h", status })
      return filters.find(({ filter }) => filter === "since")?.sent
    }
    expect(sentFor(["failed"])).toHaveProperty("endedAfter")
    expect(sentFor(["failed", "canceled"])).toEqual({})
  })

  it("selects what started long after it was due", async () => {
    expect(await ids({ since: "6h" })).toContain("waited")
  })

  it("selects the same executions whether the provider filters by end or by listing time", async () => {
    const all = await found({ since: "24h" })
    const failed = all.filter(({ status }) => status === "failed").map(({ id }) => id)
    expect(await ids({ since: "24h", status: ["failed"] })).toEqual(failed)
  })
})

describe("planned executions", () => {
  it("returns planned executions only when requested, and late ones always", async () => {
    expect(await ids({})).not.toContain("planned")
    expect(await ids({})).toContain("late")
    expect(await ids({ planned: true })).toContain("planned")
  })

  it("reports in the plan that execlog filters planned executions", () => {
    expect(client.explain({}).filters).toMatchObject([{ filter: "planned", answer: "execlog" }])
    expect(client.explain({ status: ["failed"] }).filters).toMatchObject([{ filter: "status" }])
  })
})

describe("the filter finishedSince", () => {
  it("returns executions that ended since finishedSince, whenever they began, as filtered by the provider", async () => {
    asked.length = 0
    expect(await ids({ finishedSince: "24h", status: ["failed"] })).toEqual(["crashed", "long"])
    expect(asked.every((query) => query.has("endedAfter"))).toBe(true)
  })

  it("fails with Unsupported when it would mean reading the whole history", async () => {
    const { time: _, ...list } = planner({}).list
    const blind = {
      ...planner({}),
      list: { ...list, time: { ...planner({}).list.time, finish: null } },
    }
    const plain = createClient(blind)
    expect(() => plain.explain({ finishedSince: "24h" })).toThrow(
      expect.objectContaining({
        reason: "Unsupported",
        subject: { kind: "query", name: "finishedSince" },
        hint: { code: "add_since", text: expect.any(String) },
      }),
    )
    expect(plain.explain({ finishedSince: "24h", since: "7d" }).filters).toContainEqual(
      expect.objectContaining({ filter: "finishedSince", answer: "execlog" }),
    )
  })
})
