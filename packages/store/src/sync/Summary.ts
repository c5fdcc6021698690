import type { ExecutionStatus, LogPage } from "@execlog/core"
import type { Saved } from "../tables/Observations.js"
import type { PassName } from "../tables/SyncPositions.js"

/** The result of a sync of one connection, final or so far. */
export interface SyncSummary {
  /** The name under which the connection is stored. */
  readonly connection: string
  readonly provider: string
  /** Executions that are new in the store. */
  readonly added: number
  /** Executions that have changed. */
  readonly changed: number
  /** Executions that have not changed. */
  readonly unchanged: number
  /** Items that could not be read. They are stored, and decoded again by later syncs. */
  readonly rejected: number
  /** Rejected items, of this sync or earlier ones, that were dropped because there were too many. */
  readonly forgotten: number
  /** Items rejected earlier that can be read now. */
  readonly recovered: number
  /** Executions unfinished for so long that they are no longer requested. */
  readonly stale: number
  /** Unfinished executions that the provider no longer has. */
  readonly gone: number
  /** Executions that may have changed but could not be requested. */
  readonly notRefreshed: number
  /** Executions completed by `get`. */
  readonly detailed: number
  /** Executions that could not be completed by `get`. */
  readonly missingDetails: number
  /** The provider cannot return executions by id, so failures have only what its list contains. */
  readonly lacksDetails: boolean
  /** Statuses whose executions its list omits and no other request returns. */
  readonly omittedStatuses: ReadonlyArray<ExecutionStatus>
  /** Ids, in a list ordered by number, still to be searched for executions missing from it. */
  readonly unsearchedIds: number
  readonly pages: number
  /** Whether it was stopped before its end, or is still running. */
  readonly isStopped: boolean
  /**
   * Whether it reached its end and nothing is known to be missing: nothing is `rejected`, `notRefreshed`,
   * `missingDetails`, `unsearchedIds` or `omittedStatuses`, and details are available.
   */
  readonly isComplete: boolean
}

/** The progress of a sync, after a stored page. */
export interface SyncProgress extends SyncSummary {
  readonly pass: PassName
  /** The listing time reached; null if the provider gives none. */
  readonly reached: Date | null
  /** The provider's total number of executions; null if it gives none. */
  readonly total: number | null
}

/** The counts other than those of saving. */
type Counted =
  | "rejected"
  | "forgotten"
  | "recovered"
  | "stale"
  | "gone"
  | "notRefreshed"
  | "detailed"
  | "missingDetails"
  | "unsearchedIds"
  | "pages"

/** Counts the results of a sync. */
export interface SyncTally {
  readonly summary: () => SyncSummary
  readonly progress: (pass: PassName, page: LogPage) => SyncProgress
  readonly addSaved: (saved: Saved) => void
  readonly add: (what: Counted, count: number) => void
  readonly lacksDetails: () => void
  readonly omits: (statuses: ReadonlyArray<ExecutionStatus>) => void
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
  notRefreshed: 0,
  detailed: 0,
  missingDetails: 0,
  unsearchedIds: 0,
  lacksDetails: false,
  pages: 0,
  isStopped: true,
  omittedStatuses: [],
  isComplete: false,
})

/** A tally of one connection, from zero. */
export const makeTally = (connection: string, provider: string): SyncTally => {
  const counts: { -readonly [Name in keyof SyncSummary]: SyncSummary[Name] } = emptySummary(
    connection,
    provider,
  )
  const summary = (): SyncSummary => {
    const {
      isStopped,
      rejected,
      notRefreshed,
      missingDetails,
      unsearchedIds,
      lacksDetails,
      omittedStatuses,
    } = counts
    const isMissing =
      lacksDetails ||
      rejected + notRefreshed + missingDetails + unsearchedIds + omittedStatuses.length > 0
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
    omits: (statuses) => {
      counts.omittedStatuses = statuses
    },
    complete: () => {
      counts.isStopped = false
    },
  }
}
