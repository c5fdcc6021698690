import * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"

// Any number that no other program locks.
const lock = 4_927_183_055

/**
 * Runs what writes in one transaction, and all that write one after the other: numbers that are given
 * out grow in the order in which they can be read, and what was read before is still so.
 */
export const writing = <A, E, R>(
  sql: SqlClient,
  effect: Effect.Effect<A, E, R>,
): Effect.Effect<A, E | SqlError, R> =>
  sql.withTransaction(
    Effect.andThen(
      sql.onDialectOrElse({
        pg: () => Effect.asVoid(sql`SELECT pg_advisory_xact_lock(${lock})`),
        // It begins with the lock of the file.
        orElse: () => Effect.void,
      }),
      () => effect,
    ),
  )
