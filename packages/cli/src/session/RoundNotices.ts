import type { ExitCode } from "./ExitCode.js"
import { exitCodeOf, failureKind, reportFailure } from "./Failure.js"
import type { Notices } from "./Notices.js"

/** Warnings of repeated rounds. Suppresses those already printed in the previous round. */
export interface RoundWarnings {
  /** Starts a round. */
  readonly beginRound: () => void
  readonly warn: (warning: string) => void
}

/** Passes on a warning unless it occurred before in this round or in the previous one. */
export const makeRoundWarnings = (print: (warning: string) => void): RoundWarnings => {
  let before: ReadonlySet<string> = new Set()
  let now = new Set<string>()
  return {
    beginRound: () => {
      before = now
      now = new Set()
    },
    warn: (warning) => {
      const isKnown = before.has(warning) || now.has(warning)
      now.add(warning)
      if (!isKnown) print(warning)
    },
  }
}

/** The messages of a connection in repeated rounds. A lasting problem is reported once. */
export interface RoundNotices extends RoundWarnings {
  /** Reports a failure, unless it is the same as in the previous round. Returns its exit code. */
  readonly error: (error: unknown) => ExitCode
  /** Ends a round without a failure. */
  readonly succeed: () => void
}

/** Makes the messages of a connection. */
export const makeRoundNotices = (label: string, notices: Notices): RoundNotices => {
  let failed: string | null = null
  return {
    ...makeRoundWarnings((warning) => notices.warn(`${label}: ${warning}`)),
    error: (error) => {
      const kind = failureKind(error)
      const isNew = failed !== kind
      failed = kind
      return isNew ? reportFailure(notices, error, label) : exitCodeOf(error)
    },
    succeed: () => {
      if (failed !== null) notices.info(`${label}: synced again after a failure.`)
      failed = null
    },
  }
}
