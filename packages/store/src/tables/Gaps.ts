import type { LogPage } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { forSet } from "../database/StatementBatches.js"

/** A range of numbers still to be searched for gaps, in a list ordered by number. */
export interface GapRange {
  readonly from: number
  readonly to: number
  /** Whether executions found here count as new, not as history. */
  readonly isNews: boolean
  readonly firstSeenAt: number
}

interface GapRow {
  readonly from_number: number
  readonly to_number: number
  readonly is_news: number
  readonly first_seen_at: number
}

interface Numbers {
  readonly numbers_from: number | null
  readonly numbers_to: number | null
  readonly gaps_from: number | null
  readonly gaps_to: number | null
}

/** The number of an id; null if it is not a number. */
const numberOf = (id: string): number | null => {
  const number = /^\d+$/.test(id) ? Number(id) : Number.NaN
  return Number.isSafeInteger(number) ? number : null
}

/** Records the numbers that a page covers; pages of a walk are contiguous. Call it within a transaction. */
export const noteNumbers = Effect.fnUntraced(function* (
  sql: SqlClient,
  connectionId: number,
  { executions }: Pick<LogPage, "executions">,
): Effect.fn.Return<void, SqlError> {
  const numbers = executions.flatMap(({ id }) => numberOf(id) ?? [])
  if (numbers.length === 0) return
  const low = numbers.reduce((least, number) => Math.min(least, number))
  const high = numbers.reduce((most, number) => Math.max(most, number))
  yield* sql`UPDATE connections SET numbers_from = ${low}
    WHERE id = ${connectionId} AND (numbers_from IS NULL OR numbers_from > ${low})`
  yield* sql`UPDATE connections SET numbers_to = ${high}
    WHERE id = ${connectionId} AND (numbers_to IS NULL OR numbers_to < ${high})`
})

/** The ranges to search, newest first, including the numbers read since the last sync. */
export const gapRanges = Effect.fnUntraced(function* (
  sql: SqlClient,
  connectionId: number,
  { now, since }: { readonly now: number; readonly since: number },
): Effect.fn.Return<ReadonlyArray<GapRange>, SqlError> {
  const [found] = yield* sql<Numbers>`
    SELECT numbers_from, numbers_to, gaps_from, gaps_to FROM connections WHERE id = ${connectionId}`
  const { numbers_from: from = null, numbers_to: to = null } = found ?? {}
  if (found === undefined || from === null || to === null) return []
  const { gaps_from: doneFrom, gaps_to: doneTo } = found
  if (doneFrom === null || doneTo === null) {
    yield* addRange(sql, connectionId, { from, to, isNews: false, firstSeenAt: now })
  } else {
    if (to > doneTo) {
      yield* addRange(sql, connectionId, { from: doneTo + 1, to, isNews: true, firstSeenAt: now })
    }
    if (from < doneFrom) {
      yield* addRange(sql, connectionId, {
        from,
        to: doneFrom - 1,
        isNews: false,
        firstSeenAt: now,
      })
    }
  }
  yield* sql`UPDATE connections SET gaps_from = ${from}, gaps_to = ${to} WHERE id = ${connectionId}`
  yield* sql`DELETE FROM gaps WHERE connection_id = ${connectionId} AND first_seen_at < ${since}`
  const rows = yield* sql<GapRow>`
    SELECT from_number, to_number, is_news, first_seen_at FROM gaps
    WHERE connection_id = ${connectionId} ORDER BY to_number DESC`
  return rows.map((row) => ({
    from: row.from_number,
    to: row.to_number,
    isNews: row.is_news === 1,
    firstSeenAt: row.first_seen_at,
  }))
})

/** Replaces a range by the part that is left of it. Call it within a transaction. */
export const leaveRange = Effect.fnUntraced(function* (
  sql: SqlClient,
  connectionId: number,
  range: GapRange,
  left: number,
): Effect.fn.Return<void, SqlError> {
  yield* sql`DELETE FROM gaps WHERE connection_id = ${connectionId} AND from_number = ${range.from}`
  if (left >= range.from) yield* addRange(sql, connectionId, { ...range, to: left })
})

/** Adds a range. Call it within a transaction. */
export const addRange = (sql: SqlClient, connectionId: number, range: GapRange) =>
  sql`INSERT INTO gaps ${sql.insert({
    connection_id: connectionId,
    from_number: range.from,
    to_number: range.to,
    is_news: range.isNews ? 1 : 0,
    first_seen_at: range.firstSeenAt,
  })}`

/** A number that is not stored, and the index of its range. */
export interface Gap {
  readonly number: number
  readonly range: number
}

/** The result of searching ranges. */
export interface FoundGaps {
  /** Newest first. */
  readonly gaps: ReadonlyArray<Gap>
  /** For each searched range, the number at which to continue; below its start if the range is done. */
  readonly left: ReadonlyArray<number>
}

const inSlice = 500
const mostSlices = 100

/** Searches ranges for gaps, up to a limit, newest first. */
export const findGaps = Effect.fnUntraced(function* (
  sql: SqlClient,
  connectionId: number,
  ranges: ReadonlyArray<GapRange>,
  most: number,
): Effect.fn.Return<FoundGaps, SqlError> {
  const gaps: Array<Gap> = []
  const left: Array<number> = []
  let slices = 0
  for (const [range, { from, to }] of ranges.entries()) {
    let high = to
    while (high >= from && gaps.length < most && slices < mostSlices) {
      slices += 1
      const low = Math.max(from, high - inSlice + 1)
      const numbers = Array.from({ length: high - low + 1 }, (_, index) => high - index)
      const known = yield* forSet(
        sql,
        numbers.map(String),
        (some) => sql<{ id: string }>`
          SELECT id FROM executions WHERE connection_id = ${connectionId} AND id IN ${some}
          UNION ALL SELECT id FROM rejected_items
          WHERE connection_id = ${connectionId} AND id IN ${some}`,
      )
      const kept = new Set(known.map(({ id }) => id))
      const missing = numbers.filter((number) => !kept.has(String(number)))
      const taken = missing.slice(0, most - gaps.length)
      gaps.push(...taken.map((number) => ({ number, range })))
      high = taken.length < missing.length ? (taken.at(-1) ?? high + 1) - 1 : low - 1
    }
    left.push(high)
    if (gaps.length >= most || slices >= mostSlices) break
  }
  return { gaps, left }
})
