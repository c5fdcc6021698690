import * as Effect from "effect/Effect"
import { forSet, insertAll } from "../database/BulkStatements.js"
import { keptJson, unlessDamaged } from "../database/Damage.js"
import type { StoredConnection } from "./Connections.js"
import { isJson } from "./Executions.js"
import { storedText } from "./StoredText.js"
import type { Json, Rejected } from "@execlog/core"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { createHash } from "node:crypto"

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

/** So many items of a connection are kept that could not be read. */
export const mostRejected = 10_000

/** When items were seen. */
export interface RejectedSighting {
  readonly observedAt: number
  /** What was seen since then was seen by this sync: it is another item. */
  readonly begunAt: number
}

/**
 * Keeps items that could not be read, each once, in the form in which it was last seen, within a
 * transaction. One without an id that holds something else now is known by its place and shape. Of too
 * many those are forgotten that were seen the longest ago; gives how many.
 */
export const saveRejected = Effect.fnUntraced(function* (
  sql: SqlClient,
  { id: connectionId }: StoredConnection,
  rejected: ReadonlyArray<Rejected>,
  { observedAt, begunAt }: RejectedSighting,
): Effect.fn.Return<number, SqlError> {
  if (rejected.length === 0) return 0
  const unnamed = yield* unnamedItems(sql, connectionId, rejected)
  const before = Math.min(begunAt, observedAt)
  const contents = new Set<string>()
  const rows = new Map<string, Record<string, unknown>>()
  for (const item of rejected) {
    const { id, reason, raw } = item
    const identity = identityOf(item)
    if (identity.content !== null && contents.has(identity.content)) continue
    if (identity.content !== null) contents.add(identity.content)
    const known = unnamed.take(identity, before)
    if (known !== null) {
      yield* sql`UPDATE rejected_items SET identity = ${identity.text}
        WHERE connection_id = ${connectionId} AND identity = ${known}`
    }
    rows.set(identity.text, {
      connection_id: connectionId,
      identity: identity.text,
      id: id === null ? null : storedText(id),
      reason: storedText(reason),
      raw: JSON.stringify(raw),
      observed_at: observedAt,
    })
  }
  yield* insertAll(
    sql,
    [...rows.values()],
    (some) => sql`INSERT INTO rejected_items ${some}
      ON CONFLICT (connection_id, identity) DO UPDATE SET
        reason = excluded.reason, raw = excluded.raw, observed_at = excluded.observed_at
      WHERE rejected_items.observed_at <= excluded.observed_at`,
  )
  const forgotten = yield* sql`
    DELETE FROM rejected_items WHERE connection_id = ${connectionId} AND identity IN (
      SELECT identity FROM rejected_items WHERE connection_id = ${connectionId}
      ORDER BY observed_at DESC, identity LIMIT 1000000000 OFFSET ${mostRejected}
    ) RETURNING id`
  return forgotten.length
})

interface UnnamedRow {
  readonly identity: string
  readonly observed_at: number
}

/** The kept items without an id, where any of those that were seen has none. */
const unnamedItems = Effect.fnUntraced(function* (
  sql: SqlClient,
  connectionId: number,
  rejected: ReadonlyArray<Rejected>,
) {
  const rows = rejected.some(({ id }) => id === null)
    ? yield* sql<UnnamedRow>`
        SELECT identity, observed_at FROM rejected_items
        WHERE connection_id = ${connectionId} AND id IS NULL ORDER BY observed_at, identity`
    : []
  const left = new Set(rows)
  const byContent = Map.groupBy(rows, ({ identity }) => identity.split(".")[0])
  const byPlace = Map.groupBy(rows, ({ identity }) => identity.split(".")[1])
  return {
    /** The identity under which an item is kept, each once; null where that is its own, or it is not. */
    take: ({ text, content, placeAndShape }: RejectedIdentity, before: number): string | null => {
      if (content === null) return null
      const isLeft = (row: UnnamedRow): boolean => left.has(row)
      const same = (byContent.get(content) ?? []).filter(isLeft)
      const found =
        same.find(({ identity }) => identity === text) ??
        same[0] ??
        (byPlace.get(placeAndShape) ?? []).find((row) => isLeft(row) && row.observed_at < before)
      if (found === undefined) return null
      left.delete(found)
      return found.identity === text ? null : found.identity
    },
  }
})

/** The items of a connection that could not be read yet, by identity. */
export const rejectedItems = Effect.fnUntraced(function* (
  sql: SqlClient,
  connection: StoredConnection,
  { after, most }: { readonly after: string; readonly most: number },
) {
  const rows = yield* sql<RejectedRow>`
    SELECT identity, id, reason, raw, observed_at FROM rejected_items
    WHERE connection_id = ${connection.id} AND identity > ${after} ORDER BY identity LIMIT ${most}`
  return rows.flatMap(
    ({ raw: text, observed_at: observedAt, ...row }): ReadonlyArray<RejectedItem> => {
      const raw = unlessDamaged(() => keptJson(text, "a rejected item", isJson))
      return raw === null ? [] : [{ ...row, raw, observedAt }]
    },
  )
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

/** What tells a rejected item from the others of its connection, by its id or without one. */
export interface RejectedIdentity {
  /** Its id; else a hash of what it holds, and a hash of its place and shape. */
  readonly text: string
  /** How all begin that hold the same; null where it has an id. */
  readonly content: string | null
  /** How all end that stand at the same place of a page and are of the same shape. */
  readonly placeAndShape: string
}

/** The identity of an item that could not be read. */
const identityOf = ({
  id,
  index,
  raw,
  reason,
}: Pick<Rejected, "id" | "index" | "raw" | "reason">): RejectedIdentity => {
  const placeAndShape = hashOf(`${index} ${shapeOf(raw, deepest)}`)
  if (id !== null) return { text: storedText(id), content: null, placeAndShape }
  const content = hashOf(raw === null ? reason : JSON.stringify(raw))
  return { text: `${content}.${placeAndShape}`, content, placeAndShape }
}

// Below, items of one kind differ.
const deepest = 3

/** The names in a value and the types of what stands there. */
const shapeOf = (value: Json, depth: number): string => {
  if (Array.isArray(value)) return "[]"
  if (typeof value !== "object" || value === null) return typeof value
  if (depth === 0) return "{}"
  const parts = Object.entries(value).map(
    ([name, part]) => `${JSON.stringify(name)}:${shapeOf(part, depth - 1)}`,
  )
  return `{${parts.toSorted().join()}}`
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex")
