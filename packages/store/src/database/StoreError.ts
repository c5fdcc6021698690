import * as Data from "effect/Data"
import { hintOf, type StoreHint, type StoreHintCode } from "./StoreHint.js"

/**
 * Why a store could not do what was asked.
 *
 * - `InvalidAddress`: neither a path nor a URL of Postgres.
 * - `NotFound`: there is no store there yet.
 * - `NotAStore`: the file is not a database, or a database of something else.
 * - `Damaged`: the file was cut off or altered.
 * - `Newer`: a later version of execlog has written it.
 * - `Older`: it is read only, and an earlier version of execlog has written it.
 * - `ReadOnly`: it may not be written.
 * - `Locked`: another program holds it.
 * - `Full`: there is no space left.
 * - `Unreachable`: the server is down, or the connection to it broke.
 * - `AccessDenied`: the server refuses the user, the password or the rights.
 * - `Conflict`: what is stored under a connection's name is of another provider.
 * - `Failed`: anything else.
 */
export type StoreErrorReason =
  | "InvalidAddress"
  | "NotFound"
  | "NotAStore"
  | "Damaged"
  | "Newer"
  | "Older"
  | "ReadOnly"
  | "Locked"
  | "Full"
  | "Unreachable"
  | "AccessDenied"
  | "Conflict"
  | "Failed"

/** The fields of a {@link StoreError}. */
export interface StoreErrorFields {
  readonly reason: StoreErrorReason
  readonly message: string
  /** A code alone is worded as usual. */
  readonly hint: StoreHint | StoreHintCode
  readonly cause?: unknown
}

/** What a store fails with. It names the store, says what is wrong and what to do; no password. */
export class StoreError extends Data.TaggedError("StoreError")<{
  readonly reason: StoreErrorReason
  /** What is wrong and where, in one sentence for a person. */
  readonly message: string
  /** What to do about it. */
  readonly hint: StoreHint
  readonly cause?: unknown
}> {
  constructor({ hint, ...fields }: StoreErrorFields) {
    super({ ...fields, hint: typeof hint === "string" ? hintOf(hint) : hint })
  }

  /** Whether a value is a StoreError, also one that another copy of this package made. */
  static is(value: unknown): value is StoreError {
    return value instanceof Error && "_tag" in value && value._tag === "StoreError"
  }
}
