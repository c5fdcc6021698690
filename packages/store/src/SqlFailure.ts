import * as Effect from "effect/Effect"
import { isSqlError, SqlError } from "effect/sql/SqlError"
import { movedCode } from "./FilePlace.js"
import type { StoreAddress } from "./StoreAddress.js"
import { StoreError, type StoreErrorReason } from "./StoreError.js"

/** Tells what a database fails with as a StoreError; what a provider fails with stays. */
export const explained = <A, E, R>(
  address: StoreAddress,
  effect: Effect.Effect<A, E | SqlError, R>,
): Effect.Effect<A, Exclude<E, SqlError> | StoreError, R> =>
  effect.pipe(
    // A transaction that cannot be taken back, since its connection broke, ends as a defect.
    Effect.catchDefect((defect) => (isSqlError(defect) ? Effect.fail(defect) : Effect.die(defect))),
    Effect.mapError((error) =>
      // Of two types of which one is a parameter, TypeScript takes none away.
      isSqlError(error) ? explainSqlError(address, error) : (error as Exclude<E, SqlError>),
    ),
  )

/** What an error of SQLite or Postgres means for a person. */
export const explainSqlError = (address: StoreAddress, error: unknown): StoreError => {
  if (StoreError.is(error)) return error
  const [reason, what, hint] =
    address.kind === "sqlite" ? sqliteFailure(error) : postgresFailure(error, address.url)
  return new StoreError({
    reason,
    message: `The store ${address.shown} ${what}.`,
    hint,
    cause: error,
  })
}

type Explained = readonly [reason: StoreErrorReason, what: string, hint: string]

const again = "What was read before is kept; run the same command again, and it carries on."

const sqliteFailure = (error: unknown): Explained => {
  const code = numberOf(causeOf(error), "errcode") ?? 0
  if (code === movedCode) {
    return [
      "NotFound",
      "was moved or replaced while it was open",
      "Run the same command again, and it goes on with what is there now.",
    ]
  }
  if (code === readTooShort) return damaged(error)
  // The low byte tells the kind: https://sqlite.org/rescode.html
  switch (code & 0xff) {
    case 5:
    case 6:
      return ["Locked", "is held by another program", again]
    case 8:
      return [
        "ReadOnly",
        "may not be written",
        "Make the file and its folder writable, or name another with --store.",
      ]
    case 10:
      return [
        "Failed",
        `cannot be read or written: ${messageOf(error)}`,
        `See to its disk. ${again}`,
      ]
    case 11:
      return damaged(error)
    case 13:
      return ["Full", "cannot grow: the disk is full", `Make space. ${again}`]
    case 14:
      return [
        "NotFound",
        "cannot be opened",
        "Check that its folder is there, and that you may read and write it.",
      ]
    case 26:
      return ["NotAStore", "is no database", "Name another file, or leave --store out."]
    default:
      return ["Failed", `failed: ${messageOf(error)}`, again]
  }
}

const readTooShort = 522

const damaged = (error: unknown): Explained => [
  "Damaged",
  `is damaged: ${messageOf(error)}`,
  "Put a copy of it back, or move it away: the next sync reads what the providers still have.",
]

const postgresFailure = (error: unknown, url: URL): Explained => {
  const reason = error instanceof SqlError ? error.reason : null
  const code = textOf(causeOf(error), "code")
  if (code?.startsWith("28") === true || reason?._tag === "AuthenticationError") {
    return [
      "AccessDenied",
      `refuses the user or the password: ${messageOf(error)}`,
      "Check the user in the address, and the password in PGPASSWORD or in the address that EXECLOG_STORE holds.",
    ]
  }
  if (code === "3D000") {
    return [
      "NotFound",
      "is not there: the server has no such database",
      `Create it: createdb ${decodeURIComponent(url.pathname.slice(1))}.`,
    ]
  }
  if (code === "42501" || reason?._tag === "AuthorizationError") {
    return [
      "AccessDenied",
      `lacks a right: ${messageOf(error)}`,
      "Grant the user CREATE on the database.",
    ]
  }
  if (code === "53100") return ["Full", "cannot grow: the disk is full", `Make space. ${again}`]
  if (code === "25006")
    return ["ReadOnly", "may not be written: it is read only", "Name the primary server."]
  if (reason?._tag === "LockTimeoutError" || reason?._tag === "DeadlockError") {
    return ["Locked", "is held by another program", again]
  }
  if (
    reason?._tag === "ConnectionError" ||
    code?.startsWith("08") === true ||
    code?.startsWith("57P") === true
  ) {
    return [
      "Unreachable",
      `cannot be reached: ${messageOf(error)}`,
      `Check that the server is up. ${again}`,
    ]
  }
  return ["Failed", `failed: ${messageOf(error)}`, again]
}

/** The error of the driver, which effect wraps. */
const causeOf = (error: unknown): unknown => {
  let cause = error instanceof SqlError ? error.reason.cause : error
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  return cause
}

const messageOf = (error: unknown): string => {
  const cause = causeOf(error)
  const text = cause instanceof Error ? cause.message : String(cause)
  return (text.split("\n")[0] ?? "").slice(0, 300)
}

const numberOf = (value: unknown, name: string): number | null => {
  const found = valueOf(value, name)
  return typeof found === "number" ? found : null
}

const textOf = (value: unknown, name: string): string | null => {
  const found = valueOf(value, name)
  return typeof found === "string" ? found : null
}

const valueOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined
