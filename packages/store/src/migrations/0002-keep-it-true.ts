import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

/**
 * Adds the timestamp that orders lists, executions gone at the provider, missing details of failures, and
 * numbers missing from lists ordered by number.
 *
 * Stored executions get their times from their documents, as far as these have them.
 */
export const keepItTrue = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const statements = [
    // 9e15 stands for a missing time.
    `ALTER TABLE executions ADD COLUMN timestamp double precision NOT NULL DEFAULT 9e15`,
    `ALTER TABLE executions ADD COLUMN scheduled_for double precision`,
    `ALTER TABLE executions ADD COLUMN finished_at double precision`,
    `ALTER TABLE executions ADD COLUMN provider_status text`,
    `ALTER TABLE executions ADD COLUMN gone_at double precision`,
    `ALTER TABLE executions ADD COLUMN details_at double precision`,
    `ALTER TABLE executions ADD COLUMN details_tries double precision NOT NULL DEFAULT 0`,
    // The name in the configuration, which may have had several servers.
    `ALTER TABLE connections ADD COLUMN known_as text NOT NULL DEFAULT ''`,
    `UPDATE connections SET known_as = name`,
    // A connection without a name is stored under its provider's id.
    `ALTER TABLE connections ADD COLUMN is_named integer NOT NULL DEFAULT 1`,
    `UPDATE connections SET is_named = 0 WHERE name = provider`,
    // The fingerprint covers fewer settings now: the next sync stores it.
    `UPDATE connections SET server = ''`,
    // For lists ordered by number: the range that was read, and the part of it that was searched for gaps.
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
    // For queries by end.
    `CREATE INDEX executions_by_finish ON executions (finished_at)`,
    // For recent failures, which may run again.
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

/** A document of version 1: times are ISO 8601. */
interface Before {
  readonly providerStatus: string | null
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly listedAt: string | null
}

const filledIn = (text: string) => {
  // Written by version 1.
  const before = JSON.parse(text) as Before
  const { providerStatus, startedAt, finishedAt, listedAt } = before
  // Prefect lists a planned run by its scheduled time.
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
