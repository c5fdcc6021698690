import type { Entry, Rejected } from "@execlog/core"
import { summingRejected } from "@execlog/core/unstable"
import { ExitCode, leastFailure } from "../session/ExitCode.js"
import type { Notices } from "../session/Notices.js"
import type { Session } from "../session/Session.js"

/** An execution with its cursor. */
export interface ReadEntry extends Entry {
  /** Whether its details were read; absent if it comes directly from a provider. */
  readonly isDetailed?: boolean
}

/** Executions for a command, from providers or from a store. */
export interface ExecutionSource {
  /** Whether anything can be read; if not, the reason was reported. */
  readonly isOpen: boolean
  /**
   * The flags with which `--cursor` resumes, without a secret; null where several connections are read,
   * whose cursor is too long for a command line.
   */
  readonly resumedBy: ReadonlyArray<string> | null
  /**
   * Up to the limit, merged by timestamp. They end early on an interruption; a place that
   * fails is reported, and the others continue. Read them only once.
   */
  readonly entries: AsyncIterable<ReadEntry>
  /** The state of reading, updated while the entries are read. */
  readonly reading: Readonly<Reading>
}

/** The state of reading so far. */
export interface Reading {
  /** Items that could not be read. */
  rejected: number
  /** Whether a place failed while it was read, so that executions are missing. */
  hasFailed: boolean
  /** The exit codes of all failures, including those before reading. */
  outcomes: Array<ExitCode>
}

/** The exit code after reading a source. Under `--strict`, reports rejected items. */
export const exitCodeAfterReading = (
  { reading }: Pick<ExecutionSource, "reading">,
  flags: { readonly strict?: boolean },
  { notices, interruption }: Session,
): ExitCode => {
  const outcomes = [...reading.outcomes, ...strictOutcome(flags, reading.rejected, notices)]
  return interruption.aborted ? ExitCode.interrupted : leastFailure(outcomes)
}

/**
 * The first entries, up to a limit if it is not null, with progress while they are
 * read. They end early on an interruption.
 */
export async function* entriesUpTo(
  limit: number | null,
  entries: AsyncIterable<ReadEntry>,
  { notices: { progress }, interruption }: Session,
): AsyncGenerator<ReadEntry, void, undefined> {
  let count = 0
  progress.show("reading")
  try {
    for await (const entry of entries) {
      if (interruption.aborted) return
      yield entry
      count += 1
      progress.show(`reading: ${count} executions`)
      if (count === limit) return
    }
  } finally {
    progress.stop()
  }
}

/** Warns of the first few rejected items of a place, and then of their number. */
export const rejectedNotices = (
  notices: Pick<Notices, "warn">,
  label: string,
): ((rejected: Rejected) => void) =>
  summingRejected(
    ({ id, index, reason }) =>
      notices.warn(`${label}: item ${index} (${id ?? "without id"}) was rejected: ${reason}`),
    (count) => notices.warn(`${label}: ${count} more items have been rejected so far.`),
  )

/** Under `--strict`, reports rejected items and returns their exit code, if there are any. */
export const strictOutcome = (
  { strict }: { readonly strict?: boolean },
  rejected: number,
  notices: Notices,
): ReadonlyArray<ExitCode> => {
  if (strict !== true || rejected === 0) return []
  notices.error(`${rejected} items were rejected, and --strict is given.`, null)
  return [ExitCode.rejected]
}
