import type { ExecutionStatus, LogPage } from "@execlog/core"
import type { Saved } from "../tables/Observations.js"
import type { PassName } from "../tables/SyncPositions.js"

/** What a sync of one connection came to so far. */
export interface SyncSummary {
  /** The name under which the connection is kept. */
  readonly connection: string
  readonly provider: string
  /** Executions that are new in the store. */
  readonly added: number
  /** Executions of which something has changed. */
  readonly changed: number
  /** Executions that are as they were. */
  readonly unchanged: number
  /** Items that could not be read; they are kept, and read again when the adapter is mended. */
  readonly rejected: number
  /** Of those, and of those of earlier syncs, how many are kept no longer, since there were too many. */
  readonly forgotten: number
  /** Items that were rejected once and can be read now. */
  readonly recovered: number
  /** Executions that have been unfinished for so long that they are asked for no more. */
  readonly stale: number
  /** Executions that had not ended, and that the provider has no more. */
  readonly gone: number
  /** Executions that may have changed, and could not be asked for. */
  readonly unasked: number
  /** Executions that were completed by `get`. */
  readonly detailed: number
  /** Executions that were to be, and could not. */
  readonly undetailed: number
  /** The provider gives no execution by its id: of failures no more is known than its list tells. */
  readonly lacksDetails: boolean
  /** Its list leaves out executions of these statuses, and nothing else gives them. */
  readonly leftOut: ReadonlyArray<ExecutionStatus>
  /** Numbers that its list has read past, and in which gaps have still to be looked for. */
  readonly unread: number
  readonly pages: number
  /** It was stopped before its end, or has not come to it yet. */
  readonly isStopped: boolean
  /**
   * It came to its end, and nothing is known to be missing: nothing was rejected, `unasked`, `undetailed`
   * or is `unread`, and its list leaves out nothing that cannot be asked for.
   */
  readonly isComplete: boolean
}

/** How far a sync has come, told after each page that was kept. */
export interface SyncProgress extends SyncSummary {
  readonly pass: PassName
  /** The listing time that was reached; null where the provider tells none. */
  readonly reached: Date | null
  /** How many the provider says there are in all; null where it does not say. */
  readonly total: number | null
}

/** What is counted beside what was saved. */
type Counted =
  | "rejected"
  | "forgotten"
  | "recovered"
  | "stale"
  | "gone"
  | "unasked"
  | "detailed"
  | "undetailed"
  | "unread"
  | "pages"

/** Counts what a sync does. */
export interface SyncTally {
  readonly summary: () => SyncSummary
  readonly progress: (pass: PassName, page: LogPage) => SyncProgress
  readonly addSaved: (saved: Saved) => void
  readonly add: (what: Counted, count: number) => void
  readonly lacksDetails: () => void
  readonly leavesOut: (statuses: ReadonlyArray<ExecutionStatus>) => void
  readonly complete: () => void
}

/** The summary of a sync that has read nothing. */
export const emptySummary = (connection: string, provider: string): SyncSummary => ({
  connection,
  provider,
  added: 0,
  changed: 0,
  unchanged: 0,
  rejected: 0,
  forgotten: 0,
  recovered: 0,
  stale: 0,
  gone: 0,
  unasked: 0,
  detailed: 0,
  undetailed: 0,
  unread: 0,
  lacksDetails: false,
  pages: 0,
  isStopped: true,
  leftOut: [],
  isComplete: false,
})

/** A tally of one connection, from zero. */
export const makeTally = (connection: string, provider: string): SyncTally => {
  const counts: { -readonly [Name in keyof SyncSummary]: SyncSummary[Name] } = emptySummary(
    connection,
    provider,
  )
  const summary = (): SyncSummary => {
    const { isStopped, rejected, unasked, undetailed, unread, lacksDetails, leftOut } = counts
    const isMissing = lacksDetails || rejected + unasked + undetailed + unread + leftOut.length > 0
    return { ...counts, isComplete: !isStopped && !isMissing }
  }
  return {
    summary,
    progress: (pass, { listed, total }) => ({ ...summary(), pass, reached: listed.from, total }),
    addSaved: ({ added, changed, unchanged }) => {
      counts.added += added
      counts.changed += changed
      counts.unchanged += unchanged
    },
    add: (what, count) => {
      counts[what] += count
    },
    lacksDetails: () => {
      counts.lacksDetails = true
    },
    leavesOut: (statuses) => {
      counts.leftOut = statuses
    },
    complete: () => {
      counts.isStopped = false
    },
  }
}
