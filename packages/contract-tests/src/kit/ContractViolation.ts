import { AdapterError } from "@execlog/core"

/** The finding of a check, for the author of an adapter. */
export interface ViolationFields {
  /** The violation, with names and values. */
  readonly found: string
  readonly expected: string
  /** Why it matters to users. */
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

/** A value for a message: on one line, truncated. */
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
