import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { writeTransaction } from "../database/WriteTransaction.js"
import { lastChangeNumber } from "./StatusChanges.js"
import { storedText } from "./StoredText.js"

/**
 * The number of the last change that a follower has processed. A new follower starts now, or with the
 * changes observed since an instant.
 */
export const followerPosition = (
  sql: SqlClient,
  name: string,
  since: number | null,
): Effect.Effect<number, SqlError> =>
  writeTransaction(
    sql,
    Effect.gen(function* () {
      const [row] = yield* sql<{ number: number }>`
        SELECT number FROM followers WHERE name = ${storedText(name)}`
      if (row !== undefined) return row.number
      const number = yield* lastChangeNumber(sql, since)
      yield* sql`INSERT INTO followers ${sql.insert({ name: storedText(name), number })}`
      return number
    }),
  )

/** Stores the position of a follower. */
export const setFollowerPosition = (
  sql: SqlClient,
  name: string,
  number: number,
): Effect.Effect<void, SqlError> =>
  writeTransaction(
    sql,
    Effect.asVoid(
      sql`INSERT INTO followers ${sql.insert({ name: storedText(name), number })}
        ON CONFLICT (name) DO UPDATE SET number = excluded.number`,
    ),
  )
