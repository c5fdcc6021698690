import type { FollowOptions } from "../following/FollowOptions.js"
import type { AdapterError } from "../model/AdapterError.js"
import type { Execution } from "../model/Execution.js"
import type { Change, Cursor, LogPage, Rejected } from "../model/LogPage.js"
import type { LogQuery } from "../model/LogQuery.js"
import type { Warning } from "../model/Warning.js"
import type { Entry } from "../reading/MapPage.js"
import type { GetOptions, PagesOptions, StreamOptions } from "../reading/ReadOptions.js"
import type { QueryPlan } from "../walk/QueryPlan.js"
import type { Call, Called, Face, Many, Now, One } from "./Face.js"

/** Which connection a warning is about. */
export interface ConnectionName {
  /** The adapter's id. */
  readonly provider: string
  /** The connection's name; null if it has none. */
  readonly connection: string | null
}

/** Callbacks of a log of several connections. */
export interface LogListeners {
  /** Called for each item that could not be read. Default: stderr. */
  readonly onRejected?: ((rejected: Rejected) => void) | undefined
  /** Called for each warning. Default: stderr. */
  readonly onWarning?: ((warning: Warning, about: ConnectionName) => void) | undefined
  /**
   * Called when a connection fails, which the error names; the others continue. Without it, reading
   * fails with the first connection that does.
   */
  readonly onFailure?: ((error: AdapterError) => void) | undefined
}

type Own = keyof LogListeners

/** Where a merged stream of executions begins and ends. */
export interface LogStreamOptions extends Omit<StreamOptions, Own>, LogListeners {}

/** Options of `follow` for several connections. */
export interface LogFollowOptions extends Omit<FollowOptions, Own>, LogListeners {}

/** Additional parts of one execution to return, and where it is. */
export interface LogGetOptions extends GetOptions {
  /** The name of its connection; by default, all are asked. */
  readonly connection?: string | undefined
}

/** A page of merged executions: as many as `pageSize` of the query says, by default 100. */
export interface MergedPage extends Pick<LogPage, "executions" | "rejected"> {
  readonly warnings: ReadonlyArray<Warning & ConnectionName>
  /** The connections that failed, which the errors name: their executions are missing. */
  readonly failures: ReadonlyArray<AdapterError>
  /**
   * The cursor of the next page, at which a connection that failed is tried again; null if all were
   * read to their end.
   */
  readonly next: Cursor | null
}

/** Options of `prepare` for several connections. */
export interface LogPrepareOptions extends Pick<LogListeners, "onFailure"> {}

/** The ways to read the merged lists of a query. */
interface LogQueryReading<F extends Face> {
  /** All executions, merged by timestamp. */
  readonly executions: (options?: Called<F, LogStreamOptions>) => Many<F, Execution>
  /** The same, each with the cursor that resumes all connections after it. */
  readonly entries: (options?: Called<F, LogStreamOptions>) => Many<F, Entry>
  /** The merged executions in pages; connections that fail are in `failures`. */
  readonly pages: (options?: Called<F, Pick<PagesOptions, "cursor">>) => Many<F, MergedPage>
  /** One page of them: the first, or the one at a cursor. */
  readonly page: (cursor?: Cursor | null, ...options: Call<F>) => One<F, MergedPage>
}

/**
 * A query that was checked and planned once for each connection. Its ages count from the time when it
 * was prepared.
 */
export interface PreparedLog<F extends Face> extends LogQueryReading<F> {
  /**
   * How each connection answers the query, in the order of `connections`; those that cannot are
   * missing.
   */
  readonly plans: ReadonlyArray<QueryPlan>
}

/** The executions of several connections as one log. */
export interface LogReading<F extends Face> {
  /** The names of the connections; of one without a name, its provider. */
  readonly connections: ReadonlyArray<string>
  /**
   * All executions, merged by timestamp. Each connection is read only as far as needed, and its own
   * order is kept.
   */
  readonly executions: (
    query?: LogQuery,
    options?: Called<F, LogStreamOptions>,
  ) => Many<F, Execution>
  /** The same, each with the cursor that resumes all connections after it. */
  readonly entries: (query?: LogQuery, options?: Called<F, LogStreamOptions>) => Many<F, Entry>
  /**
   * The merged executions in pages. A connection that fails is one of the page's `failures`; reading
   * fails when all do.
   */
  readonly pages: (
    query?: LogQuery,
    options?: Called<F, Pick<PagesOptions, "cursor">>,
  ) => Many<F, MergedPage>
  /** One page of them: the first, or the one at a cursor. */
  readonly page: (
    query?: LogQuery,
    cursor?: Cursor | null,
    ...options: Call<F>
  ) => One<F, MergedPage>
  /**
   * One execution with everything that its provider has about it. Fails with `InvalidQuery` when
   * several connections have one of this id: name the `connection` then.
   */
  readonly get: (id: string, options?: Called<F, LogGetOptions>) => One<F, Execution>
  /** From now on, each execution that appears or whose status changes, as it is observed. */
  readonly follow: (query?: LogQuery, options?: Called<F, LogFollowOptions>) => Many<F, Change>
  /**
   * Checks and plans a query once for each connection, to read it in several ways or to show its plans.
   * Sends no request. Fails with `InvalidQuery` or `Unsupported` when a connection cannot answer it;
   * with `onFailure`, the others continue, and reading reports that connection again.
   */
  readonly prepare: (query?: LogQuery, options?: LogPrepareOptions) => Now<F, PreparedLog<F>>
  /**
   * How each connection will answer a query. Sends no request. Fails with `InvalidQuery` or
   * `Unsupported`.
   */
  readonly explain: (query?: LogQuery) => Now<F, ReadonlyArray<QueryPlan>>
}
