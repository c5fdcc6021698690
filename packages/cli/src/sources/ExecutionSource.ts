import type { Entry } from "@execlog/core"
import { ExitCode, leastFailure } from "../session/ExitCode.js"
import { strictOutcome } from "./RejectedItems.js"
import type { Session } from "../session/Session.js"

/** One of the places that are read: a connection, say. */
export interface ReadPlace {
  /** How it is called in messages. */
  readonly label: string
  /** The flags that choose this place alone, without a secret. */
  readonly flags: ReadonlyArray<string>
}

/** An execution, and where it stands. */
export interface ReadEntry extends Entry {
  /** Whether all that its provider has of it was asked for; absent where a provider gave it. */
  readonly isDetailed?: boolean
}

/** Executions as a command reads them, wherever they come from. */
export interface ExecutionSource {
  /** Empty where nothing can be read, which has been said by then. */
  readonly opened: ReadonlyArray<ReadPlace>
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
