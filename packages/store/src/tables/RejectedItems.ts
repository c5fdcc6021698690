import { createHash } from "node:crypto"
import type { Json, ListPlace, Rejected } from "@execlog/core"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { keptJson, unlessDamaged } from "../database/DamagedRow.js"
import { forSet, insertAll } from "../database/StatementBatches.js"
import type { StoredConnection } from "./Connections.js"
import { isJson } from "./Documents.js"
import { storedText } from "./StoredText.js"

/** A rejected item as stored. */
export interface RejectedItem {
  /** Identifies it within the connection: its id, or hashes if it has none. */
  readonly identity: string
  readonly id: string | null
  readonly reason: string
  readonly raw: Json
  /** When it was requested, in milliseconds. */
  readonly observedAt: number
}

interface RejectedRow extends Omit<RejectedItem, "raw" | "observedAt"> {
  readonly raw: string
  readonly observed_at: number
}

/** The most rejected items stored of one connection. */
export const mostRejected = 10_000

/** When items were observed. */
export interface RejectedSighting {
  readonly observedAt: number
  /** When this sync began. An item observed since then is another one. */
  readonly begunAt: number
}

/**
 * Stores rejected items, each once, as last observed. An item without an id is recognized by its content,
 * or its place if nothing of it was received, or, if that changed, by its index and shape. Drops the items observed longest ago if there are too many,
 * and returns how many. Call it within a transaction.
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

/** The stored items without an id; none if all observed items have one. */
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
    /** The other identity under which an item is stored, each once; null if there is none. */
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

/** The rejected items of a connection, by identity. */
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

/** Drops items that were read since, by the ids of items or executions. */
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

/** Drops items that can be read now. */
export const forgetRejected = Effect.fnUntraced(function* (
  sql: SqlClient,
  connection: StoredConnection,
  items: ReadonlyArray<RejectedItem>,
): Effect.fn.Return<void, SqlError> {
  for (const { identity, observedAt } of items) {
    // An item that was rejected again in the meantime stays.
    yield* sql`DELETE FROM rejected_items
      WHERE connection_id = ${connection.id} AND identity = ${identity}
        AND observed_at <= ${observedAt}`
  }
})

/** Identifies a rejected item within its connection, with or without an id. */
export interface RejectedIdentity {
  /** Its id, or a hash of its content and one of its place and shape. */
  readonly text: string
  /** The first hash, the same for equal content; null if the item has an id. */
  readonly content: string | null
  /** The second hash, the same for an equal place on the page and an equal shape. */
  readonly placeAndShape: string
}

/** The identity of a rejected item. */
const identityOf = ({
  id,
  index,
  raw,
  places,
}: Pick<Rejected, "id" | "index" | "raw" | "places">): RejectedIdentity => {
  const placeAndShape = hashOf(`${index} ${shapeOf(raw, deepest)}`)
  if (id !== null) return { text: storedText(id), content: null, placeAndShape }
  const [place] = places
  const content = hashOf(JSON.stringify(place === undefined ? raw : placeKey(place)))
  return { text: `${content}.${placeAndShape}`, content, placeAndShape }
}

/** Identifies a place, in an order of its own: what is stored must not depend on that of an object. */
const placeKey = (place: ListPlace): ReadonlyArray<string | number | null> =>
  "after" in place ? [place.after, place.distance] : [place.number, place.bound]

// Deeper than this, items of one kind differ in shape.
const deepest = 3

/** The field names of a value and the types of their values. */
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
