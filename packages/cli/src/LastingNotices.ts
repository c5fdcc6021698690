import type { ExitCode } from "./ExitCode.js"
import { exitCodeOf, failureKind, reportFailure } from "./Failure.js"
import type { Notices } from "./Notices.js"

/** What is said of one connection, round after round: what lasts is said once. */
export interface LastingNotices {
  readonly warn: (warning: string) => void
  /** Says what went wrong, unless it did so in the round before. Gives the exit code of it. */
  readonly fail: (error: unknown) => ExitCode
  /** Nothing went wrong in this round. */
  readonly succeed: () => void
  /** To be called before each round. */
  readonly beginRound: () => void
}

/** Notices of a connection. */
export const makeLastingNotices = (label: string, notices: Notices): LastingNotices => {
  let warnedBefore: ReadonlySet<string> = new Set()
  let warned = new Set<string>()
  let failed: string | null = null
  return {
    warn: (warning) => {
      if (!warnedBefore.has(warning) && !warned.has(warning)) {
        notices.warn(`${label}: ${warning}`)
      }
      warned.add(warning)
    },
    fail: (error) => {
      const kind = failureKind(error)
      const isNew = failed !== kind
      failed = kind
      return isNew ? reportFailure(notices, error, label) : exitCodeOf(error)
    },
    succeed: () => {
      if (failed !== null) notices.tell(`${label}: synced again, after it had failed.`)
      failed = null
    },
    beginRound: () => {
      warnedBefore = warned
      warned = new Set()
    },
  }
}
