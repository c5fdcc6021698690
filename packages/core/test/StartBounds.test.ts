import * as Schema from "effect/Schema"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, Wire } from "../src/adapter.js"
import { createClient } from "../src/index.js"

const Row = Schema.Struct({
  id: Wire.id,
  planned: Schema.Finite,
  started: Wire.maybe(Schema.Finite),
})

/** A provider that lists by planned time and filters by start, with the given tick. */
const planning = (tick: number) =>
  Adapter.make({
    id: "planning",
    title: "Planning",
    settings: {},
    baseUrl: () => "http://127.0.0.1:9",
    auth: () => Auth.none,
    statuses: { ok: "succeeded" },
    list: {
      route: "POST /rows",
      pagination: Pagination.offset({ offset: "skip", size: "size" }),
      maxPageSize: 10,
      time: {
        at: (row) => row.planned,
        tick,
        before: (instant) => ({ planned: { until: instant + tick - 1 } }),
        after: (instant) => ({ planned: { since: instant } }),
        start: {
          statuses: ["succeeded"],
          before: (instant) => ({ started: { until: instant + tick - 1 } }),
          after: (instant) => ({ started: { since: instant } }),
        },
        skew: null,
        walk: "windows",
      },
      filters: () => ({ status: Filter.here }),
      request: ({ params }) => ({ method: "POST", path: "/rows", body: params }),
      page: Schema.Array(Schema.Unknown),
      info: (page) => ({ items: page }),
      item: Row,
      itemId: (row) => row.id,
      toExecution: (row) => ({
        id: row.id,
        providerStatus: "ok",
        startedAt: typeof row.started === "number" ? new Date(row.started) : null,
        finishedAt: null,
      }),
    },
  })

interface Bounds {
  readonly since?: number
  readonly until?: number
}

const began = Date.parse("2026-11-21T08:00:00Z")
const instant = fc.integer({ min: 0, max: 40 }).map((steps) => began + steps * 250)

const history = fc.array(fc.record({ planned: instant, started: instant }), { maxLength: 40 })

const within = ({ since, until }: Bounds = {}, time: number | undefined): boolean =>
  (since === undefined && until === undefined) ||
  (time !== undefined && time >= (since ?? 0) && time <= (until ?? Number.MAX_VALUE))

describe("a provider that lists by one time and filters by the start", () => {
  it.each([1, 1000])(
    "returns what filtering in memory returns, in ticks of %i ms",
    async (tick) => {
      await fc.assert(
        fc.asyncProperty(
          history,
          instant,
          fc.integer({ min: 1, max: 5000 }),
          fc.boolean(),
          async (rows, after, width, heeds) => {
            const before = after + width
            const made = rows.map((row, index) => ({ id: `row-${index}`, ...row }))
            const client = createClient(planning(tick)({}), {
              fetch: async (_, init) => {
                const asked: { planned?: Bounds; started?: Bounds; skip: number; size: number } =
                  JSON.parse(String(init?.body))
                const listed = made
                  .filter(({ planned }) => within(asked.planned, planned))
                  .filter(({ started }) => !heeds || within(asked.started, started))
                  .toSorted((a, b) => b.planned - a.planned || (a.id < b.id ? 1 : -1))
                return Response.json(listed.slice(asked.skip, asked.skip + asked.size))
              },
            })
            const query = {
              status: ["succeeded"] as const,
              since: new Date(after),
              until: new Date(before),
            }
            const given: Array<string> = []
            for await (const { id } of client.executions(query, { onWarning: () => {} })) {
              given.push(id)
            }
            const expected = made.filter(({ started }) => started >= after && started < before)
            expect(given.toSorted()).toEqual(expected.map(({ id }) => id).toSorted())
          },
        ),
        { numRuns: 100 },
      )
    },
  )

  it("filters by start at the provider when all requested executions have started", () => {
    const query = { status: ["succeeded"] as const, since: new Date(began) }
    const plan = createClient(planning(1)({})).explain(query)
    expect(plan.filters).toContainEqual({
      filter: "since",
      answer: "provider",
      sent: { started: { since: began } },
      note: null,
    })
    expect(plan.stopsBefore).toBeNull()
  })

  it("does not filter by start at the provider when executions that never started may match", () => {
    const plan = createClient(planning(1)({})).explain({ since: new Date(began) })
    expect(plan.filters).toMatchObject([{ filter: "since", answer: "execlog", sent: {} }])
  })

  it("requests a superset when the provider's ticks do not fit the bound", () => {
    const query = { status: ["succeeded"] as const, until: new Date(began + 250) }
    const plan = createClient(planning(1000)({})).explain(query)
    expect(plan.filters).toContainEqual(
      expect.objectContaining({ answer: "both", sent: { started: { until: began + 999 } } }),
    )
  })
})
