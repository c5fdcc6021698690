import type { AdapterError, Execution, LogPage } from "@execlog/core"
import type * as Effect from "effect/Effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Saved } from "../tables/Observations.js"
import type { StoredConnection } from "../tables/Connections.js"
import type { CheckedSync, SyncWarning } from "./Options.js"
import type { PassName } from "../tables/SyncPositions.js"
import type { SyncSource } from "./Source.js"
import type { SyncTally } from "./Summary.js"

/** What the parts of one sync of one connection share. */
export interface SyncContext {
  readonly sql: SqlClient
  readonly source: SyncSource
  readonly connection: StoredConnection
  readonly options: CheckedSync
  readonly tally: SyncTally
  readonly warn: (warning: SyncWarning) => void
  /** Comes to an end when the sync is to stop after the page in hand. */
  readonly stopped: Effect.Effect<void>
  readonly isStopped: () => boolean
  /** What the provider failed with on all that it was asked for by its id; null while it does not. */
  readonly outage: { error: AdapterError | null }
  /** When it began, on the clock of the store. */
  readonly begunAt: number
  /** An instant of this machine's clock on that of the store, which never goes back. */
  readonly stamp: (instant: number) => number
  /** What of a page is kept: nothing that counts under an earlier time than the user asked for. */
  readonly wanted: (page: Pick<LogPage, "executions">) => ReadonlyArray<Execution>
  /** Counts and tells what became of a page. */
  readonly report: (pass: PassName, page: LogPage, saved: Saved) => void
  /** Warns where another connection keeps the executions of a page too. */
  readonly warnOfTwins: (page: LogPage) => Effect.Effect<void, SqlError>
}
