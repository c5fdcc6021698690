import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Connection } from "../adapter/Connection.js"
import { followChanges } from "../following/Follow.js"
import type { FollowOptions } from "../following/FollowOptions.js"
import type { AdapterError } from "../model/AdapterError.js"
import type { Execution, ExecutionStatus } from "../model/Execution.js"
import type { Json } from "../model/Json.js"
import type { Change, Cursor, LogPage } from "../model/LogPage.js"
import type { LogQuery } from "../model/LogQuery.js"
import type { GotMany } from "../reading/AskingOneByOne.js"
import type { DetailedExecutions } from "../reading/Details.js"
import { type Entry, entriesOf } from "../reading/MapPage.js"
import type { GetManyOptions } from "../reading/ReadMany.js"
import type {
  CompleteOptions,
  ConnectionOptions,
  GetOptions,
  PagesOptions,
  StreamOptions,
} from "../reading/ReadOptions.js"
import { makeReader } from "../reading/Reader.js"
import type { Reread } from "../reading/Reread.js"
import { Transport, fetchTransport } from "../transport/Transport.js"
import { type Caller, placeOf, placing } from "./CallerStack.js"
import type { QueryPlan } from "../walk/QueryPlan.js"

/** Options of a client, besides the connection. */
export interface ClientOptions extends ConnectionOptions {
  /** Sends the requests instead of the global `fetch`: for a proxy, or for tests. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** Options of a single call. */
export interface CallOptions {
  /** Aborting it stops the call, which rejects with the signal's reason, and closes its sockets. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The executions of one connection, as promises and async iterables. Failures reject with an
 * AdapterError. Leaving a `for await` loop stops its requests.
 */
export interface Client {
  /** The adapter's id. */
  readonly provider: string
  /** The connection's name; null if it has none. */
  readonly name: string | null
  /**
   * A fingerprint of the base URL and the settings that determine what is read there, none of them
   * secret.
   */
  readonly server: string
  /** All executions. Without callbacks, rejected items and warnings go to stderr. */
  readonly executions: (
    query?: LogQuery,
    options?: StreamOptions & CallOptions,
  ) => AsyncIterable<Execution>
  /** All executions, each with the cursor that resumes after it. */
  readonly entries: (
    query?: LogQuery,
    options?: StreamOptions & CallOptions,
  ) => AsyncIterable<Entry>
  /** All pages, including rejected items and warnings. The primary way to read. */
  readonly pages: (query?: LogQuery, options?: PagesOptions & CallOptions) => AsyncIterable<LogPage>
  /** One page: the first, or the one at a cursor. */
  readonly page: (
    query?: LogQuery,
    cursor?: Cursor | null,
    options?: CallOptions,
  ) => Promise<LogPage>
  /**
   * One execution with everything that the provider has about it. Rejects with `NotFound`,
   * `Unsupported`, …
   */
  readonly get: (id: string, options?: GetOptions & CallOptions) => Promise<Execution>
  /**
   * Executions by their ids, in as few requests as the provider allows, and the ids it does not
   * have.
   */
  readonly getMany: (
    ids: ReadonlyArray<string>,
    options?: GetManyOptions & CallOptions,
  ) => Promise<GotMany>
  /**
   * Completes listed executions with data from `get`, or from the log of their workflow if no
   * endpoint returns one by its id. One that cannot be completed stays unchanged.
   */
  readonly complete: (
    executions: ReadonlyArray<Execution>,
    options?: CompleteOptions & CallOptions,
  ) => Promise<DetailedExecutions>
  /** The id to pass to `get` for a listed execution; null if the list contains none. */
  readonly idToGet: (execution: Pick<Execution, "id" | "attributes">) => string | null
  /** Whether a finished execution may run again under the same id. */
  readonly reopens: boolean
  /** The statuses that the provider has words for. */
  readonly statuses: ReadonlyArray<ExecutionStatus>
  /**
   * From now on, each execution that appears or whose status changes, until you leave the loop. In
   * the order of the listing, oldest first.
   */
  readonly follow: (
    query?: LogQuery,
    options?: FollowOptions & CallOptions,
  ) => AsyncIterable<Change>
  /** How a query will be answered. Sends no request. Throws `InvalidQuery` or `Unsupported`. */
  readonly explain: (query?: LogQuery) => QueryPlan
  /** Decodes rejected items again, for example after a fix to the adapter. */
  readonly reread: (
    items: ReadonlyArray<Json>,
    query?: LogQuery,
    options?: CallOptions,
  ) => Promise<ReadonlyArray<Reread>>
}

/**
 * Creates a client for one connection. Throws an AdapterError with the reason `InvalidSettings`.
 *
 * @example
 * const client = createClient(dify({ apiKey: process.env.DIFY_API_KEY }), { name: "support-bot" })
 * for await (const execution of client.executions({ status: ["failed"] }, { limit: 50 })) {
 *   console.log(execution.startedAt, execution.error?.message)
 * }
 */
export const createClient = (connection: Connection, options: ClientOptions = {}): Client => {
  const { fetch, ...rest } = options
  const reader = makeReader(connection, rest)
  const transport = fetch === undefined ? null : fetchTransport(fetch)
  const run = <A>(
    effect: Effect.Effect<A, AdapterError>,
    signal: AbortSignal | undefined,
    method: Caller,
  ): Promise<A> => {
    const sent = transport === null ? effect : Effect.provideService(effect, Transport, transport)
    const place = placeOf(method)
    return Effect.runPromise(
      signal === undefined ? sent : Effect.raceFirst(sent, whenAborted(signal)),
    ).catch(place)
  }
  const iterate = <A>(
    stream: Stream.Stream<A, AdapterError>,
    signal: AbortSignal | undefined,
    method: Caller,
  ): AsyncIterable<A> => {
    const sent = transport === null ? stream : Stream.provideService(stream, Transport, transport)
    return placing(
      Stream.toAsyncIterable(
        signal === undefined ? sent : Stream.interruptWhen(sent, whenAborted(signal)),
      ),
      placeOf(method),
    )
  }
  const walk = (
    query: LogQuery | undefined,
    { signal, ...stream }: StreamOptions & CallOptions = {},
    method: Caller,
  ) => iterate(reader.walk(query, stream), signal, method)
  const client: Client = {
    provider: connection.provider,
    name: reader.name,
    server: reader.server,
    reread: (items, query, { signal } = {}) =>
      run(reader.reread(items, query), signal, client.reread),
    page: (query, cursor, { signal } = {}) => run(reader.page(query, cursor), signal, client.page),
    get: (id, { signal, ...get } = {}) => run(reader.get(id, get), signal, client.get),
    getMany: (ids, { signal, ...many } = {}) =>
      run(reader.getMany(ids, many), signal, client.getMany),
    complete: (executions, { signal, ...complete } = {}) =>
      run(reader.complete(executions, complete), signal, client.complete),
    idToGet: reader.idToGet,
    reopens: reader.reopens,
    statuses: reader.statuses,
    explain: (query) => Effect.runSync(reader.explain(query)),
    pages: (query, { signal, ...pages } = {}) =>
      iterate(reader.pages(query, pages), signal, client.pages),
    entries: (query, options) =>
      flattened(walk(query, options, client.entries), entriesOf, options?.signal),
    follow: (query, { signal, ...follow } = {}) =>
      iterate(followChanges(reader, query, follow), signal, client.follow),
    executions: (query, options) =>
      flattened(
        walk(query, options, client.executions),
        ({ page }) => page.executions,
        options?.signal,
      ),
  }
  return client
}

/** Fails with the signal's reason, as fetch does, once the signal is aborted. */
const whenAborted = (signal: AbortSignal): Effect.Effect<never, unknown> =>
  Effect.callback<never, unknown>((resume) => {
    const onAbort = () => resume(Effect.fail(signal.reason))
    if (signal.aborted) {
      onAbort()
      return Effect.void
    }
    signal.addEventListener("abort", onAbort, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", onAbort))
  })

/**
 * The elements of pages one by one. An iterator of its own: a Stream or an async generator asks a
 * price for each element that is more than that of reading and mapping it.
 */
export const flattened = <Page, A>(
  pages: AsyncIterable<Page>,
  elements: (page: Page) => ReadonlyArray<A>,
  signal?: AbortSignal,
): AsyncIterable<A> => ({
  [Symbol.asyncIterator]: () => {
    const iterator = pages[Symbol.asyncIterator]()
    let rest: Iterator<A> = [][Symbol.iterator]()
    // Set while a page is read: who asks meanwhile comes after who asked before.
    let turn: Promise<IteratorResult<A>> | null = null
    let isLeft = false

    const readOn = async (): Promise<IteratorResult<A>> => {
      for (;;) {
        if (isLeft) return { done: true, value: undefined }
        // What is left of a page is not given after an abort; the pages themselves then reject.
        if (signal?.aborted === true) rest = [][Symbol.iterator]()
        const next = rest.next()
        if (next.done !== true) return next
        const page = await iterator.next()
        // Who left meanwhile is given nothing of a page that comes after.
        if (page.done === true || isLeft) return { done: true, value: undefined }
        rest = elements(page.value)[Symbol.iterator]()
      }
    }

    return {
      next: () => {
        if (turn === null && signal?.aborted !== true) {
          const next = rest.next()
          if (next.done !== true) return Promise.resolve(next)
        }
        const mine: Promise<IteratorResult<A>> = turn === null ? readOn() : turn.then(readOn)
        const isOver = () => {
          if (turn === mine) turn = null
        }
        turn = mine
        mine.then(isOver, isOver)
        return mine
      },
      return: async () => {
        isLeft = true
        rest = [][Symbol.iterator]()
        await iterator.return?.()
        return { done: true, value: undefined }
      },
    }
  },
})
