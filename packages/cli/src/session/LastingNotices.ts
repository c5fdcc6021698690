import type { ExitCode } from "./ExitCode.js"
import { exitCodeOf, failureKind, reportFailure } from "./Failure.js"
import type { Notices } from "./Notices.js"

/** Tells the warnings of rounds that follow each other, what comes again only once. */
export interface RoundWarnings {
  /** To be called before each round. */
  readonly beginRound: () => void
  readonly warn: (warning: string) => void
}

/** Warnings of which none is told that was there in this round or the one before. */
export const makeRoundWarnings = (tell: (warning: string) => void): RoundWarnings => {
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
      if (!isKnown) tell(warning)
    },
  }
}

/** What is said of one connection, round after round: what lasts is said once. */
export interface LastingNotices extends RoundWarnings {
  /** Says what went wrong, unless it did so in the round before. Gives the exit code of it. */
  readonly fail: (error: unknown) => ExitCode
  /** Nothing went wrong in this round. */
  readonly succeed: () => void
}

/** Notices of a connection. */
export const makeLastingNotices = (label: string, notices: Notices): LastingNotices => {
  let failed: string | null = null
  return {
    ...makeRoundWarnings((warning) => notices.warn(`${label}: ${warning}`)),
    fail: (error) => {
      const kind = failureKind(error)
      const isNew = failed !== kind
      failed = kind
      return isNew ? reportFailure(notices, error, label) : exitCodeOf(error)
    },
    succeed: () => {
      if (failed !== null) notices.tell(`${label}: synced again after a failure.`)
      failed = null
    },
  }
}
