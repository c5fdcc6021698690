import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { FollowOptions } from "../following/FollowOptions.js"
import type { AdapterError } from "../model/AdapterError.js"
import type { Execution, ExecutionStatus } from "../model/Execution.js"
import type { Json } from "../model/Json.js"
import type { Change, Cursor, LogPage } from "../model/LogPage.js"
import type { LogQuery } from "../model/LogQuery.js"
import type { DetailedExecutions } from "../reading/Details.js"
import type { GotMany } from "../reading/GetRequests.js"
import type { Entry } from "../reading/MapPage.js"
import type { GetManyOptions } from "../reading/ReadMany.js"
import type {
  CompleteOptions,
  GetOptions,
  PagesOptions,
  StreamOptions,
} from "../reading/ReadOptions.js"
import type { Reread } from "../reading/Reread.js"
import type { QueryPlan } from "../walk/QueryPlan.js"

/** The two faces of every method: promises and async iterables, or Effects and Streams. */
export type Face = "promise" | "effect"

/** Options of a single call. */
export interface CallOptions {
  /** Aborting it stops the call, which rejects with the signal's reason, and closes its sockets. */
  readonly signal?: AbortSignal | undefined
}

/** The result of a method that requests one value: a Promise, or an Effect. */
export type One<F extends Face, A> = F extends "promise"
  ? Promise<A>
  : Effect.Effect<A, AdapterError>

/** The result of a method that requests many values as they are consumed: an AsyncIterable, or a Stream. */
export type Many<F extends Face, A> = F extends "promise"
  ? AsyncIterable<A>
  : Stream.Stream<A, AdapterError>

/** The result of a method that sends no request: the value itself, or an Effect. The promise face throws. */
export type Now<F extends Face, A> = F extends "promise" ? A : Effect.Effect<A, AdapterError>

/** The options of a method, with a signal for promises; an Effect is interrupted instead. */
export type Called<F extends Face, Options> = F extends "promise" ? Options & CallOptions : Options

/** The last parameter of a method without options of its own: the signal for promises, or nothing. */
export type Call<F extends Face> = F extends "promise" ? [options?: CallOptions] : []

/** The ways to read the list of a query. */
interface QueryReading<F extends Face> {
  /** All executions. Without callbacks, rejected items and warnings go to stderr. */
  readonly executions: (options?: Called<F, StreamOptions>) => Many<F, Execution>
  /** All executions, each with the cursor that resumes after it. */
  readonly entries: (options?: Called<F, StreamOptions>) => Many<F, Entry>
  /** All pages, including rejected items and warnings. The primary way to read. */
  readonly pages: (options?: Called<F, PagesOptions>) => Many<F, LogPage>
  /** One page: the first, or the one at a cursor. */
  readonly page: (cursor?: Cursor | null, ...options: Call<F>) => One<F, LogPage>
}

/**
 * A query that was checked and planned once. Its ages, such as `"24h"`, count from the time when it
 * was prepared, so that all pages and cursors of it cover the same period.
 */
export interface PreparedQuery<F extends Face> extends QueryReading<F> {
  /** How the query is answered. */
  readonly plan: QueryPlan
}

/** The methods that read the executions of one connection. */
export interface ConnectionReading<F extends Face> {
  /** The adapter's id. */
  readonly provider: string
  /** The connection's name; null if it has none. */
  readonly name: string | null
  /**
   * A fingerprint of the base URL and the settings that determine what is read there, none of them
   * secret.
   */
  readonly server: string
  /** Whether a finished execution may run again under the same id. */
  readonly reopens: boolean
  /** The statuses that the provider has words for. */
  readonly statuses: ReadonlyArray<ExecutionStatus>
  /** All executions. Without callbacks, rejected items and warnings go to stderr. */
  readonly executions: (query?: LogQuery, options?: Called<F, StreamOptions>) => Many<F, Execution>
  /** All executions, each with the cursor that resumes after it. */
  readonly entries: (query?: LogQuery, options?: Called<F, StreamOptions>) => Many<F, Entry>
  /** All pages, including rejected items and warnings. The primary way to read. */
  readonly pages: (query?: LogQuery, options?: Called<F, PagesOptions>) => Many<F, LogPage>
  /** One page: the first, or the one at a cursor. */
  readonly page: (query?: LogQuery, cursor?: Cursor | null, ...options: Call<F>) => One<F, LogPage>
  /**
   * Checks and plans a query once, to read it in several ways or to show its plan. Sends no request.
   * Fails with `InvalidQuery` or `Unsupported`.
   */
  readonly prepare: (query?: LogQuery) => Now<F, PreparedQuery<F>>
  /** How a query will be answered. Sends no request. Fails with `InvalidQuery` or `Unsupported`. */
  readonly explain: (query?: LogQuery) => Now<F, QueryPlan>
  /**
   * One execution with everything that the provider has about it. Fails with `NotFound`,
   * `Unsupported`, …
   */
  readonly get: (id: string, options?: Called<F, GetOptions>) => One<F, Execution>
  /**
   * Executions by their ids, in as few requests as the provider allows, and the ids it does not
   * have.
   */
  readonly getMany: (
    ids: ReadonlyArray<string>,
    options?: Called<F, GetManyOptions>,
  ) => One<F, GotMany>
  /**
   * Completes listed executions with data from `get`, or from the log of their workflow if no
   * endpoint returns one by its id. One that cannot be completed stays unchanged.
   */
  readonly complete: (
    executions: ReadonlyArray<Execution>,
    options?: Called<F, CompleteOptions>,
  ) => One<F, DetailedExecutions>
  /** The id to pass to `get` for a listed execution; null if the list contains none. */
  readonly idToGet: (execution: Pick<Execution, "id" | "attributes">) => string | null
  /**
   * From now on, each execution that appears or whose status changes, until you stop reading. In the
   * order of the listing, oldest first.
   */
  readonly follow: (query?: LogQuery, options?: Called<F, FollowOptions>) => Many<F, Change>
  /**
   * Decodes rejected items again, for example after a fix to the adapter. Rows of joined endpoints
   * are requested.
   */
  readonly reread: (
    items: ReadonlyArray<Json>,
    query?: LogQuery,
    ...options: Call<F>
  ) => One<F, ReadonlyArray<Reread>>
}
