import type { StatisticRow } from "@execlog/core/statistics"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { connectionsById, givenName } from "../tables/Connections.js"
import { executionOf } from "../tables/Documents.js"
import { untimed } from "../tables/Executions.js"
import { conditionsOf, isFound, needsDocument } from "./Conditions.js"
import type { StoredQuery } from "./List.js"

/** A batch of rows for statistics, and the place where the next batch starts; null at the end. */
export interface StatisticSlice {
  readonly rows: ReadonlyArray<StatisticRow>
  readonly next: StatisticPlace | null
}

/** The place of a row. */
export interface StatisticPlace {
  readonly timestamp: number
  readonly key: number
}

/** Values in the order of the columns, without names: there may be a million rows. */
type Values = readonly [
  key: number,
  connectionId: number,
  workflowId: string | null,
  workflowName: string | null,
  status: StatisticRow["status"],
  timestamp: number,
  durationMs: number | null,
  totalTokens: number | null,
  errorMessage: string | null,
  execution: string | null,
]

/** Reads the batch of rows after a place, in no defined order. */
export const readStatistics = Effect.fnUntraced(function* (
  sql: SqlClient,
  stored: StoredQuery,
  after: StatisticPlace | null,
  most: number,
): Effect.fn.Return<StatisticSlice, SqlError> {
  // All rows are fastest in the order of their keys, those of a period by its index.
  const order = sql.literal(
    stored.query.since === null ? "executions.key" : "timestamp, executions.key",
  )
  const behind =
    after === null
      ? []
      : stored.query.since === null
        ? [sql`executions.key > ${after.key}`]
        : [sql`(timestamp, executions.key) > (${after.timestamp}, ${after.key})`]
  const isLookedAt = needsDocument(stored)
  const [document, tables] = isLookedAt
    ? ["documents.execution", "executions JOIN documents ON documents.key = executions.key"]
    : ["NULL", "executions"]
  // The order of columnsOf.
  const found = (yield* sql`
    SELECT executions.key, connection_id, workflow_id, workflow_name, status, timestamp, duration_ms,
      total_tokens, error_message, ${sql.literal(document)}
    FROM ${sql.literal(tables)} WHERE ${sql.and([...behind, ...conditionsOf(sql, stored), sql.literal("1 = 1")])}
    ORDER BY ${order} LIMIT ${most}`.values) as unknown as ReadonlyArray<Values>
  const connections = yield* connectionsById(sql)
  const rows = found.flatMap((values): ReadonlyArray<StatisticRow> => {
    const [, connectionId, workflowId, workflowName, status, timestamp, ...figures] = values
    const [durationMs, totalTokens, errorMessage, execution] = figures
    const connection = connections.get(connectionId)
    if (connection === undefined) return []
    if (execution !== null && !isFound(stored, executionOf({ execution }, connection))) return []
    return [
      {
        provider: connection.provider,
        connection: givenName(connection),
        workflowId,
        workflowName,
        status,
        timestamp: timestamp === untimed ? null : timestamp,
        durationMs,
        totalTokens,
        errorMessage,
      },
    ]
  })
  const last = found.at(-1)
  const next =
    last === undefined || found.length < most ? null : { timestamp: last[5], key: last[0] }
  return { rows, next }
})
