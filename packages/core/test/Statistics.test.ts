import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { executionStatuses } from "../src/index.js"
import {
  makeStatistics,
  type StatisticDimension,
  statisticDimensions,
  type StatisticRow,
  statisticRow,
  type SummaryOptions,
} from "../src/statistics.js"
import { bareExecution } from "./BareExecution.js"
import { grouped, naiveFigures, naiveKey } from "./NaiveStatistics.js"

const base = Date.parse("2026-11-21T00:00:00Z")
const orNull = <A>(some: fc.Arbitrary<A>) => fc.option(some, { nil: null })

const anyRow: fc.Arbitrary<StatisticRow> = fc.record({
  provider: fc.constantFrom("dify", "n8n"),
  connection: orNull(fc.constantFrom("a", "b")),
  workflowId: orNull(fc.constantFrom("1", "2")),
  workflowName: fc.constant("named"),
  status: fc.constantFrom(...executionStatuses),
  timestamp: orNull(fc.integer({ min: base - 1e8, max: base + 1e8 })),
  durationMs: orNull(fc.oneof(fc.nat(9), fc.double({ min: 0, max: 1e9, noNaN: true }))),
  totalTokens: orNull(fc.nat(1000)),
  errorMessage: orNull(fc.constantFrom("no model", "no key", "no time\nat step 3")),
})

const anyBy = fc.subarray<StatisticDimension>([...statisticDimensions])

const sample: StatisticRow = {
  provider: "dify",
  connection: "bot",
  workflowId: "1",
  workflowName: "Answer",
  status: "succeeded",
  timestamp: base,
  durationMs: 100,
  totalTokens: 7,
  errorMessage: null,
}

const summaryOf = (
  rows: ReadonlyArray<Partial<StatisticRow>>,
  by: ReadonlyArray<StatisticDimension> = [],
  options: SummaryOptions = {},
) => {
  const statistics = makeStatistics(by)
  for (const row of rows) statistics.add({ ...sample, ...row })
  return statistics.summary(options)
}

describe("makeStatistics", () => {
  it("returns what counting all rows in memory returns, in any order of rows", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 200 }), anyBy, (rows, by) => {
        const { overall, groups } = summaryOf(rows, by)
        expect(overall).toEqual(naiveFigures(rows))
        const expected = grouped(rows, (row) => naiveKey(by, row))
        expect(groups).toHaveLength(by.length === 0 ? 0 : expected.size)
        for (const group of groups) {
          const key = pick(group, Object.keys(naiveKey(by, sample)))
          const members = expected.get(JSON.stringify(key)) ?? []
          expect(members).not.toEqual([])
          expect(group).toMatchObject(naiveFigures(members))
        }
      }),
    )
  })

  it("returns a correct summary after each row", () => {
    const statistics = makeStatistics(["day"])
    const rows: Array<StatisticRow> = []
    fc.assert(
      fc.property(anyRow, (row) => {
        statistics.add(row)
        rows.push(row)
        expect(statistics.summary().overall).toEqual(naiveFigures(rows))
      }),
    )
  })

  it("returns exact percentiles of many durations", () => {
    const random = (index: number) => (Math.imul(index, 2_654_435_761) >>> 0) % 50_000
    for (const durationOf of [random, (n: number) => n, (n: number) => -n, () => 5, wave]) {
      const rows = Array.from({ length: 20_001 }, (_, index) => ({
        ...sample,
        durationMs: durationOf(index),
        connection: `c${index % 3}`,
      }))
      const { overall, groups } = summaryOf(rows, ["connection"])
      expect(overall).toEqual(naiveFigures(rows))
      expect(groups[1]).toMatchObject(naiveFigures(rows.filter((_, index) => index % 3 === 1)))
    }
  })

  it("returns empty figures when there are no rows", () => {
    const { overall, ...rest } = summaryOf([], ["connection"])
    expect(overall).toEqual(naiveFigures([]))
    expect(overall.successRate).toBeNull()
    expect(rest).toMatchObject({ groups: [], failingWorkflows: [], errors: [] })
    expect(rest.series).toMatchObject({ from: null, counts: [], failures: [] })
  })

  it("takes its row from an execution", () => {
    const at = new Date(base)
    const execution = bareExecution({
      provider: "dify",
      connection: "bot",
      id: "e1",
      workflow: { id: "1", name: "Answer", version: "3" },
      status: "failed",
      providerStatus: "failed",
      timestamp: at,
      startedAt: at,
      finishedAt: at,
      listedAt: at,
      durationMs: 0,
      error: { message: "no model", type: null, stepId: null },
      trigger: { kind: "api", providerKind: null },
      usage: { totalTokens: 12, totalSteps: null },
    })
    expect(statisticRow(execution)).toEqual({
      ...sample,
      status: "failed",
      durationMs: 0,
      totalTokens: 12,
      errorMessage: "no model",
    })
  })
})

describe("the groups of statistics", () => {
  it("orders groups by their dimensions, the largest first and times ascending", () => {
    const rows = [
      { connection: "small", timestamp: base },
      { connection: "large", timestamp: base + 86_400_000 },
      { connection: "large", timestamp: null },
      { connection: "large", timestamp: base },
    ]
    const keys = (by: ReadonlyArray<StatisticDimension>) =>
      summaryOf(rows, by).groups.map(({ connection, day }) => `${connection} ${day}`)
    expect(keys(["connection", "day"])).toEqual([
      "large 2026-11-21",
      "large 2026-11-22",
      "large null",
      "small 2026-11-21",
    ])
    expect(keys(["day", "connection"])).toEqual([
      "large 2026-11-21",
      "small 2026-11-21",
      "large 2026-11-22",
      "large null",
    ])
  })

  it("separates workflows of one id by connection, and those without an id by name", () => {
    const rows = [
      { workflowId: "1", connection: "a" },
      { workflowId: "1", connection: "b" },
      { workflowId: null, workflowName: "x" },
      { workflowId: null, workflowName: "y" },
      { workflowId: null, workflowName: null },
    ]
    expect(summaryOf(rows, ["workflow"]).groups).toHaveLength(5)
  })

  it("names a workflow as its latest execution does", () => {
    const rows = [
      { workflowName: "Now", timestamp: base + 2 },
      { workflowName: "Before", timestamp: base + 1 },
      { workflowName: null, timestamp: base + 3 },
      { workflowName: "Planned", timestamp: null },
    ]
    for (const order of [rows, rows.toReversed()]) {
      const [group] = summaryOf(order, ["workflow"]).groups
      expect(group).toMatchObject({ workflowName: "Now", count: 4 })
    }
  })
})

describe("failingWorkflows", () => {
  it("lists the workflows with most failures, with their failure rates", () => {
    const of = (workflowId: string, ...statuses: ReadonlyArray<StatisticRow["status"]>) =>
      statuses.map((status) => ({ workflowId, status }))
    const rows = [
      ...of("sound", "succeeded", "succeeded", "partial", "canceled"),
      ...of("often", "failed", "timed_out", "succeeded", "succeeded", "running"),
      ...of("always", "failed", "failed"),
      ...of("once", "failed", "partial"),
    ]
    const { failingWorkflows } = summaryOf(rows)
    expect(
      failingWorkflows.map(({ workflowId, failures, count, failureRate }) => [
        workflowId,
        failures,
        count,
        failureRate,
      ]),
    ).toEqual([
      ["always", 2, 2, 1],
      ["often", 2, 5, 0.5],
      ["once", 1, 2, 0.5],
    ])
    expect(summaryOf(rows, [], { failingWorkflows: 1 }).failingWorkflows).toHaveLength(1)
  })
})

describe("the errors of statistics", () => {
  it("counts messages by their most telling line, cut to 200 characters", () => {
    const long = "x".repeat(300)
    const rows = ["no key", "\n  no key  \nat step 3", "no key\r\nagain", long, ` ${long}y`, " "]
    const { errors } = summaryOf(rows.map((errorMessage) => ({ errorMessage })))
    expect(errors).toEqual([
      { message: "no key", count: 3 },
      { message: `${"x".repeat(199)}…`, count: 2 },
    ])
    const python = 'Traceback (most recent call last):\n  File "a.py"\nKeyError: 1\n'
    expect(summaryOf([{ errorMessage: python }]).errors[0]?.message).toBe("KeyError: 1")
    const [cut] = summaryOf([{ errorMessage: `${"x".repeat(198)}😀${long}` }]).errors
    expect(cut?.message).toBe(`${"x".repeat(198)}…`)
  })

  it("keeps a bounded number of messages, and says what the counts may lack", () => {
    const statistics = makeStatistics()
    for (let index = 0; index < 60_000; index++) {
      const errorMessage = index % 3 === 0 ? "the usual" : `of ${index}`
      statistics.add({ ...sample, errorMessage })
    }
    const { errors, errorsLacking } = statistics.summary({ errors: 20_000 })
    expect(errors[0]).toEqual({ message: "the usual", count: 20_000 })
    expect(errors.length).toBeLessThanOrEqual(10_000)
    expect(errorsLacking).toBeLessThan(10)
  })

  it("lacks no more than it says when messages were forgotten in between", () => {
    const statistics = makeStatistics()
    for (let index = 0; index < 60_000; index++) {
      statistics.add({ ...sample, errorMessage: index % 12_000 === 0 ? "seldom" : `of ${index}` })
    }
    const { errors, errorsLacking } = statistics.summary({ errors: 20_000 })
    const counted = errors.find(({ message }) => message === "seldom")?.count ?? 0
    expect(counted).toBeLessThan(5)
    expect(counted + errorsLacking).toBeGreaterThanOrEqual(5)
  })
})

describe("the series of statistics", () => {
  it("counts each bucket as a naive count does", () => {
    const anyTime = fc.oneof(
      fc.integer({ min: base, max: base + 1e4 }),
      fc.integer({ min: base - 1e8, max: base + 1e8 }),
      fc.integer({ min: -6e13, max: 2e14 }),
    )
    const anyStart = fc.record({
      timestamp: orNull(anyTime),
      status: fc.constantFrom("succeeded" as const, "failed" as const, "timed_out" as const),
    })
    fc.assert(
      fc.property(
        fc.array(anyStart, { maxLength: 100 }),
        fc.integer({ min: 2, max: 100 }),
        (rows, buckets) => {
          const { series } = summaryOf(rows, [], { buckets })
          const timed = rows.flatMap(({ timestamp, status }) =>
            timestamp === null ? [] : [{ at: timestamp, isFailure: status !== "succeeded" }],
          )
          expect(series.counts.length).toBeLessThanOrEqual(buckets)
          expect(series.failures).toHaveLength(series.counts.length)
          expect(series.from === null).toBe(timed.length === 0)
          const from = series.from?.getTime() ?? 0
          const counted = (of: typeof timed) =>
            series.counts.map((_, index) => {
              const begin = from + index * series.bucketMs
              return of.filter(({ at }) => at >= begin && at < begin + series.bucketMs).length
            })
          expect(series.counts).toEqual(counted(timed))
          expect(series.failures).toEqual(counted(timed.filter(({ isFailure }) => isFailure)))
          expect(series.counts.at(0)).not.toBe(0)
          expect(series.counts.at(-1)).not.toBe(0)
        },
      ),
    )
  })

  it.each([
    [59_000, 1000],
    [3_599_000, 60_000],
    [24 * 3_600_000, 1_800_000],
    [40 * 24 * 3_600_000, 24 * 3_600_000],
  ])("divides %i ms into buckets of %i ms", (period, bucketMs) => {
    const rows = [{ timestamp: base }, { timestamp: base + period }]
    expect(summaryOf(rows).series.bucketMs).toBe(bucketMs)
  })
})

const wave = (index: number) => Math.abs((index % 2000) - 1000)

const pick = (from: object, names: ReadonlyArray<string>) =>
  Object.fromEntries(
    names.map((name) => [name, Object.entries(from).find(([key]) => key === name)?.[1]]),
  )
