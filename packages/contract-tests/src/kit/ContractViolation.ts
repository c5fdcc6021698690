import { AdapterError } from "@execlog/core"

/** What a check found, for the author of an adapter. */
export interface ViolationFields {
  /** What is wrong, with the names and values that lead to it. */
  readonly found: string
  readonly expected: string
  /** What goes wrong for users otherwise. */
  readonly why: string
  readonly cause?: unknown
}

/** A broken promise: what was found, what was expected, and why users care. */
export class ContractViolation extends Error {
  override readonly name = "ContractViolation"
  constructor({ found, expected, why, cause }: ViolationFields) {
    super(
      `${found}\n  expected: ${expected}\n  users care: ${why}`,
      cause === undefined ? undefined : { cause },
    )
  }
}

/** Throws a {@link ContractViolation} unless a promise holds. */
export function holds(promise: boolean, violation: () => ViolationFields): asserts promise {
  if (!promise) throw new ContractViolation(violation())
}

/** A value as a message shows it, on one line and cut to a sane length. */
export const shown = (value: unknown): string => {
  const text = AdapterError.is(value)
    ? JSON.stringify(fieldsOf(value))
    : value instanceof Error
      ? `${value.name}: ${value.message}`
      : JSON.stringify(value)
  return (text ?? String(value)).slice(0, 600)
}

const fieldsOf = (error: AdapterError) => {
  const { reason, message, provider, connection, operation, status, subject, hint } = error
  return { reason, message, provider, connection, operation, status, subject, hint }
}
