import type { AdapterError, Cursor, Execution, Include, LogQuery } from "@execlog/core"
import type { StatisticRow } from "@execlog/core/statistics"
import type { Face } from "@execlog/core/unstable"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { StoreError } from "./database/StoreError.js"
import type { StoredEntry, StoredScope } from "./query/List.js"
import type { StoredExecution } from "./query/One.js"
import type { RejectedListOptions, RejectedPage } from "./query/RejectedList.js"
import type { SyncOptions } from "./sync/Options.js"
import type { SyncClient, SyncSource } from "./sync/Source.js"
import type { SyncSummary } from "./sync/Summary.js"
import type { ConnectionState } from "./tables/Connections.js"
import type { FailedDelivery, UndeliveredChange } from "./tables/FailedDeliveries.js"
import type { ExecutionChange } from "./tables/StatusChanges.js"

/** One value that is read. */
type One<F extends Face, A> = F extends "promise"
  ? Promise<A>
  : Effect.Effect<A, AdapterError | StoreError>

/** Many values, read as they are consumed. */
type Many<F extends Face, A> = F extends "promise"
  ? AsyncIterable<A>
  : Stream.Stream<A, AdapterError | StoreError>

/** The connection that a sync reads. */
type SyncSourceOf<F extends Face> = F extends "promise" ? SyncClient : SyncSource

/** The range and the scope of a list. */
export interface StoredListOptions extends StoredScope {
  /** Resume at this cursor. */
  readonly cursor?: Cursor | null | undefined
  /** The most executions to return. */
  readonly limit?: number | undefined
}

/** The methods of a store, as promises and async iterables, or as Effects and Streams. */
export interface StoreFace<F extends Face> {
  /** Archives the new and changed executions of one connection: see {@link SyncOptions}. */
  readonly sync: (source: SyncSourceOf<F>, options?: SyncOptions) => One<F, SyncSummary>
  /** The executions that match a query, by timestamp, then id. */
  readonly executions: (query?: LogQuery, options?: StoredListOptions) => Many<F, Execution>
  /** The same, each with a cursor that resumes after it. */
  readonly entries: (query?: LogQuery, options?: StoredListOptions) => Many<F, StoredEntry>
  /** The rows for statistics, in batches, in no order. */
  readonly statisticRows: (
    query?: LogQuery,
    scope?: StoredScope,
  ) => Many<F, ReadonlyArray<StatisticRow>>
  /** One execution of a connection with everything stored of it, `raw` only if included; null if it is not stored. */
  readonly get: (
    connection: string,
    id: string,
    include?: ReadonlyArray<Include>,
  ) => One<F, StoredExecution | null>
  /** The connections in the store, by name. */
  readonly connections: () => One<F, ReadonlyArray<ConnectionState>>
  /** Items that could not be decoded, those observed last first. */
  readonly rejected: (options?: RejectedListOptions) => One<F, RejectedPage>
  /** The number of the last change of status; 0 if there is none. */
  readonly lastChange: () => One<F, number>
  /** The changes of status after a number, up to `most` (default: 100), in the order of recording. */
  readonly changes: (
    after: number,
    most?: number,
    include?: ReadonlyArray<Include>,
  ) => One<F, ReadonlyArray<ExecutionChange>>
  /**
   * The number of the last change that a follower has processed. A new follower starts now, or with the
   * changes observed since an instant.
   */
  readonly followerPosition: (name: string, since?: Date) => One<F, number>
  /** Stores the number of the last change that a follower has processed. */
  readonly setFollowerPosition: (name: string, number: number) => One<F, void>
  /** How often a follower has failed to deliver the change with this number. */
  readonly deliveryTries: (follower: string, number: number) => One<F, number>
  /** Records that a follower failed to deliver a change, or, with null, that it succeeded. */
  readonly setDelivery: (
    follower: string,
    number: number,
    failed: FailedDelivery | null,
  ) => One<F, void>
  /** The changes after a number that followers gave up on, up to `most` numbers (default: 100). */
  readonly undelivered: (after: number, most?: number) => One<F, ReadonlyArray<UndeliveredChange>>
}
