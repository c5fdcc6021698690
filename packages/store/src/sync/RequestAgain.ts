import type { AdapterError } from "@execlog/core"
import { warningOf } from "@execlog/core/unstable"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { unlessDamaged } from "../database/DamagedRow.js"
import { forSet } from "../database/StatementBatches.js"
import { writeTransaction } from "../database/WriteTransaction.js"
import { executionOf } from "../tables/Documents.js"
import { saveObservations } from "../tables/Observations.js"
import type { SyncContext } from "./Context.js"

/** An execution to request by its id. */
export interface RequestedRow {
  readonly key: number
  readonly id: string
}

/** Which executions to request again, and what to do with those the provider does not have. */
export interface ExecutionsToRequest {
  /** The next executions, by key. */
  readonly next: (
    after: number,
    most: number,
  ) => Effect.Effect<ReadonlyArray<RequestedRow>, SqlError>
  /** Handles absent executions, in the transaction that saves the others. */
  readonly absent: (keys: ReadonlyArray<number>, askedAt: number) => Effect.Effect<void, SqlError>
  /** Why they are requested, for the warning: "is unfinished", "are unfinished". */
  readonly words: readonly [ofOne: string, ofMany: string]
  /** Called when the provider cannot return executions by id. */
  readonly unsupported: (rows: ReadonlyArray<RequestedRow>) => void
}

const inBatch = 200

/**
 * Requests executions by id and saves their current state. If the provider fails on all of them, this sync
 * requests nothing more by id.
 */
export const requestAgain = Effect.fnUntraced(function* (
  context: SyncContext,
  { next, absent, words, unsupported }: ExecutionsToRequest,
): Effect.fn.Return<void, SqlError | AdapterError> {
  const { sql, connection, source, tally } = context
  const { include } = context.options
  const missed: Array<string> = []
  let failure: AdapterError | null = null
  let after = 0
  for (;;) {
    if (context.isStopped()) break
    const rows = yield* next(after, inBatch)
    const last = rows.at(-1)
    if (last === undefined) break
    after = last.key
    if (context.outage.error !== null) {
      missed.push(...rows.map(({ id }) => id))
      continue
    }
    const askedAt = context.stamp(yield* Clock.currentTimeMillis)
    const keysOf = yield* askableIds(context, rows)
    const got = yield* source.getMany([...keysOf.keys()], { include }).pipe(
      Effect.catchIf(
        ({ reason }) => reason === "Unsupported",
        () =>
          Effect.as(
            Effect.sync(() => unsupported(rows)),
            "unsupported" as const,
          ),
      ),
      Effect.raceFirst(Effect.as(context.stopped, "stopped" as const)),
    )
    if (typeof got === "string") break
    if (got.unasked.length > 0) context.outage.error = got.failures.at(-1)?.error ?? null
    const keys = got.absent.flatMap((id) => keysOf.get(id) ?? [])
    const saved = yield* writeTransaction(
      sql,
      Effect.gen(function* () {
        if (keys.length > 0) yield* absent(keys, askedAt)
        return yield* saveObservations(sql, connection, got.executions, {
          observedAt: askedAt,
          newsSince: null,
        })
      }),
    )
    tally.addSaved(saved)
    missed.push(...got.failures.map(({ id }) => id), ...got.unasked)
    failure = got.failures.at(-1)?.error ?? failure
  }
  tally.add("notRefreshed", missed.length)
  const [first] = missed
  const error = context.outage.error ?? failure
  if (first === undefined || error === null) return
  const [ofOne, ofMany] = words
  const which =
    missed.length === 1
      ? `${first} ${ofOne}`
      : `${missed.length} executions, such as ${first}, ${ofMany}`
  context.warn(warningOf("not_refreshed", `${which}, and could not be requested: ${error.message}`))
})

/** The ids to request from the provider, with the keys of their rows. */
const askableIds = Effect.fnUntraced(function* (
  { sql, connection, source }: SyncContext,
  rows: ReadonlyArray<RequestedRow>,
): Effect.fn.Return<ReadonlyMap<string, number>, SqlError> {
  const documents = yield* forSet(
    sql,
    rows.map(({ key }) => key),
    (some) => sql<{ key: number; execution: string }>`
      SELECT key, execution FROM documents WHERE key IN ${some}`,
  )
  return new Map(
    documents
      .map((row) => {
        const execution = unlessDamaged(() => executionOf(row, connection))
        return [execution === null ? null : source.idToGet(execution), row.key] as const
      })
      .filter(hasId),
  )
})

const hasId = (pair: readonly [string | null, number]): pair is readonly [string, number] =>
  pair[0] !== null
