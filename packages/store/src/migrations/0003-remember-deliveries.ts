import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"

/** Adds the changes that a follower has not delivered yet, or gave up on. */
export const rememberDeliveries = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql.unsafe(`CREATE TABLE failed_deliveries (
    follower text NOT NULL,
    number double precision NOT NULL,
    tries double precision NOT NULL,
    failure text NOT NULL,
    failed_at double precision NOT NULL,
    is_last integer NOT NULL,
    PRIMARY KEY (follower, number)
  )`)
})
