import { describe, expect, it } from "vitest"
import { type AdapterError, type LogQuery } from "../src/index.js"
import { checkQuery } from "../src/model/LogQuery.js"
import { sampleClient } from "./SampleProvider.js"

const client = sampleClient("windowsByNumber", { rows: [] })

const rejection = async (query: unknown): Promise<AdapterError> =>
  client.page(query as LogQuery).then(
    () => Promise.reject(new Error("the query was expected to be rejected")),
    (error: AdapterError) => error,
  )

describe("an invalid query", () => {
  it.each<[unknown, RegExp]>([
    [{ statuses: ["failed"] }, /A query has no part "statuses"/],
    [{ status: ["faild"] }, /status\[0\]: Expected "queued" \| .* got "faild"/],
    [{ status: [] }, /status: must not be empty/],
    [{ status: "failed" }, /status: Expected array, got "failed"/],
    [{ since: 1_700_000_000 }, /since is not a time: 1700000000\. .* or give a Date/],
    [{ since: new Date(8.64e15) }, /since is not a time/],
    [{ until: "0000-01-01" }, /until is not a time/],
    [{ workflowId: "" }, /workflowId: must not be empty/],
    [{ pageSize: 0 }, /pageSize: Expected a whole number of at least 1, got 0/],
    [{ pageSize: -1 }, /pageSize: .* got -1/],
    [{ pageSize: 1.5 }, /pageSize: .* got 1.5/],
    [{ pageSize: 1_000_000 }, /A page of 1000000 is too large: Sample returns at most 50/],
    [{ order: "up" }, /order: Expected "newest" \| "oldest", got "up"/],
    [{ include: ["everything"] }, /include\[0\]: Expected "steps"/],
    [{ since: "yesterday" }, /since is not a time: "yesterday"/],
    [{ until: "2026-02-30" }, /until is not a time/],
    [{ since: new Date(Number.NaN) }, /since is not a time/],
    [
      { since: "2026-11-21", until: "2026-11-20" },
      /time range is empty: since \(2026-11-21T00:00:00.000Z\)/,
    ],
    [{ since: "2026-11-21", until: "2026-11-21T00:00Z" }, /time range is empty/],
  ])("rejects %j before anything is requested", async (query, message) => {
    const error = await rejection(query)
    expect(error.reason).toBe("InvalidQuery")
    expect(error.message).toMatch(message)
    expect(error.subject).toEqual({ kind: "query", name: Object.keys(Object(query))[0] })
    expect(error.hint).not.toBeNull()
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "rejects a limit of %d",
    async (limit) => {
      const read = async () => {
        for await (const execution of client.executions({}, { limit })) expect(execution).toBeNull()
      }
      await expect(read()).rejects.toThrow(/limit must be a whole number of at least 1/)
    },
  )

  it("fails with Unsupported, and says what helps, when the provider cannot answer a filter", async () => {
    const error = await rejection({ actorId: "x" })
    expect(error.reason).toBe("Unsupported")
    expect(error.message).toBe("Sample cannot filter by actor: it knows no actors.")
    expect(error).toMatchObject({
      subject: { kind: "query", name: "actorId" },
      hint: { code: "omit" },
    })
  })

  it("says the largest page of the provider as data when a query asks for a larger one", async () => {
    const { hint } = await rejection({ pageSize: 51 })
    expect(hint).toEqual({
      code: "reduce_value",
      text: "Use a pageSize of 50 or less.",
      maximum: 50,
    })
  })

  it("fails with Unsupported when the provider does not have the order", async () => {
    const error = await rejection({ order: "oldest" })
    expect(error.reason).toBe("Unsupported")
    expect(error.message).toContain("cannot list the oldest first")
  })
})

describe("a time range far in the past or the future", () => {
  it.each([{ since: "0001-01-01" }, { until: "9999-12-31T23:59:59Z" }])(
    "requests %j within the years that a provider can read",
    async (query) => {
      const far = sampleClient("windowsByNumber", {
        rows: [{ id: "row-1", at: 1_700_000_000_000 }],
      })
      expect((await far.page(query)).executions).toHaveLength(1)
      const [year = ""] = new Date(Number(Object.values(far.explain(query).params)[0]))
        .toISOString()
        .split("-")
      expect(Number(year)).toBeGreaterThanOrEqual(1)
      expect(Number(year)).toBeLessThanOrEqual(9999)
    },
  )
})

describe("a time in a query", () => {
  it.each([
    ["2026-11-21T08:00:00Z", "2026-11-21T08:00:00.000Z"],
    ["2026-11-21T08:00:00", "2026-11-21T08:00:00.000Z"],
    ["2026-11-21T08:00", "2026-11-21T08:00:00.000Z"],
    ["2026-11-21", "2026-11-21T00:00:00.000Z"],
    ["2026-11-21 08:00:00.5", "2026-11-21T08:00:00.500Z"],
    ["2026-11-21T08:00:00.123456789Z", "2026-11-21T08:00:00.123Z"],
    ["2026-11-21T10:00:00+02:00", "2026-11-21T08:00:00.000Z"],
    ["2026-11-21T02:30:00-0530", "2026-11-21T08:00:00.000Z"],
  ])("reads %s as %s, in UTC when it names no zone", (text, instant) => {
    expect(new Date(checkQuery({ since: text }, 0).since ?? 0).toISOString()).toBe(instant)
  })
})

describe("an age in a query", () => {
  const now = Date.parse("2026-11-21T12:00:00Z")

  it.each([
    ["24h", "2026-11-20T12:00:00.000Z"],
    ["90m", "2026-11-21T10:30:00.000Z"],
    ["7d", "2026-11-14T12:00:00.000Z"],
  ])("counts the age %s back from the time of the query", (age, instant) => {
    expect(new Date(checkQuery({ finishedSince: age }, now).finishedSince ?? 0).toISOString()).toBe(
      instant,
    )
  })

  it("names both bounds when a time range is empty", () => {
    expect(() => checkQuery({ finishedSince: "1h", finishedUntil: "2h" }, now)).toThrow(
      /finishedSince \(2026-11-21T11:00:00.000Z\) is not before finishedUntil/,
    )
  })
})
