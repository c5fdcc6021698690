import type { StatisticDimension, StatisticRow } from "../src/statistics.js"

/** The figures of rows in memory, computed directly from the definitions. */
export const naiveFigures = (rows: ReadonlyArray<StatisticRow>) => {
  const of = (...statuses: ReadonlyArray<string>) =>
    rows.filter(({ status }) => statuses.includes(status)).length
  const durations = sorted(rows.map(({ durationMs }) => durationMs))
  const times = sorted(rows.map(({ timestamp }) => timestamp))
  const tokens = rows.flatMap(({ totalTokens }) => totalTokens ?? [])
  const decided = of("succeeded", "partial", "failed", "timed_out")
  return {
    count: rows.length,
    byStatus: {
      queued: of("queued"),
      running: of("running"),
      waiting: of("waiting"),
      succeeded: of("succeeded"),
      partial: of("partial"),
      failed: of("failed"),
      timed_out: of("timed_out"),
      canceled: of("canceled"),
      skipped: of("skipped"),
      unknown: of("unknown"),
    },
    succeeded: of("succeeded"),
    failures: of("failed", "timed_out"),
    successRate: decided === 0 ? null : of("succeeded") / decided,
    medianMs: nearestRank(durations, 50),
    p95Ms: nearestRank(durations, 95),
    p99Ms: nearestRank(durations, 99),
    totalTokens: tokens.length === 0 ? null : tokens.reduce((sum, count) => sum + count, 0),
    firstTimestamp: dateOf(times[0]),
    lastTimestamp: dateOf(times.at(-1)),
  }
}

const sorted = (values: ReadonlyArray<number | null>): ReadonlyArray<number> =>
  values.flatMap((value) => value ?? []).toSorted((a, b) => a - b)

/** The value at place ceil(percent / 100 · n) of n sorted ones. */
const nearestRank = (values: ReadonlyArray<number>, percent: number): number | null =>
  values[Math.ceil((percent * values.length) / 100) - 1] ?? null

const dateOf = (at: number | undefined): Date | null => (at === undefined ? null : new Date(at))

/** The key of a row's group, without the workflow's name. */
export const naiveKey = (by: ReadonlyArray<StatisticDimension>, row: StatisticRow) => {
  const iso = row.timestamp === null ? null : new Date(row.timestamp).toISOString()
  const any = (...dimensions: ReadonlyArray<StatisticDimension>) =>
    dimensions.some((dimension) => by.includes(dimension))
  return {
    ...(any("provider", "connection", "workflow") && { provider: row.provider }),
    ...(any("connection", "workflow") && { connection: row.connection }),
    ...(any("workflow") && { workflowId: row.workflowId }),
    ...(any("day") && { day: iso?.replace(/T.*/, "") ?? null }),
    ...(any("hour") && { hour: iso?.replace(/:.*/, ":00Z") ?? null }),
  }
}

/** Groups rows by their key as text. */
export const grouped = (
  rows: ReadonlyArray<StatisticRow>,
  keyOf: (row: StatisticRow) => unknown,
): ReadonlyMap<string, ReadonlyArray<StatisticRow>> =>
  Map.groupBy(rows, (row) => JSON.stringify(keyOf(row)))
