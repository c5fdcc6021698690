import type { JsonObject } from "@execlog/core"
import { Adapter, Wire } from "@execlog/core/adapter"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { assertPlausible, executionsOf } from "../src/checks/Outputs.js"
import type { AdapterUnderTest } from "../src/kit/Subject.js"
import { declaration, Row, type Row as SampleRow, sample, toExecution } from "./SampleAdapter.js"
import { type Checks, run, subjectOf } from "./SampleSubject.js"

const { list, get } = declaration
// Deliberate faults need not have the right type.
const make = (changes: object): AdapterUnderTest => Adapter.make({ ...declaration, ...changes })
const withList = (changes: object) => make({ list: { ...list, ...changes } })
const withMapping = (map: (row: SampleRow) => object) =>
  withList({ toExecution: (row: SampleRow) => ({ ...toExecution(row), ...map(row) }) })
const withProblem = (status: number, reason: string) =>
  make({ problem: (got: number) => (got === status ? { reason } : {}) })

interface Asked {
  readonly params: JsonObject
  readonly query: { readonly status: ReadonlyArray<string> | null }
}
const asking = (query: (asked: Asked) => JsonObject) =>
  withList({ request: (asked: Asked) => ({ method: "GET", path: "/rows", query: query(asked) }) })

const words: { readonly [status: string]: string } = { succeeded: "ok,done", failed: "bad" }

const broken: ReadonlyArray<readonly [string, AdapterUnderTest, keyof Checks, RegExp]> = [
  [
    "reports a rejected filter as a wrong setting",
    withProblem(400, "InvalidSettings"),
    "rejectedFilters",
    /the server rejects .*InvalidSettings/,
  ],
  [
    "filters by status even when core does not",
    asking(({ params, query }) => {
      const [status] = query.status ?? []
      return status === undefined ? params : { ...params, state: words[status] ?? "going" }
    }),
    "rejectedFilters",
    /the server rejects \{"state":/,
  ],
  [
    "ignores the page size that core asks for",
    asking(({ params }) => ({ ...params, size: 50 })),
    "rejectedPageSizes",
    /answers 400 to pages of more than 3, gave .*InvalidQuery/,
  ],
  [
    "reports a server error as a missing permission",
    withProblem(500, "Permission"),
    "brokenItems",
    /answers 500 to pages that hold one of the items, gave .*Permission/,
  ],
  [
    "reports a missing execution as an unavailable server",
    withProblem(404, "Unavailable"),
    "missingIds",
    /get of row-\d+, answered with a 404, gave .*Unavailable/,
  ],
  [
    "rejects an item without a start",
    withList({ item: Schema.Struct({ ...Row.fields, started: Wire.epochSeconds }) }),
    "nullStarts",
    /cannot be read without a start: with started null, a rejected item/,
  ],
  [
    "uses another time when the start is missing",
    withMapping((row) => ({ startedAt: new Date((row.started ?? row.logged) * 1000) })),
    "nullStarts",
    /with started null, startedAt "2026/,
  ],
  [
    "filters by start although executions may have none",
    withList({
      time: {
        ...list.time,
        start: { statuses: ["failed"], after: (instant: number) => ({ startedAfter: instant }) },
      },
    }),
    "nullStarts",
    /failed without a start, is not found by .*"status":\["failed"\]/,
  ],
  [
    "returns scheduledFor without declaring listsPlanned",
    withMapping((row) => ({ scheduledFor: Wire.instant.iso(row.queuedAt) })),
    "plannedExecutions",
    /does not declare listsPlanned/,
  ],
  [
    "declares listsPlanned but never returns scheduledFor",
    withList({ time: { ...list.time, listsPlanned: true } }),
    "plannedExecutions",
    /declares listsPlanned, but returns no scheduledFor for any of 15 executions/,
  ],
  [
    "does not encode an id in the URL",
    make({
      get: {
        ...get,
        request: ({ id }: { id: string }) => ({ method: "GET", path: `/rows/${id}` }),
      },
    }),
    "otherIds",
    /a long text in id, gives the execution "9\/ä.*and get requests/,
  ],
  [
    "truncates ids",
    withList({
      itemId: (row: SampleRow) => row.id.slice(0, 36),
      toExecution: (row: SampleRow) => ({ ...toExecution(row), id: row.id.slice(0, 36) }),
    }),
    "otherIds",
    /a long text in id, gave the ids/,
  ],
]

describe("the contract suite, with an unusual server", () => {
  it.each(broken)("fails an adapter that %s", async (_what, adapter, check, pattern) => {
    await expect(run(check, await subjectOf(adapter))).rejects.toThrow(pattern)
  })

  it("passes an adapter that lists planned executions with scheduledFor", async () => {
    const adapter = withList({
      statuses: { ...declaration.statuses, going: "queued" },
      time: { ...list.time, listsPlanned: true },
      toExecution: (row: SampleRow) => ({
        ...toExecution(row),
        ...(row.state === "going" ? { status: "queued", startedAt: null } : {}),
        scheduledFor: Wire.instant.iso(row.queuedAt),
      }),
    })
    await expect(run("plannedExecutions", await subjectOf(adapter))).resolves.toBeUndefined()
  })
})

describe("the check of plausible executions", () => {
  it.each([
    ["is running and has ended", { status: "running" }, /is running, ended/],
    ["has another timestamp than its start", { timestamp: new Date(0) }, /has the timestamp/],
  ] as const)("fails an execution that %s", async (_what, change, pattern) => {
    const subject = await subjectOf(sample)
    const [fixture] = subject.fixtures.filter(({ name }) => name === "failed")
    if (fixture === undefined) throw new Error("no fixture of failed executions")
    const [execution] = await executionsOf(subject, fixture)
    if (execution === undefined) throw new Error("no failed execution")
    expect(() => assertPlausible(execution, "here", fixture.now)).not.toThrow()
    expect(() => assertPlausible({ ...execution, ...change }, "here", fixture.now)).toThrow(pattern)
  })
})
