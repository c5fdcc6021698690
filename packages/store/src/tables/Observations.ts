import { type Execution, executionStatuses, isTerminal } from "@execlog/core"
import { mergeObservation } from "@execlog/core/unstable"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { unlessDamaged } from "../database/DamagedRow.js"
import { forSet, insertAll } from "../database/StatementBatches.js"
import { setObserved, type StoredConnection } from "./Connections.js"
import { documentOf, type DocumentRow, executionOf } from "./Documents.js"
import { columnsOf, type ExecutionRow } from "./Executions.js"
import { forgetRead } from "./RejectedItems.js"
import { addStatusChanges, type StatusChangeRow } from "./StatusChanges.js"
import { storedText, storedTextOrNull } from "./StoredText.js"

/** How executions were observed. */
export interface Sighting {
  /** When their request began, in milliseconds. The later request wins. */
  readonly observedAt: number
  /**
   * An unknown execution counts as new if it was listed at this instant or later, else as history; null:
   * all are history.
   */
  readonly newsSince: number | null
  /** They come from events: the start of an ended execution is not news. */
  readonly keepsTerminal?: boolean
  /** The ids of their items, if known. */
  readonly itemIds?: ReadonlyArray<string | null>
}

/** The outcome of saving observations. */
export interface Saved {
  readonly added: number
  /** Executions of which anything changed. */
  readonly changed: number
  readonly unchanged: number
}

/** Saves observed executions of a connection. Call it within a transaction. */
export const saveObservations = Effect.fnUntraced(function* (
  sql: SqlClient,
  connection: StoredConnection,
  observed: ReadonlyArray<Execution>,
  { observedAt, newsSince, keepsTerminal = false, itemIds = [] }: Sighting,
): Effect.fn.Return<Saved, SqlError> {
  if (observed.length === 0) return { added: 0, changed: 0, unchanged: 0 }
  const known = yield* findKnown(sql, connection, observed)
  const changes: Array<Omit<StatusChangeRow, "number">> = []
  const executions = new Map<number, ExecutionRow>()
  const documents = new Map<number, DocumentRow>()
  const seenAgain: Array<number> = []
  let last = yield* lastKey(sql)
  const firstNew = last + 1

  for (const execution of observed) {
    const id = storedText(execution.id)
    const before = known.get(id)
    if (before !== undefined && before.observed_at > observedAt) continue
    const key = before?.key ?? ++last
    const stored =
      before === undefined ? null : unlessDamaged(() => executionOf(before, connection))
    const previous = stored ?? (before === undefined ? null : withStatusOf(before, execution))
    if (
      keepsTerminal &&
      previous !== null &&
      isTerminal(previous.status) &&
      !isTerminal(execution.status)
    ) {
      seenAgain.push(key)
      continue
    }
    const merged = previous === null ? execution : mergeObservation(previous, execution)
    const document = { key, ...documentOf(merged) }
    if (before !== undefined && isSame(before, stored, document)) {
      seenAgain.push(key)
      continue
    }
    const hasNewStatus =
      previous === null ||
      previous.status !== merged.status ||
      previous.providerStatus !== merged.providerStatus
    const columns = columnsOf(merged)
    const isNews = newsSince !== null && columns.listing_at >= newsSince
    if (hasNewStatus && (previous !== null || isNews)) {
      changes.push({
        execution_key: key,
        previous_status: previous?.status ?? null,
        previous_provider_status: storedTextOrNull(previous?.providerStatus ?? null),
        status: merged.status,
        provider_status: storedTextOrNull(merged.providerStatus),
        observed_at: observedAt,
      })
    }
    const hasNewEnd = hasNewStatus || isAnotherEnd(previous?.finishedAt, merged.finishedAt)
    const row: ExecutionRow = {
      key,
      connection_id: connection.id,
      ...columns,
      observed_at: observedAt,
      first_seen_at: before?.first_seen_at ?? observedAt,
      stale_at: hasNewStatus ? null : (before?.stale_at ?? null),
      gone_at: null,
      details_at: hasNewEnd ? null : (before?.details_at ?? null),
      details_tries: hasNewEnd ? 0 : (before?.details_tries ?? 0),
    }
    executions.set(key, row)
    documents.set(key, document)
    known.set(id, { ...row, ...document })
  }

  yield* sawAgain(sql, seenAgain, observedAt)
  yield* writeExecutions(sql, [...executions.values()])
  yield* writeDocuments(sql, [...documents.values()])
  yield* addStatusChanges(sql, oldestFirst(changes, executions))
  const ids = [...observed.map(({ id }) => id), ...itemIds.filter((id) => id !== null)]
  yield* forgetRead(sql, connection, ids, observedAt)
  yield* setObserved(sql, connection.id, observedAt)
  const added = last - firstNew + 1
  return {
    added,
    changed: executions.size - added,
    unchanged: observed.length - executions.size,
  }
})

/** Stands for a damaged execution: the observed one with the stored status. */
const withStatusOf = (before: Known, seen: Execution): Execution => ({
  ...seen,
  status: executionStatuses.find((status) => status === before.status) ?? seen.status,
  providerStatus: before.provider_status,
})

/** One endpoint may give the end in whole seconds, another in milliseconds. */
const isAnotherEnd = (before: Date | null | undefined, after: Date | null): boolean =>
  Math.abs((before?.getTime() ?? 0) - (after?.getTime() ?? 0)) > 1000

/** Lists are newest first; changes are recorded oldest first. */
const oldestFirst = <Change extends { readonly execution_key: number }>(
  changes: ReadonlyArray<Change>,
  executions: ReadonlyMap<number, ExecutionRow>,
): ReadonlyArray<Change> =>
  changes
    .map((change) => ({ change, execution: executions.get(change.execution_key) }))
    .toSorted(
      (a, b) =>
        (a.execution?.listing_at ?? 0) - (b.execution?.listing_at ?? 0) ||
        inOrder(a.execution?.id ?? "", b.execution?.id ?? ""),
    )
    .map(({ change }) => change)

const inOrder = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

type Known = Pick<
  ExecutionRow,
  | "key"
  | "status"
  | "provider_status"
  | "observed_at"
  | "first_seen_at"
  | "stale_at"
  | "details_at"
  | "details_tries"
> &
  Omit<DocumentRow, "key">

/** The stored rows of executions. Parts that no observation has are not read. */
const findKnown = Effect.fnUntraced(function* (
  sql: SqlClient,
  connection: StoredConnection,
  observed: ReadonlyArray<Execution>,
): Effect.fn.Return<Map<string, Known>, SqlError> {
  const rows = yield* forSet(
    sql,
    observed.map(({ id }) => storedText(id)),
    (some) => sql<Known & { readonly id: string }>`
      SELECT executions.key, executions.id, status, provider_status, observed_at, first_seen_at, stale_at, details_at,
        details_tries, documents.execution,
        ${partIf(sql, "steps", observed)}, ${partIf(sql, "inputs", observed)},
        ${partIf(sql, "outputs", observed)}, ${partIf(sql, "raw", observed)}
      FROM executions JOIN documents ON documents.key = executions.key
      WHERE connection_id = ${connection.id} AND executions.id IN ${some}`,
  )
  return new Map(rows.map(({ id, ...row }) => [id, row]))
})

const partIf = (
  sql: SqlClient,
  part: "steps" | "inputs" | "outputs" | "raw",
  observed: ReadonlyArray<Execution>,
) =>
  observed.some((execution) => execution[part] !== undefined)
    ? sql.literal(`documents.${part}`)
    : sql.literal(`NULL AS ${part}`)

/**
 * Whether the observation adds nothing to the stored execution. A document that lacks a new field is the
 * same while that field is empty.
 */
const isSame = (before: Known, stored: Execution | null, document: DocumentRow): boolean =>
  (before.execution === document.execution ||
    (stored !== null && documentOf(stored).execution === document.execution)) &&
  parts.every((part) => document[part] === null || document[part] === before[part])

const parts = ["steps", "inputs", "outputs", "raw"] as const

const lastKey = (sql: SqlClient): Effect.Effect<number, SqlError> =>
  Effect.map(
    sql<{ key: number | null }>`SELECT max(key) AS key FROM executions`,
    ([row]) => row?.key ?? 0,
  )

const sawAgain = (sql: SqlClient, keys: ReadonlyArray<number>, observedAt: number) =>
  forSet(
    sql,
    keys,
    (some) =>
      sql`UPDATE executions SET observed_at = ${observedAt}, gone_at = NULL WHERE key IN ${some}`,
  )

const writeExecutions = (sql: SqlClient, rows: ReadonlyArray<ExecutionRow>) =>
  insertAll(
    sql,
    rows.map((row) => ({ ...row })),
    (some, columns) => sql`INSERT INTO executions ${some}
      ON CONFLICT (key) DO UPDATE SET ${assignments(
        sql,
        columns.filter((name) => !constantColumns.includes(name)),
        (name) => `excluded.${name}`,
      )}`,
  )

const constantColumns: ReadonlyArray<string> = [
  "key",
  "connection_id",
  "id",
  "first_seen_at",
] satisfies ReadonlyArray<keyof ExecutionRow>

/** Parts that were not requested keep their stored values. */
const writeDocuments = (sql: SqlClient, rows: ReadonlyArray<DocumentRow>) =>
  insertAll(
    sql,
    rows.map((row) => ({ ...row })),
    (some, columns) => sql`INSERT INTO documents ${some}
      ON CONFLICT (key) DO UPDATE SET ${assignments(
        sql,
        columns.filter((name) => name !== "key"),
        (name) => `coalesce(excluded.${name}, documents.${name})`,
      )}`,
  )

/** The assignments of an update, one for each column, so that none is forgotten. */
const assignments = (
  sql: SqlClient,
  columns: ReadonlyArray<string>,
  valueOf: (name: string) => string,
) => sql.literal(columns.map((name) => `${name} = ${valueOf(name)}`).join(", "))
