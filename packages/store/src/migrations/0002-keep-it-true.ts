import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/**
 * The time that each execution counts under, by which lists go; what is gone at the provider; what
 * `get` has still to tell of a failure; the numbers that a list of numbers leaves out.
 *
 * What was kept before gets its times from its documents, as far as these tell them.
 */
export const keepItTrue = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const statements = [
    // 9e15 stands for none.
    `ALTER TABLE executions ADD COLUMN timestamp double precision NOT NULL DEFAULT 9e15`,
    `ALTER TABLE executions ADD COLUMN scheduled_for double precision`,
    `ALTER TABLE executions ADD COLUMN finished_at double precision`,
    `ALTER TABLE executions ADD COLUMN provider_status text`,
    `ALTER TABLE executions ADD COLUMN gone_at double precision`,
    `ALTER TABLE executions ADD COLUMN details_at double precision`,
    `ALTER TABLE executions ADD COLUMN details_tries double precision NOT NULL DEFAULT 0`,
    // The name in the configuration, which several servers may have had one after the other.
    `ALTER TABLE connections ADD COLUMN known_as text NOT NULL DEFAULT ''`,
    `UPDATE connections SET known_as = name`,
    // Where a connection has no name its provider's id stands in.
    `ALTER TABLE connections ADD COLUMN is_named integer NOT NULL DEFAULT 1`,
    `UPDATE connections SET is_named = 0 WHERE name = provider`,
    // It was made of all settings, and is now of those that say what is read: the next sync fills it in.
    `UPDATE connections SET server = ''`,
    // Of a list that goes by numbers: what was read, and what of that was looked through for gaps.
    `ALTER TABLE connections ADD COLUMN numbers_from double precision`,
    `ALTER TABLE connections ADD COLUMN numbers_to double precision`,
    `ALTER TABLE connections ADD COLUMN gaps_from double precision`,
    `ALTER TABLE connections ADD COLUMN gaps_to double precision`,
    `CREATE TABLE gaps (
      connection_id integer NOT NULL REFERENCES connections (id),
      from_number double precision NOT NULL,
      to_number double precision NOT NULL,
      is_news integer NOT NULL,
      first_seen_at double precision NOT NULL,
      PRIMARY KEY (connection_id, from_number)
    )`,
  ]
  for (const statement of statements) yield* sql.unsafe(statement)
  yield* fillIn(sql)
  const indexes = [
    `DROP INDEX executions_by_listing`,
    `DROP INDEX executions_by_status`,
    `DROP INDEX executions_by_workflow`,
    `CREATE INDEX executions_by_timestamp ON executions (timestamp)`,
    `CREATE INDEX executions_by_status ON executions (status, timestamp)`,
    `CREATE INDEX executions_by_workflow ON executions (workflow_id, timestamp)`,
    // What ended in a period.
    `CREATE INDEX executions_by_finish ON executions (finished_at)`,
    // What failed lately, and may have begun again.
    `CREATE INDEX executions_failed ON executions (connection_id, (coalesce(finished_at, timestamp)))
      WHERE is_open = 0 AND status <> 'succeeded'`,
    `CREATE INDEX executions_without_reason ON executions (connection_id, key)
      WHERE status IN ('failed', 'timed_out', 'partial') AND error_message IS NULL AND details_at IS NULL`,
  ]
  for (const statement of indexes) yield* sql.unsafe(statement)
})

interface Kept {
  readonly key: number
  readonly execution: string
}

const inSlice = 500

const fillIn = Effect.fnUntraced(function* (
  sql: SqlClient.SqlClient,
): Effect.fn.Return<void, SqlError> {
  let after = 0
  for (;;) {
    const rows: ReadonlyArray<Kept> = yield* sql<Kept>`
      SELECT key, execution FROM documents WHERE key > ${after} ORDER BY key LIMIT ${inSlice}`
    for (const { key, execution } of rows) {
      const filled = filledIn(execution)
      yield* sql`UPDATE documents SET execution = ${filled.execution} WHERE key = ${key}`
      yield* sql`UPDATE executions SET ${sql.update(filled.columns)} WHERE key = ${key}`
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < inSlice) return
    after = last.key
  }
})

/** What version 1 wrote: times are ISO 8601. */
interface Before {
  readonly providerStatus: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly listedAt: string | null
}

const filledIn = (text: string) => {
  // It is what version 1 has written.
  const before = JSON.parse(text) as Before
  const { providerStatus, startedAt, finishedAt, listedAt } = before
  // A planned run of Prefect is listed by the time at which it is due.
  const timestamp = startedAt ?? finishedAt ?? listedAt
  return {
    execution: JSON.stringify({
      ...before,
      timestamp,
      scheduledFor: null,
      attempt: null,
      tags: [],
    }),
    columns: {
      timestamp: millisecondsOf(timestamp) ?? 9e15,
      finished_at: millisecondsOf(finishedAt),
      provider_status: providerStatus?.replaceAll("\0", "\u2400").toWellFormed() ?? null,
    },
  }
}

const millisecondsOf = (time: string | null): number | null =>
  time === null ? null : new Date(time).getTime()
