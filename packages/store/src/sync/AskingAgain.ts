import type { AdapterError } from "@execlog/core"
import { warningOf } from "@execlog/core/unstable"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlError } from "effect/sql/SqlError"
import { forSet } from "../database/BulkStatements.js"
import { unlessDamaged } from "../database/Damage.js"
import { executionOf } from "../tables/Executions.js"
import { saveObservations } from "../tables/Observations.js"
import type { SyncContext } from "./Context.js"
import { writing } from "../database/Writing.js"

/** An execution that is asked for by its id. */
export interface AskedRow {
  readonly key: number
  readonly id: string
}

/** Which executions are asked for again, and what becomes of those that are not given. */
export interface AskingAgain {
  /** The next ones by key. */
  readonly next: (after: number, most: number) => Effect.Effect<ReadonlyArray<AskedRow>, SqlError>
  /** Runs within the transaction in which the others are saved. */
  readonly absent: (keys: ReadonlyArray<number>, askedAt: number) => Effect.Effect<void, SqlError>
  /** What is true of one that cannot be had, and of several, as "is unfinished". */
  readonly words: readonly [ofOne: string, ofMany: string]
  /** The provider gives none by its id. */
  readonly unsupported: (rows: ReadonlyArray<AskedRow>) => void
}

const inBatch = 200

/**
 * Asks for executions by their ids, and keeps what became of them. Where the provider fails on all of
 * them, nothing more is asked for by its id in this sync.
 */
export const askAgain = Effect.fnUntraced(function* (
  context: SyncContext,
  { next, absent, words, unsupported }: AskingAgain,
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
    const saved = yield* writing(
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
  tally.add("unasked", missed.length)
  const [first] = missed
  const error = context.outage.error ?? failure
  if (first === undefined || error === null) return
  const [ofOne, ofMany] = words
  const which =
    missed.length === 1
      ? `${first} ${ofOne}`
      : `${missed.length} executions, such as ${first}, ${ofMany}`
  context.warn(
    warningOf("unfinished_unasked", `${which}, and could not be asked for: ${error.message}`),
  )
})

/** The ids that the provider is asked by, with the keys of their rows. */
const askableIds = Effect.fnUntraced(function* (
  { sql, connection, source }: SyncContext,
  rows: ReadonlyArray<AskedRow>,
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
