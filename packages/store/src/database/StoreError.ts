import { inspectedError } from "@execlog/core/unstable"
import * as Data from "effect/Data"
import { NodeInspectSymbol } from "effect/Inspectable"
import { hintOf, type StoreHint, type StoreHintCode } from "./StoreHint.js"

/**
 * Why an operation on a store failed.
 *
 * - `InvalidAddress`: neither a path nor a Postgres URL.
 * - `NotFound`: there is no store at the address.
 * - `NotAStore`: the file is not a database, or belongs to another program.
 * - `Damaged`: the file was cut off or altered.
 * - `Newer`: a newer version of execlog has written it.
 * - `Older`: it was opened to read, and an older version of execlog has written it.
 * - `ReadOnly`: it cannot be written.
 * - `Locked`: another program is writing to it.
 * - `Full`: there is no space left.
 * - `Unreachable`: the server is down, or the connection to it broke.
 * - `AccessDenied`: the server rejects the user or the password, or the user lacks a permission.
 * - `Conflict`: the connection's name is already used for another provider.
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
  /** A code alone gets its default text. */
  readonly hint: StoreHint | StoreHintCode
  readonly cause?: unknown
}

/** The error type of the store. It never contains a password. */
export class StoreError extends Data.TaggedError("StoreError")<{
  readonly reason: StoreErrorReason
  /** The failure and the store, in one sentence for people. */
  readonly message: string
  /** A hint for the user. */
  readonly hint: StoreHint
  readonly cause?: unknown
}> {
  constructor({ hint, ...fields }: StoreErrorFields) {
    super({ ...fields, hint: typeof hint === "string" ? hintOf(hint) : hint })
  }

  /** Printed by `console.log` as Node prints errors: stack, fields, cause. */
  override [NodeInspectSymbol](): Error {
    return inspectedError(this, this)
  }

  /** Whether a value is a StoreError, including one from another copy of this package. */
  static is(value: unknown): value is StoreError {
    return value instanceof Error && "_tag" in value && value._tag === "StoreError"
  }
}
