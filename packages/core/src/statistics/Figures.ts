import { type Execution, type ExecutionStatus, executionStatuses } from "../model/Execution.js"

/** Statistics of a set of executions. */
export interface StatisticFigures {
  readonly count: number
  readonly byStatus: Readonly<Record<ExecutionStatus, number>>
  readonly succeeded: number
  /** Executions that failed or timed out. */
  readonly failures: number
  /** succeeded ÷ (succeeded + partial + failed + timed_out); null if there are none of these. */
  readonly successRate: number | null
  /** Exact, by nearest rank; null if no execution has a duration. */
  readonly medianMs: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  /** Null if no execution reports its tokens. */
  readonly totalTokens: number | null
  /** The earliest `timestamp`; null if there is none. */
  readonly firstTimestamp: Date | null
  /** The latest `timestamp`; null if there is none. */
  readonly lastTimestamp: Date | null
}

/** The state of a tally: for each row, at most the eight bytes of its duration. */
export interface Tally {
  readonly statuses: Float64Array
  durations: Float64Array
  durationCount: number
  tokens: number
  hasTokens: boolean
  first: number
  last: number
}

/** A tally of nothing. */
export const makeTally = (): Tally => ({
  statuses: new Float64Array(executionStatuses.length),
  durations: new Float64Array(8),
  durationCount: 0,
  tokens: 0,
  hasTokens: false,
  first: Number.POSITIVE_INFINITY,
  last: Number.NEGATIVE_INFINITY,
})

const places: ReadonlyMap<ExecutionStatus, number> = new Map(
  executionStatuses.map((status, place) => [status, place]),
)

/** Counts a row. */
export const tallyRow = (tally: Tally, row: StatisticRow): void => {
  const place = places.get(row.status)
  if (place !== undefined) tally.statuses[place] = (tally.statuses[place] ?? 0) + 1
  if (row.durationMs !== null) {
    if (tally.durationCount === tally.durations.length) {
      const grown = new Float64Array(2 * tally.durations.length)
      grown.set(tally.durations)
      tally.durations = grown
    }
    tally.durations[tally.durationCount] = row.durationMs
    tally.durationCount += 1
  }
  if (row.totalTokens !== null) {
    tally.tokens += row.totalTokens
    tally.hasTokens = true
  }
  if (row.timestamp !== null) {
    if (row.timestamp < tally.first) tally.first = row.timestamp
    if (row.timestamp > tally.last) tally.last = row.timestamp
  }
}

/** One tally of several. */
export const joinTallies = (tallies: ReadonlyArray<Tally>): Tally => {
  const [only] = tallies
  if (only !== undefined && tallies.length === 1) return only
  const joined = makeTally()
  joined.durations = new Float64Array(
    tallies.reduce((sum, { durationCount }) => sum + durationCount, 0),
  )
  for (const tally of tallies) {
    for (const [place, count] of tally.statuses.entries()) {
      joined.statuses[place] = (joined.statuses[place] ?? 0) + count
    }
    joined.durations.set(tally.durations.subarray(0, tally.durationCount), joined.durationCount)
    joined.durationCount += tally.durationCount
    joined.tokens += tally.tokens
    joined.hasTokens ||= tally.hasTokens
    joined.first = Math.min(joined.first, tally.first)
    joined.last = Math.max(joined.last, tally.last)
  }
  return joined
}

/** The figures of what was counted. */
export const figuresOf = (tally: Tally): StatisticFigures => {
  const of = (status: ExecutionStatus) => tally.statuses[places.get(status) ?? -1] ?? 0
  const succeeded = of("succeeded")
  const failures = of("failed") + of("timed_out")
  const decided = succeeded + of("partial") + failures
  const [medianMs = null, p95Ms = null, p99Ms = null] = nearestRanks(
    tally.durations.subarray(0, tally.durationCount),
    [50, 95, 99],
  )
  return {
    count: tally.statuses.reduce((sum, count) => sum + count, 0),
    byStatus: {
      queued: of("queued"),
      running: of("running"),
      waiting: of("waiting"),
      succeeded,
      partial: of("partial"),
      failed: of("failed"),
      timed_out: of("timed_out"),
      canceled: of("canceled"),
      skipped: of("skipped"),
      unknown: of("unknown"),
    },
    succeeded,
    failures,
    successRate: decided === 0 ? null : succeeded / decided,
    medianMs,
    p95Ms,
    p99Ms,
    totalTokens: tally.hasTokens ? tally.tokens : null,
    firstTimestamp: Number.isFinite(tally.first) ? new Date(tally.first) : null,
    lastTimestamp: Number.isFinite(tally.last) ? new Date(tally.last) : null,
  }
}

/** The part of an execution that statistics need, which a store can read without the rest. */
export interface StatisticRow {
  readonly provider: string
  readonly connection: string | null
  readonly workflowId: string | null
  readonly workflowName: string | null
  readonly status: ExecutionStatus
  /**
   * Milliseconds since 1970 in UTC; null if the provider returns none: see `Execution.timestamp`.
   */
  readonly timestamp: number | null
  readonly durationMs: number | null
  readonly totalTokens: number | null
  readonly errorMessage: string | null
}

/** The row of an execution. */
export const statisticRow = (execution: Execution): StatisticRow => ({
  provider: execution.provider,
  connection: execution.connection,
  workflowId: execution.workflow.id,
  workflowName: execution.workflow.name,
  status: execution.status,
  timestamp: execution.timestamp === null ? null : execution.timestamp.getTime(),
  durationMs: execution.durationMs,
  totalTokens: execution.usage.totalTokens,
  errorMessage: execution.error === null ? null : execution.error.message,
})

/**
 * Percentiles by nearest rank: of n values, the one at place ceil(percent / 100 · n) in their order.
 * Null for each where there is no value. Exchanges the places of the values.
 */
const nearestRanks = (
  values: Float64Array,
  percents: ReadonlyArray<number>,
): ReadonlyArray<number | null> =>
  percents.map((percent) =>
    values.length === 0
      ? null
      : select(values, Math.max(0, Math.ceil((percent * values.length) / 100) - 1)),
  )

/**
 * The value that a sort would put at a place, with none greater before it and none smaller after:
 * quickselect, since a sort of a million takes many times as long.
 */
const select = (values: Float64Array, place: number): number => {
  let low = 0
  let high = values.length - 1
  // By then few are left, unless the values make bad pivots again and again.
  let patience = Math.ceil(Math.log2(values.length))
  while (low < high) {
    if (patience === 0) {
      values.subarray(low, high + 1).sort()
      break
    }
    patience -= 1
    const pivot = middleOf(at(values, low), at(values, (low + high) >>> 1), at(values, high))
    let left = low
    let right = high
    while (left <= right) {
      while (at(values, left) < pivot) left += 1
      while (at(values, right) > pivot) right -= 1
      if (left > right) break
      const exchanged = at(values, left)
      values[left] = at(values, right)
      values[right] = exchanged
      left += 1
      right -= 1
    }
    if (place <= right) high = right
    else if (place >= left) low = left
    else break
  }
  return at(values, place)
}

const at = (values: Float64Array, index: number): number => values[index] ?? 0

const middleOf = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
