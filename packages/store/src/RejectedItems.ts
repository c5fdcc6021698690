import { createHash } from "node:crypto"
import type { Json, Rejected } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { forSet } from "./BulkStatements.js"
import type { StoredConnection } from "./StoredConnections.js"
import { storedText } from "./StoredText.js"

/** An item that could not be read, as the store holds it. */
export interface RejectedItem {
  /** What tells it from the connection's others: its id, or a hash of it where it has none. */
  readonly identity: string
  readonly id: string | null
  readonly reason: string
  readonly raw: Json
  /** When it was asked for, in milliseconds. */
  readonly observedAt: number
}

interface RejectedRow extends Omit<RejectedItem, "raw" | "observedAt"> {
  readonly raw: string
  readonly observed_at: number
}

/** Keeps items that could not be read, each once, in the form in which it was last seen. */
export const saveRejected = Effect.fnUntraced(function* (
  sql: SqlClient,
  connection: StoredConnection,
  rejected: ReadonlyArray<Rejected>,
  observedAt: number,
): Effect.fn.Return<void, SqlError> {
  for (const { id, reason, raw } of rejected) {
    const text = JSON.stringify(raw)
    yield* sql`INSERT INTO rejected_items ${sql.insert({
      connection_id: connection.id,
      identity: id === null ? hashOf(raw === null ? reason : text) : storedText(id),
      id: id === null ? null : storedText(id),
      reason: storedText(reason),
      raw: text,
      observed_at: observedAt,
    })}
    ON CONFLICT (connection_id, identity) DO UPDATE SET
      reason = excluded.reason, raw = excluded.raw, observed_at = excluded.observed_at
    WHERE rejected_items.observed_at <= excluded.observed_at`
  }
})

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex")

/** The items of a connection that could not be read yet, by identity. */
export const rejectedItems = Effect.fnUntraced(function* (
  sql: SqlClient,
  connection: StoredConnection,
  { after, most }: { readonly after: string; readonly most: number },
) {
  const rows = yield* sql<RejectedRow>`
    SELECT identity, id, reason, raw, observed_at FROM rejected_items
    WHERE connection_id = ${connection.id} AND identity > ${after} ORDER BY identity LIMIT ${most}`
  return rows.map(({ raw, observed_at: observedAt, ...row }): RejectedItem => ({
    ...row,
    // It is what saveRejected has written.
    raw: JSON.parse(raw) as Json,
    observedAt,
  }))
})

/** Forgets items that were read since, by the ids that they or their executions have. */
export const forgetRead = (
  sql: SqlClient,
  { id }: StoredConnection,
  ids: ReadonlyArray<string>,
  observedAt: number,
): Effect.Effect<void, SqlError> =>
  Effect.asVoid(
    forSet(
      sql,
      ids.map(storedText),
      (some) => sql`DELETE FROM rejected_items
        WHERE connection_id = ${id} AND observed_at < ${observedAt} AND identity IN ${some}`,
    ),
  )

/** Forgets items that can be read now. */
export const forgetRejected = Effect.fnUntraced(function* (
  sql: SqlClient,
  connection: StoredConnection,
  items: ReadonlyArray<RejectedItem>,
): Effect.fn.Return<void, SqlError> {
  for (const { identity, observedAt } of items) {
    // One that was seen again meanwhile, and could not be read then, stays.
    yield* sql`DELETE FROM rejected_items
      WHERE connection_id = ${connection.id} AND identity = ${identity}
        AND observed_at <= ${observedAt}`
  }
})
