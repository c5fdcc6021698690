import {
  AdapterError,
  type Client,
  type Execution,
  type ExecutionsService,
  type Json,
  type LogPage,
  type LogQuery,
  type PagesOptions,
  type QueryPlan,
  type Reread,
} from "@execlog/core"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** What a sync reads: one connection. */
export interface SyncSource {
  readonly provider: string
  readonly name: string | null
  readonly server: string
  readonly pages: (query: LogQuery, options: PagesOptions) => Stream.Stream<LogPage, AdapterError>
  readonly get: (id: string) => Effect.Effect<Execution, AdapterError>
  readonly explain: (query: LogQuery) => Effect.Effect<QueryPlan, AdapterError>
  readonly reread: (
    items: ReadonlyArray<Json>,
    query: LogQuery,
  ) => Effect.Effect<ReadonlyArray<Reread>, AdapterError>
}

/** The source that a client is. */
export const sourceOfClient = (client: Client): SyncSource => ({
  provider: client.provider,
  name: client.name,
  server: client.server,
  pages: (query, options) => Stream.fromAsyncIterable(client.pages(query, options), adapterError),
  get: (id) => asked((signal) => client.get(id, { signal })),
  explain: (query) => Effect.try({ try: () => client.explain(query), catch: adapterError }),
  reread: (items, query) => asked((signal) => client.reread(items, query, { signal })),
})

/** The source that the service of core is. */
export const sourceOfService = (executions: ExecutionsService): SyncSource => ({
  provider: executions.provider,
  name: executions.name,
  server: executions.server,
  pages: executions.pages,
  get: executions.get,
  explain: executions.explain,
  reread: executions.reread,
})

const asked = <A>(ask: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, AdapterError> =>
  Effect.tryPromise({ try: ask, catch: adapterError })

/** A client rejects with AdapterErrors alone; what else comes is a fault of the program. */
const adapterError = (error: unknown): AdapterError => {
  if (AdapterError.is(error)) return error
  throw error
}
