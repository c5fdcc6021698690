import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { writeTransaction } from "../database/WriteTransaction.js"
import { changesNumbered, type ExecutionChange } from "./StatusChanges.js"
import { storedText } from "./StoredText.js"

/** How a follower failed to deliver a change. */
export interface FailedDelivery {
  /** The number of attempts. */
  readonly tries: number
  readonly failure: string
  /** Whether this was the last attempt. */
  readonly isLast: boolean
}

/** A change that a follower gave up on. */
export interface UndeliveredChange extends ExecutionChange, Omit<FailedDelivery, "isLast"> {
  readonly follower: string
  /** When it was last attempted. UTC. */
  readonly failedAt: Date
}

interface Row {
  readonly follower: string
  readonly number: number
  readonly tries: number
  readonly failure: string
  readonly failed_at: number
}

/** How often a follower has failed to deliver a change. */
export const deliveryTries = (
  sql: SqlClient,
  follower: string,
  number: number,
): Effect.Effect<number, SqlError> =>
  Effect.map(
    sql<{ tries: number }>`SELECT tries FROM failed_deliveries
      WHERE follower = ${storedText(follower)} AND number = ${number}`,
    ([row]) => row?.tries ?? 0,
  )

/** Records a failed delivery, or, with null, that it succeeded. */
export const setDelivery = (
  sql: SqlClient,
  follower: string,
  number: number,
  failed: FailedDelivery | null,
): Effect.Effect<void, SqlError> =>
  writeTransaction(
    sql,
    Effect.gen(function* () {
      const name = storedText(follower)
      yield* sql`DELETE FROM failed_deliveries WHERE follower = ${name} AND number = ${number}`
      if (failed === null) return
      yield* sql`INSERT INTO failed_deliveries ${sql.insert({
        follower: name,
        number,
        tries: failed.tries,
        failure: storedText(failed.failure),
        failed_at: yield* Clock.currentTimeMillis,
        is_last: failed.isLast ? 1 : 0,
      })}`
    }),
  )

/** The changes after a number that followers gave up on, up to a limit, in order. */
export const undeliveredAfter = Effect.fn("Store.undelivered")(function* (
  sql: SqlClient,
  after: number,
  most: number,
) {
  const rows = yield* sql<Row>`
    SELECT follower, number, tries, failure, failed_at FROM failed_deliveries
    WHERE is_last = 1 AND number IN (
      SELECT DISTINCT number FROM failed_deliveries
      WHERE is_last = 1 AND number > ${after} ORDER BY number LIMIT ${most}
    ) ORDER BY number, follower`
  const numbers = [...new Set(rows.map(({ number }) => number))]
  const changes = yield* changesNumbered(sql, numbers)
  return rows.flatMap(({ number, follower, tries, failure, failed_at }) => {
    const change = changes.find((one) => one.number === number)
    return change === undefined
      ? []
      : [{ ...change, follower, tries, failure, failedAt: new Date(failed_at) }]
  })
})
