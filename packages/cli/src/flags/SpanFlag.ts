import { parseSpan } from "@execlog/core/unstable"
import { UsageError } from "../session/UsageError.js"

/** What may be written for a span. */
export interface SpanLimits {
  /** What is written for it, for whoever wrote something else. */
  readonly example: string
  /** Milliseconds. */
  readonly shortest?: number
  /** What it is, where a longer one than Node can wait for, 24 days, makes no sense either. */
  readonly waits?: string
}

/** Milliseconds. */
const longestWait = 2 ** 31 - 1

/** Reads a span of time, as milliseconds. */
export const readSpan = (
  flag: string,
  written: string | undefined,
  { example, shortest = 0, waits }: SpanLimits,
): number | undefined => {
  if (written === undefined) return undefined
  const span = parseSpan(written)
  const hint = `Write ${flag} ${example}, say.`
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
