import { SqlError } from "effect/sql/SqlError"
import type { StoreErrorReason } from "./StoreError.js"
import type { StoreHint, StoreHintCode } from "./StoreHint.js"

/** An error in words: what completes the sentence "The store …". */
export type Explained = readonly [
  reason: StoreErrorReason,
  what: string,
  hint: StoreHint | StoreHintCode,
]

/** The driver's error, which effect wraps. */
export const causeOf = (error: unknown): unknown => {
  let cause = error instanceof SqlError ? error.reason.cause : error
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause
  return cause
}

/** The first line of a database's message. */
export const firstLine = (text: string): string => (text.split("\n")[0] ?? "").slice(0, 300)

/** A text property of a driver's error. */
export const textOf = (value: unknown, name: string): string | null => {
  const found = valueOf(value, name)
  return typeof found === "string" ? found : null
}

/** A property of a driver's error. */
export const valueOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined
