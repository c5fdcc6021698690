import { AdapterError, type Json } from "@execlog/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { keptJson, unlessDamaged } from "../database/DamagedRow.js"
import { textSet } from "../database/StatementBatches.js"
import { connectionsById } from "../tables/Connections.js"
import { isJson } from "../tables/Documents.js"
import { storedText } from "../tables/StoredText.js"

/** An item that could not be read, as last observed. */
export interface StoredRejected {
  /** The name under which its connection is stored. */
  readonly connection: string
  readonly provider: string
  /** Null if it has none that could be read. */
  readonly id: string | null
  readonly reason: string
  readonly raw: Json
  /** UTC. */
  readonly observedAt: Date
}

/** Some rejected items, and where to continue. */
export interface RejectedPage {
  readonly rejected: ReadonlyArray<StoredRejected>
  /** Null at the end. */
  readonly next: string | null
}

/** Which rejected items to return. */
export interface RejectedListOptions {
  /** The names of connections. Default: all. */
  readonly connections?: ReadonlyArray<string> | undefined
  /** The `next` of a page before. */
  readonly cursor?: string | null | undefined
  /** The most items to return. Default: 100. */
  readonly limit?: number | undefined
}

// The largest integer of Postgres.
const largestConnection = 2 ** 31 - 1

/** The place of an item: its observation, connection and identity. */
const Place = Schema.fromJsonString(
  Schema.Tuple([
    Schema.Int,
    Schema.Natural.check(Schema.isLessThanOrEqualTo(largestConnection)),
    Schema.String.check(Schema.makeFilter((text) => storedText(text) === text)),
  ]),
)
type Place = typeof Place.Type
const decodePlace = Schema.decodeUnknownResult(Place)

interface FoundRow {
  readonly connection_id: number
  readonly identity: string
  readonly id: string | null
  readonly reason: string
  readonly raw: string
  readonly observed_at: number
}

/** The place of a cursor; null without one. Throws `InvalidQuery`. */
export const rejectedPlace = (cursor: string | null | undefined): Place | null => {
  if (cursor === null || cursor === undefined) return null
  const decoded = decodePlace(Buffer.from(cursor, "base64url").toString("utf8"))
  if (Result.isSuccess(decoded)) return decoded.success
  throw new AdapterError({
    reason: "InvalidQuery",
    message: "The cursor is malformed: it is not one of a list of rejected items.",
    operation: "query",
    subject: { kind: "option", name: "cursor" },
    cursorFault: "malformed",
    hint: "start_over",
  })
}

/** The rejected items after a place, those observed last first. */
export const readRejected = Effect.fn("Store.rejected")(function* (
  sql: SqlClient,
  names: ReadonlyArray<string> | undefined,
  after: Place | null,
  most: number,
): Effect.fn.Return<RejectedPage, SqlError> {
  const conditions = [sql.literal("1 = 1")]
  if (names !== undefined) {
    conditions.push(
      sql`connection_id IN (SELECT id FROM connections WHERE name IN ${textSet(sql, names.map(storedText))})`,
    )
  }
  if (after !== null) {
    conditions.push(
      sql`(observed_at, connection_id, identity) < (${after[0]}, ${after[1]}, ${after[2]})`,
    )
  }
  const rows = yield* sql<FoundRow>`
    SELECT connection_id, identity, id, reason, raw, observed_at FROM rejected_items
    WHERE ${sql.and(conditions)}
    ORDER BY observed_at DESC, connection_id DESC, identity DESC LIMIT ${most}`
  const connections = yield* connectionsById(sql)
  const last = rows.at(-1)
  return {
    rejected: rows.flatMap((row): ReadonlyArray<StoredRejected> => {
      const connection = connections.get(row.connection_id)
      const raw = unlessDamaged(() => keptJson(row.raw, "a rejected item", isJson))
      if (connection === undefined || raw === null) return []
      const { name, provider } = connection
      const { id, reason, observed_at: observedAt } = row
      return [{ connection: name, provider, id, reason, raw, observedAt: new Date(observedAt) }]
    }),
    next: last === undefined || rows.length < most ? null : cursorAt(last),
  }
})

const cursorAt = ({ observed_at: at, connection_id: connection, identity }: FoundRow): string =>
  Buffer.from(JSON.stringify([at, connection, identity])).toString("base64url")
