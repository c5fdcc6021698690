import { parseSpan } from "@execlog/core/unstable"
import { UsageError } from "../session/UsageError.js"

/** The allowed values of a span, for its messages. */
export interface SpanLimits {
  /** A valid value, shown in errors. */
  readonly example: string
  /** Milliseconds. */
  readonly shortest?: number
  /** What the span is, if it is a wait: Node waits for at most 24 days. */
  readonly waits?: string
}

/** Milliseconds. */
const longestWait = 2 ** 31 - 1

/** Reads a span of time in milliseconds. */
export const readSpan = (
  flag: string,
  written: string | undefined,
  { example, shortest = 0, waits }: SpanLimits,
): number | undefined => {
  if (written === undefined) return undefined
  const span = parseSpan(written)
  const hint = `For example: ${flag} ${example}`
  if (span === null)
    throw new UsageError(`${flag}: "${written}" is not a valid span of time.`, hint)
  const longest = waits === undefined ? Number.MAX_SAFE_INTEGER : longestWait
  const wrong = span < shortest ? "short" : span > longest ? "long" : null
  if (wrong === null) return span
  throw new UsageError(
    `${flag}: ${written} is too ${wrong}${waits === undefined ? "" : ` ${waits}`}.`,
    hint,
  )
}
