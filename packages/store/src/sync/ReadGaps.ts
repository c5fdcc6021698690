import type { AdapterError, Execution } from "@execlog/core"
import { isOfOneExecution, warningOf } from "@execlog/core/unstable"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { writeTransaction } from "../database/WriteTransaction.js"
import {
  addRange,
  findGaps,
  type Gap,
  type GapRange,
  gapRanges,
  leaveRange,
} from "../tables/Gaps.js"
import { saveObservations } from "../tables/Observations.js"
import type { SyncContext } from "./Context.js"

/** The most numbers to request in one sync. */
const mostAsked = 50
/** If none of so many numbers can be read, most are not saved or not readable with this key. */
const inSample = 20
/** Every unknown execution counts as new. */
const allIsNews = 0

/**
 * Requests by `get` the numbers missing from a list ordered by number. A waiting execution is listed only
 * later, under its old number, where no later sync reads. A number without an execution never gets one.
 */
export const readGaps = Effect.fnUntraced(function* (
  context: SyncContext,
): Effect.fn.Return<void, SqlError | AdapterError> {
  const { sql, connection, tally, options, plan } = context
  if (plan.listedBy !== "number") return
  const now = yield* Clock.currentTimeMillis
  const ranges = yield* writeTransaction(
    sql,
    gapRanges(sql, connection.id, { now, since: now - options.staleAfterMs }),
  )
  const { gaps, left } = yield* findGaps(sql, connection.id, ranges, mostAsked)
  const again: Array<Gap> = []
  let asked = 0
  let isUnreadable = false
  for (const some of [gaps.slice(0, inSample), gaps.slice(inSample)]) {
    if (some.length === 0 || isUnreadable || context.isStopped()) break
    const answer = yield* askFor(context, ranges, some)
    if (answer === null) return
    again.push(...answer.again)
    asked += some.length
    isUnreadable = some.length === inSample && answer.found === 0 && answer.again.length === 0
  }
  yield* writeTransaction(sql, noteAsked(context, ranges, { left, again, stoppedAt: gaps[asked] }))
  const [remaining] = yield* sql<{ count: number | null }>`
    SELECT sum(to_number - from_number + 1) AS count FROM gaps WHERE connection_id = ${connection.id}`
  tally.add("unsearchedIds", remaining?.count ?? 0)
  if (!isUnreadable) return
  context.warn(
    warningOf(
      "numbers_unreadable",
      `None of ${inSample} execution numbers missing from the list could be read, as when the key may read only some workflows, or successful executions are not saved. This sync requests no more of them, so waiting executions may be missing.`,
    ),
  )
})

/** Stores what is left of the ranges. Call it within a transaction. */
const noteAsked = Effect.fnUntraced(function* (
  { sql, connection }: SyncContext,
  ranges: ReadonlyArray<GapRange>,
  {
    left,
    again,
    stoppedAt,
  }: {
    readonly left: ReadonlyArray<number>
    readonly again: ReadonlyArray<Gap>
    readonly stoppedAt: Gap | undefined
  },
): Effect.fn.Return<void, SqlError> {
  for (const [index, next] of left.entries()) {
    const range = ranges[index]
    if (range === undefined || (stoppedAt !== undefined && index > stoppedAt.range)) break
    const isHere = stoppedAt?.range === index
    yield* leaveRange(sql, connection.id, range, isHere ? stoppedAt.number : next)
  }
  for (const { number, range } of again) {
    const given = ranges[range]
    if (given !== undefined) {
      yield* addRange(sql, connection.id, { ...given, from: number, to: number })
    }
  }
})

/** Requests numbers and saves what exists; null if the provider cannot return executions by id. */
const askFor = Effect.fnUntraced(function* (
  context: SyncContext,
  ranges: ReadonlyArray<GapRange>,
  gaps: ReadonlyArray<Gap>,
): Effect.fn.Return<
  { readonly found: number; readonly again: ReadonlyArray<Gap> } | null,
  SqlError | AdapterError
> {
  const { sql, connection, source, options, tally } = context
  if (context.outage.error !== null) return { found: 0, again: gaps }
  const askedAt = context.stamp(yield* Clock.currentTimeMillis)
  const byId = new Map(gaps.map((gap) => [String(gap.number), gap]))
  const got = yield* source.getMany([...byId.keys()], { include: options.include }).pipe(
    Effect.catchIf(
      ({ reason }) => reason === "Unsupported",
      () => Effect.succeed(null),
    ),
  )
  if (got === null) return null
  if (got.unasked.length > 0) context.outage.error = got.failures.at(-1)?.error ?? null
  const isNews = ({ id }: Execution) => ranges[byId.get(id)?.range ?? -1]?.isNews === true
  const wanted = context.wanted(got)
  for (const [observed, newsSince] of [
    [wanted.filter(isNews), allIsNews],
    [wanted.filter((execution) => !isNews(execution)), null],
  ] as const) {
    const sighting = { observedAt: askedAt, newsSince }
    tally.addSaved(
      yield* writeTransaction(sql, saveObservations(sql, connection, observed, sighting)),
    )
  }
  return {
    found: got.executions.length,
    // DecodeFault executions count as missing; temporary failures are retried.
    again: got.failures
      .flatMap(({ id, error }) => (isOfOneExecution(error) ? [] : [id]))
      .concat(got.unasked)
      .flatMap((id) => byId.get(id) ?? []),
  }
})
