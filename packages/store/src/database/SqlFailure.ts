import * as Effect from "effect/Effect"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import { DamagedRow } from "./DamagedRow.js"
import { movedCode } from "./MovedFile.js"
import { postgresCause, postgresFailure } from "./PostgresFailure.js"
import { causeOf, type Explained, firstLine, valueOf } from "./SqlCause.js"
import type { StoreAddress } from "./StoreAddress.js"
import { StoreError } from "./StoreError.js"

/** Turns errors of the database into StoreErrors; other errors pass unchanged. */
export const explained = <A, E, R>(
  address: StoreAddress,
  effect: Effect.Effect<A, E | SqlError, R>,
): Effect.Effect<A, Exclude<E, SqlError> | StoreError, R> =>
  effect.pipe(
    // A transaction whose rollback fails, since its connection broke, ends as a defect.
    Effect.catchDefect((defect): Effect.Effect<never, SqlError | DamagedRow> =>
      isSqlError(defect) || defect instanceof DamagedRow ? Effect.fail(defect) : Effect.die(defect),
    ),
    Effect.mapError((error) =>
      error instanceof DamagedRow
        ? explainDamage(address, error)
        : // TypeScript does not narrow a union with a type parameter.
          isSqlError(error)
          ? explainSqlError(address, error)
          : (error as Exclude<E, SqlError>),
    ),
  )

/** Turns an error of SQLite or Postgres into a StoreError. */
export const explainSqlError = (address: StoreAddress, error: unknown): StoreError => {
  if (StoreError.is(error)) return error
  const [reason, what, hint] =
    address.kind === "sqlite" ? sqliteFailure(error) : postgresFailure(error, address)
  return new StoreError({
    reason,
    message: `The store ${address.shown} ${what}.`,
    hint,
    cause: address.kind === "sqlite" ? error : postgresCause(error, address),
  })
}

const explainDamage = ({ shown }: StoreAddress, { message }: DamagedRow): StoreError =>
  new StoreError({
    reason: "Damaged",
    message: `The store ${shown} is damaged: ${message}.`,
    hint: "restore_or_sync",
  })

const sqliteFailure = (error: unknown): Explained => {
  const code = numberOf(causeOf(error), "errcode") ?? 0
  if (code === movedCode) {
    return ["NotFound", "was moved or replaced while it was open", "reopen"]
  }
  if (code === readTooShort) return damaged(error)
  // The primary code is the low byte: https://sqlite.org/rescode.html
  switch (code & 0xff) {
    case 5:
    case 6:
      return ["Locked", "is held by another program", "retry"]
    case 7:
      // SQLite also reports this for a damaged page with an absurd length.
      return ["Failed", "needs more memory than is available, or is damaged", "retry"]
    case 8:
      return ["ReadOnly", "cannot be written", "make_writable"]
    case 10:
      return ["Failed", `cannot be read or written: ${messageOf(error)}`, "check_disk"]
    case 11:
      return damaged(error)
    case 13:
      return ["Full", "cannot grow: the disk is full", "free_space"]
    case 14:
      return ["NotFound", "cannot be opened", "check_folder"]
    case 26:
      return ["NotAStore", "is not a database", "use_other_store"]
    default:
      return ["Failed", `failed: ${messageOf(error)}`, "retry"]
  }
}

const readTooShort = 522

const damaged = (error: unknown): Explained => [
  "Damaged",
  `is damaged: ${messageOf(error)}`,
  "restore_or_move_away",
]

const messageOf = (error: unknown): string => {
  const cause = causeOf(error)
  return firstLine(cause instanceof Error ? cause.message : String(cause))
}

const numberOf = (value: unknown, name: string): number | null => {
  const found = valueOf(value, name)
  return typeof found === "number" ? found : null
}
