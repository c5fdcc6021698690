import type { LogQuery, Order } from "@execlog/core"
import type { AdapterUnderTest } from "./Subject.js"

/** An execution as a test makes it up. A server tells it in its provider's words. */
export interface MadeExecution {
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Null while it runs. */
  readonly durationMs: number | null
  readonly outcome: "succeeded" | "failed"
  /** How long after its start it is listed, where the provider may list later; milliseconds. */
  readonly delayMs: number
  /** Which workflow it is of, from 0 to 2, where the provider's log is of several. */
  readonly workflow: number
  /** Who started it, from 0 to 2. */
  readonly actor: number
}

/** A server that answers as a provider does, over a history that a test made and may change. */
export interface ProviderServer extends AsyncDisposable {
  /** All settings of a connection to it: address, key, and what else the adapter needs. */
  readonly settings: { readonly [name: string]: unknown }
  /** Its address; nobody listens there where it was started without. */
  readonly baseUrl: string
  /** Answers as it would over HTTP, without a socket: for thousands of walks. */
  readonly fetch: typeof globalThis.fetch
  /** The ids of the executions that it was started with, in their order. */
  readonly ids: ReadonlyArray<string>
  readonly workflowId: (workflow: number) => string
  /** The id of the workflow that it lists an execution under. */
  readonly workflowOf: (execution: MadeExecution) => string
  readonly actorId: (actor: number) => string
  /** The id of the actor that it lists an execution under. */
  readonly actorOf: (execution: MadeExecution) => string
  /** Adds an execution and gives its id. */
  readonly insert: (execution: MadeExecution) => string
  readonly delete: (id: string) => void
  /** Ends a running execution at an instant, in milliseconds since 1970; now where none is given. */
  readonly finish: (id: string, outcome: MadeExecution["outcome"], at?: number) => void
}

/** A list endpoint, and what to ask so that it is the one that answers. */
export interface ServedEndpoint {
  /** As `explain().endpoint` tells it. */
  readonly name: string
  readonly orders: ReadonlyArray<Order>
  /**
   * How many rows the server's pages have at least, where there are more, while histories move: 2
   * where nothing is said. Numbered pages need 5 to overlap everywhere.
   */
  readonly leastPage?: number
  /** The part of each query that leads to this endpoint. */
  readonly query: (server: ProviderServer) => LogQuery
}

/** How a server is started. */
export interface ServerOptions {
  /** False where no socket is needed. */
  readonly listen: boolean
  /** Lists what shares an instant in another order each time, where the provider may do that. */
  readonly shufflesTies?: boolean
}

/** An adapter with a server of its provider, on which walks and faults are tried. */
export interface ServedAdapter {
  readonly adapter: AdapterUnderTest
  readonly endpoints: ReadonlyArray<ServedEndpoint>
  /**
   * How late after its start, in milliseconds, an execution may be listed or end, as `settings` of
   * the server tell the adapter. Histories reach it, and do not exceed it.
   */
  readonly mostDelayMs: number
  readonly start: (
    history: ReadonlyArray<MadeExecution>,
    options: ServerOptions,
  ) => Promise<ProviderServer>
}
