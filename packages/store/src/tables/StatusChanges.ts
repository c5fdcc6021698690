import {
  type Execution,
  type ExecutionStatus,
  executionStatuses,
  type Include,
} from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Fragment } from "effect/sql/Statement"
import { DamagedRow } from "../database/DamagedRow.js"
import { forSet, insertAll } from "../database/StatementBatches.js"
import { connectionsById } from "./Connections.js"
import { executionOf, type FoundDocument } from "./Documents.js"

/** A change of status as stored. */
export interface StatusChangeRow {
  /** Increases with each change, across all connections. */
  readonly number: number
  readonly execution_key: number
  /** Null when the execution is new. */
  readonly previous_status: string | null
  readonly previous_provider_status: string | null
  readonly status: string
  readonly provider_status: string | null
  readonly observed_at: number
}

/** An observed change of status of one execution. */
export interface StatusChange {
  /** Null when the execution is new. */
  readonly previous: Status | null
  readonly next: Status
  /** UTC. */
  readonly observedAt: Date
}

/** A status and the provider's own word for it. */
export interface Status {
  readonly status: ExecutionStatus
  readonly providerStatus: string | null
}

/** A change, with the execution as it is now except for its status, which is that of the change. */
export interface ExecutionChange extends Omit<StatusChange, "next"> {
  /** Pass it as `after` to continue. */
  readonly number: number
  readonly execution: Execution
}

/** Records changes. Call it within a transaction. */
export const addStatusChanges = Effect.fnUntraced(function* (
  sql: SqlClient,
  changes: ReadonlyArray<Omit<StatusChangeRow, "number">>,
): Effect.fn.Return<void, SqlError> {
  if (changes.length === 0) return
  const before = yield* lastChangeNumber(sql, null)
  const rows = changes.map((change, index) => ({ number: before + index + 1, ...change }))
  yield* insertAll(sql, rows, (some) => sql`INSERT INTO status_changes ${some}`)
})

/** The number of the last change, or of the last before an instant; 0 if there is none. */
export const lastChangeNumber = (
  sql: SqlClient,
  before: number | null,
): Effect.Effect<number, SqlError> => {
  const last = sql`(SELECT max(number) FROM status_changes)`
  const number =
    before === null
      ? last
      : sql`coalesce((SELECT min(number) - 1 FROM status_changes WHERE observed_at >= ${before}), ${last})`
  return Effect.map(
    sql<{ number: number }>`SELECT coalesce(${number}, 0) AS number`,
    ([row]) => row?.number ?? 0,
  )
}

/** The changes after a number, in the order of recording, with the included parts. */
export const changesAfter = Effect.fn("Store.changes")(function* (
  sql: SqlClient,
  after: number,
  most: number,
  include: ReadonlyArray<Include>,
) {
  return yield* readChanges(sql, include, sql`number > ${after} ORDER BY number LIMIT ${most}`)
})

/** The changes with these numbers, as {@link changesAfter} returns them. */
export const changesNumbered = (sql: SqlClient, numbers: ReadonlyArray<number>) =>
  forSet(
    sql,
    numbers.toSorted((a, b) => a - b),
    (some) => readChanges(sql, [], sql`number IN ${some} ORDER BY number`),
  )

const readChanges = Effect.fnUntraced(function* (
  sql: SqlClient,
  include: ReadonlyArray<Include>,
  which: Fragment,
) {
  const parts = include.map((part) => sql.literal(`, documents.${part}`))
  const rows = yield* sql<StatusChangeRow & FoundDocument & { readonly connection_id: number }>`
    SELECT number, previous_status, previous_provider_status, status_changes.status,
      status_changes.provider_status, status_changes.observed_at, connection_id,
      documents.execution${sql.join("", false)(parts)}
    FROM status_changes
    JOIN executions ON executions.key = execution_key
    JOIN documents ON documents.key = execution_key
    WHERE ${which}`
  const connections = yield* connectionsById(sql)
  return rows.flatMap((row): ReadonlyArray<ExecutionChange> => {
    const connection = connections.get(row.connection_id)
    if (connection === undefined) return []
    const { previous, next, observedAt } = changeOf(row)
    // The execution may have changed again since; that is a change of its own.
    const execution = { ...executionOf(row, connection), ...next }
    return [{ number: row.number, execution, previous, observedAt }]
  })
})

/** All changes of one execution, oldest first. */
export const changesOf = Effect.fnUntraced(function* (sql: SqlClient, executionKey: number) {
  const rows = yield* sql<StatusChangeRow>`
    SELECT * FROM status_changes WHERE execution_key = ${executionKey} ORDER BY number`
  return rows.map(changeOf)
})

const decodeStatus = (written: string): ExecutionStatus => {
  const status = executionStatuses.find((known) => known === written)
  if (status === undefined) throw new DamagedRow("the status of a change cannot be read")
  return status
}

const changeOf = (row: StatusChangeRow): StatusChange => ({
  previous:
    row.previous_status === null
      ? null
      : {
          status: decodeStatus(row.previous_status),
          providerStatus: row.previous_provider_status,
        },
  next: { status: decodeStatus(row.status), providerStatus: row.provider_status },
  observedAt: new Date(row.observed_at),
})
