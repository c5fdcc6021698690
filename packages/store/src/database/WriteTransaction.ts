import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

// An advisory lock that no other program uses.
const lock = 4_927_183_055

/**
 * Runs a write in a transaction, one write at a time. So numbers become visible in ascending order, and
 * what was read at its start still holds at its end.
 */
export const writeTransaction = <A, E, R>(
  sql: SqlClient,
  effect: Effect.Effect<A, E, R>,
): Effect.Effect<A, E | SqlError, R> =>
  sql.withTransaction(
    Effect.andThen(
      sql.onDialectOrElse({
        pg: () => Effect.asVoid(sql`SELECT pg_advisory_xact_lock(${lock})`),
        // A transaction starts by locking the file.
        orElse: () => Effect.void,
      }),
      () => effect,
    ),
  )
