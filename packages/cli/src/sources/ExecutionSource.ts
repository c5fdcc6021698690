import { ExitCode, leastFailure } from "../session/ExitCode.js"
import type { Notices } from "../session/Notices.js"
import type { Session } from "../session/Session.js"
import type { Entry, Rejected } from "@execlog/core"
import { summingRejected } from "@execlog/core/unstable"

/** An execution, and where it stands. */
export interface ReadEntry extends Entry {
  /** Whether all that its provider has of it was asked for; absent where a provider gave it. */
  readonly isDetailed?: boolean
}

/** Executions as a command reads them, wherever they come from. */
export interface ExecutionSource {
  /** Whether anything can be read; if not, the reason was reported. */
  readonly isOpen: boolean
  /**
   * The flags with which `--cursor` resumes, without a secret; null where several connections are read,
   * whose cursor is too long for a command line.
   */
  readonly resumedBy: ReadonlyArray<string> | null
  /**
   * Up to the limit, merged by the time that each counts under. They end early where the user interrupts; a place that
   * fails is reported, and the others go on. To be read once.
   */
  readonly entries: AsyncIterable<ReadEntry>
  /** How reading goes. It changes while the entries are read. */
  readonly reading: Readonly<Reading>
}

/** What has come of reading so far. */
export interface Reading {
  /** Items that could not be read. */
  rejected: number
  /** Whether a place failed while it was read, so that executions are missing. */
  hasFailed: boolean
  /** The exit codes of what failed, also before anything was read. */
  outcomes: Array<ExitCode>
}

/** The exit code after a source was read. Says under `--strict` that items were rejected. */
export const endOfReading = (
  { reading }: Pick<ExecutionSource, "reading">,
  flags: { readonly strict?: boolean },
  { notices, interruption }: Session,
): ExitCode => {
  const outcomes = [...reading.outcomes, ...strictOutcome(flags, reading.rejected, notices)]
  return interruption.aborted ? ExitCode.interrupted : leastFailure(outcomes)
}

/**
 * The first entries, up to a limit that is null where there is none, with progress while they are
 * read. They end as well where the user interrupts.
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

/** Says the first few items of a place that could not be read, and how many more there were. */
export const rejectedNotices = (
  notices: Pick<Notices, "warn">,
  label: string,
): ((rejected: Rejected) => void) =>
  summingRejected(
    ({ id, index, reason }) =>
      notices.warn(`${label}: item ${index} (${id ?? "without id"}) was rejected: ${reason}`),
    (count) => notices.warn(`${label}: ${count} more items have been rejected so far.`),
  )

/** The exit code of so many rejected items under `--strict`, where there are any, which is said. */
export const strictOutcome = (
  { strict }: { readonly strict?: boolean },
  rejected: number,
  notices: Notices,
): ReadonlyArray<ExitCode> => {
  if (strict !== true || rejected === 0) return []
  notices.fail(`${rejected} items were rejected, and --strict is given.`, null)
  return [ExitCode.rejected]
}
