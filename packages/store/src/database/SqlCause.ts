import { SqlError } from "effect/sql/SqlError"
import type { StoreErrorReason } from "./StoreError.js"
import type { StoreHint, StoreHintCode } from "./StoreHint.js"

/** What an error means for a person. */
export type Explained = readonly [
  reason: StoreErrorReason,
  what: string,
  hint: StoreHint | StoreHintCode,
]

/** The error of the driver, which effect wraps. */
export const causeOf = (error: unknown): unknown => {
  let cause = error instanceof SqlError ? error.reason.cause : error
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  return cause
}

/** The beginning of what a database says. */
export const firstLine = (text: string): string => (text.split("\n")[0] ?? "").slice(0, 300)

/** A text of an error that a driver gave. */
export const textOf = (value: unknown, name: string): string | null => {
  const found = valueOf(value, name)
  return typeof found === "string" ? found : null
}

/** A property of an error that a driver gave. */
export const valueOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined
