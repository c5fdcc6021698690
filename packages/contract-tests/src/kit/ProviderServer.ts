import type { LogQuery, Order } from "@execlog/core"
import type { AdapterUnderTest } from "./Subject.js"

/** A made-up execution. The server returns it in the provider's format. */
export interface MadeExecution {
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Null while it runs. */
  readonly durationMs: number | null
  readonly outcome: "succeeded" | "failed"
  /** How long after its start it is listed, in milliseconds, if the provider may list late. */
  readonly delayMs: number
  /** Its workflow, from 0 to 2, if the provider's log has several. */
  readonly workflow: number
  /** Its actor, from 0 to 2. */
  readonly actor: number
}

/** A server that behaves like the provider, with a history that a test can change. */
export interface ProviderServer extends AsyncDisposable {
  /** All settings for a connection to it: URL, key, and others that the adapter needs. */
  readonly settings: { readonly [name: string]: unknown }
  /** Its URL; nobody listens there with `listen: false`. */
  readonly baseUrl: string
  /** Answers without a socket, for thousands of walks. */
  readonly fetch: typeof globalThis.fetch
  /** The ids of its initial executions, in order. */
  readonly ids: ReadonlyArray<string>
  readonly workflowId: (workflow: number) => string
  /** The id of the workflow that it lists an execution under. */
  readonly workflowOf: (execution: MadeExecution) => string
  readonly actorId: (actor: number) => string
  /** The id of the actor that it lists an execution under. */
  readonly actorOf: (execution: MadeExecution) => string
  /** Adds an execution and returns its id. */
  readonly insert: (execution: MadeExecution) => string
  readonly delete: (id: string) => void
  /** Ends a running execution at an instant, in milliseconds since 1970. Default: now. */
  readonly finish: (id: string, outcome: MadeExecution["outcome"], at?: number) => void
}

/** A list endpoint, and the query that selects it. */
export interface ServedEndpoint {
  /** Its name in `explain().endpoint`. */
  readonly name: string
  readonly orders: ReadonlyArray<Order>
  /**
   * The least rows of a page that is not the last, while histories change. Default: 2. Numbered pages
   * need 5 to overlap everywhere. Pages whose names count rows must hold an instant: 60 is enough.
   */
  readonly leastPage?: number
  /** The part of each query that selects this endpoint. */
  readonly query: (server: ProviderServer) => LogQuery
}

/** How to start a server. */
export interface ServerOptions {
  /** False if no socket is needed. */
  readonly listen: boolean
  /** Changes the order within an instant with each request, if the provider may do so. */
  readonly shufflesTies?: boolean
}

/** An adapter with a server of its provider, for tests of walks and faults. */
export interface ServedAdapter {
  readonly adapter: AdapterUnderTest
  readonly endpoints: ReadonlyArray<ServedEndpoint>
  /**
   * How late after its start, in milliseconds, an execution may be listed or end, as declared by the
   * server's `settings`. Histories reach it, but do not exceed it.
   */
  readonly mostDelayMs: number
  readonly start: (
    history: ReadonlyArray<MadeExecution>,
    options: ServerOptions,
  ) => Promise<ProviderServer>
}
