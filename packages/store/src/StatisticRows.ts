import type { StatisticRow } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { connectionsById } from "./StoredConnections.js"
import { conditionsOf, type StoredQuery } from "./StoredList.js"

/** A slice of the rows that statistics take, with where the next one begins; null at the end. */
export interface StatisticSlice {
  readonly rows: ReadonlyArray<StatisticRow>
  readonly next: number | null
}

/** In the order of these columns, without their names, which a million rows would repeat. */
type Values = readonly [
  key: number,
  connectionId: number,
  workflowId: string | null,
  workflowName: string | null,
  status: StatisticRow["status"],
  startedAt: number | null,
  durationMs: number | null,
  totalTokens: number | null,
  errorMessage: string | null,
]

/** Reads the slice of rows that follows on a key, in no order that matters. */
export const readStatistics = Effect.fnUntraced(function* (
  sql: SqlClient,
  stored: StoredQuery,
  after: number,
  most: number,
): Effect.fn.Return<StatisticSlice, SqlError> {
  // It is what columnsOf has written.
  const found = (yield* sql`
    SELECT key, connection_id, workflow_id, workflow_name, status, started_at, duration_ms,
      total_tokens, error_message
    FROM executions WHERE ${sql.and([sql`key > ${after}`, ...conditionsOf(sql, stored)])}
    ORDER BY key LIMIT ${most}`.values) as unknown as ReadonlyArray<Values>
  const connections = yield* connectionsById(sql)
  const rows = found.map(
    ([
      ,
      connectionId,
      workflowId,
      workflowName,
      status,
      startedAt,
      durationMs,
      totalTokens,
      error,
    ]) => ({
      provider: connections.get(connectionId)?.provider ?? "",
      connection: connections.get(connectionId)?.name ?? null,
      workflowId,
      workflowName,
      status,
      startedAt,
      durationMs,
      totalTokens,
      errorMessage: error,
    }),
  )
  return { rows, next: found.length < most ? null : (found.at(-1)?.[0] ?? null) }
})
