import type { AdapterError, Execution, LogPage, QueryPlan } from "@execlog/core"
import type * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { StoredConnection } from "../tables/Connections.js"
import type { Saved } from "../tables/Observations.js"
import type { PassName } from "../tables/SyncPositions.js"
import type { CheckedSync, SyncWarning } from "./Options.js"
import type { SyncSource } from "./Source.js"
import type { SyncTally } from "./Summary.js"

/** The shared state of one sync of one connection. */
export interface SyncContext {
  readonly sql: SqlClient
  readonly source: SyncSource
  readonly connection: StoredConnection
  readonly options: CheckedSync
  /** How the whole list is read. */
  readonly plan: QueryPlan
  readonly tally: SyncTally
  readonly warn: (warning: SyncWarning) => void
  /** Completes when the sync has to stop after the current page. */
  readonly stopped: Effect.Effect<void>
  readonly isStopped: () => boolean
  /** The error with which every request by id fails; null while they succeed. */
  readonly outage: { error: AdapterError | null }
  /** When the sync began, by the clock of the store. */
  readonly begunAt: number
  /** Converts an instant of this machine to the clock of the store, which never goes back. */
  readonly stamp: (instant: number) => number
  /** The executions of a page to store: none with a timestamp before `since`. */
  readonly wanted: (page: Pick<LogPage, "executions">) => ReadonlyArray<Execution>
  /** Counts and reports a saved page. */
  readonly report: (pass: PassName, page: LogPage, saved: Saved) => void
  /** Warns if another connection stores the executions of a page too. */
  readonly warnIfStoredTwice: (page: LogPage) => Effect.Effect<void, SqlError>
}
