import type { Execution, Include } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { storedConnections } from "../tables/Connections.js"
import { executionOf, type FoundDocument } from "../tables/Documents.js"
import { changesOf, type StatusChange } from "../tables/StatusChanges.js"
import { storedText } from "../tables/StoredText.js"

/** One execution with its history in the store. Instants are UTC. */
export interface StoredExecution {
  readonly execution: Execution
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  /** Since when it is no longer requested, because it was unfinished for too long; else null. */
  readonly staleAt: Date | null
  /** Since when the provider no longer has it, if it was unfinished then; else null. */
  readonly goneAt: Date | null
  /** Whether its details, such as the reason of a failure, were requested from the provider. */
  readonly isDetailed: boolean
  /** The observed changes of status, oldest first. */
  readonly changes: ReadonlyArray<StatusChange>
}

interface FoundRow extends FoundDocument {
  readonly key: number
  readonly first_seen_at: number
  readonly observed_at: number
  readonly stale_at: number | null
  readonly gone_at: number | null
  readonly details_at: number | null
}

/** One execution of a connection; null if it is not stored. */
export const readStored = Effect.fn("Store.get")(function* (
  sql: SqlClient,
  connectionName: string,
  id: string,
  include: ReadonlyArray<Include>,
): Effect.fn.Return<StoredExecution | null, SqlError> {
  const name = storedText(connectionName)
  const connection = (yield* storedConnections(sql)).find((one) => one.name === name)
  if (connection === undefined) return null
  const [row] = yield* sql<FoundRow>`
    SELECT executions.key, first_seen_at, observed_at, stale_at, gone_at, details_at, documents.execution,
      steps, inputs, outputs, ${include.includes("raw") ? sql.literal("raw") : sql.literal("NULL AS raw")}
    FROM executions JOIN documents ON documents.key = executions.key
    WHERE connection_id = ${connection.id} AND executions.id = ${storedText(id)}`
  if (row === undefined) return null
  return {
    execution: executionOf(row, connection),
    firstSeenAt: new Date(row.first_seen_at),
    lastSeenAt: new Date(row.observed_at),
    staleAt: instantOrNull(row.stale_at),
    goneAt: instantOrNull(row.gone_at),
    isDetailed: row.details_at !== null,
    changes: yield* changesOf(sql, row.key),
  }
})

const instantOrNull = (instant: number | null): Date | null =>
  instant === null ? null : new Date(instant)
