import {
  AdapterError,
  type Client,
  checking,
  type CompleteOptions,
  type DetailedExecutions,
  type Execution,
  type ExecutionStatus,
  type GetManyOptions,
  type GotMany,
  type Json,
  type LogPage,
  type LogQuery,
  type PagesOptions,
  type QueryPlan,
  type Reread,
} from "@execlog/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** The source of a sync: one connection, as core's service `Executions`. */
export interface SyncSource {
  readonly provider: string
  readonly name: string | null
  readonly server: string
  readonly pages: (query: LogQuery, options: PagesOptions) => Stream.Stream<LogPage, AdapterError>
  /** Whether an ended execution may start again under the same id. */
  readonly reopens: boolean
  /** The statuses that the provider has words for. */
  readonly statuses: ReadonlyArray<ExecutionStatus>
  readonly complete: (
    executions: ReadonlyArray<Execution>,
    options: CompleteOptions,
  ) => Effect.Effect<DetailedExecutions>
  readonly idToGet: (execution: Pick<Execution, "id" | "attributes">) => string | null
  readonly getMany: (
    ids: ReadonlyArray<string>,
    options: GetManyOptions,
  ) => Effect.Effect<GotMany, AdapterError>
  readonly explain: (query: LogQuery) => Effect.Effect<QueryPlan, AdapterError>
  readonly reread: (
    items: ReadonlyArray<Json>,
    query: LogQuery,
  ) => Effect.Effect<ReadonlyArray<Reread>, AdapterError>
}

/** A client as the source of a sync. */
export const sourceOfClient = (client: Client): SyncSource => ({
  provider: client.provider,
  name: client.name,
  server: client.server,
  pages: (query, options) => Stream.fromAsyncIterable(client.pages(query, options), adapterError),
  reopens: client.reopens,
  statuses: client.statuses,
  getMany: (ids, options) => asked((signal) => client.getMany(ids, { ...options, signal })),
  complete: (executions, options) =>
    Effect.promise((signal) => client.complete(executions, { ...options, signal })),
  idToGet: client.idToGet,
  explain: (query) => checking(() => client.explain(query)),
  reread: (items, query) => asked((signal) => client.reread(items, query, { signal })),
})

const asked = <A>(ask: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, AdapterError> =>
  Effect.tryPromise({ try: ask, catch: adapterError })

/** A client rejects only with AdapterErrors; anything else is a bug. */
const adapterError = (error: unknown): AdapterError => {
  if (AdapterError.is(error)) return error
  throw error
}
