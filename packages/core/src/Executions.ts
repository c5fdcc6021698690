import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { AdapterError } from "./AdapterError.js"
import type { Connection } from "./Connection.js"
import type { Cursor } from "./Cursor.js"
import type { Execution } from "./Execution.js"
import type { LogPage, Rejected } from "./LogPage.js"
import type { LogQuery } from "./LogQuery.js"
import type { WalkPage } from "./PageMapping.js"
import type { QueryPlan } from "./QueryPlan.js"
import { attempt, makeReader } from "./Reader.js"
import type { TransportSettings } from "./TransportSettings.js"

/** What a client is made with, beside the connection. */
export interface ConnectionOptions {
  /** Your name for this account, app or server. It is part of every execution and cursor. */
  readonly name?: string | undefined
  /** How requests are made. */
  readonly transport?: TransportSettings | undefined
}

/** Where a stream of pages begins. */
export interface PagesOptions {
  /** Go on where this cursor stands, instead of at the beginning. */
  readonly cursor?: Cursor | null | undefined
}

/** Where a stream of executions begins and ends. */
export interface StreamOptions extends PagesOptions {
  /** End after so many executions. */
  readonly limit?: number | undefined
  /** Is told of each item that could not be read. */
  readonly onRejected?: ((rejected: Rejected) => void) | undefined
  /** Is told of each warning. */
  readonly onWarning?: ((warning: string) => void) | undefined
}

/** What to give of one execution beside all that the provider has. */
export interface GetOptions {
  readonly include?: ReadonlyArray<"raw"> | undefined
}

/** An execution with the place after it. */
export interface Entry {
  readonly execution: Execution
  /** The cursor that goes on after this execution. */
  readonly cursor: () => Cursor
}

/** The executions of one connection. */
export interface ExecutionsService {
  /** One page: the first, or the one at which a cursor stands. */
  readonly page: (query?: LogQuery, cursor?: Cursor | null) => Effect.Effect<LogPage, AdapterError>
  /** All pages, each as the provider gave it. The next is fetched while one is used. */
  readonly pages: (query?: LogQuery, options?: PagesOptions) => Stream.Stream<LogPage, AdapterError>
  /** All executions. Rejected items and warnings are logged where no callback takes them. */
  readonly stream: (
    query?: LogQuery,
    options?: StreamOptions,
  ) => Stream.Stream<Execution, AdapterError>
  /** All executions, each with the cursor that goes on after it. */
  readonly entries: (
    query?: LogQuery,
    options?: StreamOptions,
  ) => Stream.Stream<Entry, AdapterError>
  /** One execution with all that the provider gives of it; `raw` only when it is asked for. */
  readonly get: (id: string, options?: GetOptions) => Effect.Effect<Execution, AdapterError>
  /** How a query will be answered, without asking the provider. */
  readonly explain: (query?: LogQuery) => Effect.Effect<QueryPlan, AdapterError>
}

/**
 * The executions of one connection, as a service.
 *
 * @example
 * const program = Effect.gen(function* () {
 *   const executions = yield* Executions
 *   return yield* executions.page({ status: ["failed"] })
 * }).pipe(Effect.provide(Executions.layer(dify({ apiKey }), { name: "support-bot" })))
 */
export class Executions extends Context.Service<Executions, ExecutionsService>()(
  "@execlog/core/Executions",
) {
  /** A layer for one connection. Fails with `InvalidSettings`. */
  static layer(
    connection: Connection,
    options: ConnectionOptions = {},
  ): Layer.Layer<Executions, AdapterError> {
    return Layer.effect(
      Executions,
      attempt(() => makeExecutions(connection, options)),
    )
  }
}

/** The service for one connection, without a layer. Throws `InvalidSettings`. */
export const makeExecutions = (
  connection: Connection,
  options: ConnectionOptions = {},
): ExecutionsService => {
  const { page, pages, walk, get, explain } = makeReader(connection, options)
  return Executions.of({
    page,
    pages,
    get,
    explain,
    entries: (query, stream) =>
      walk(query, stream).pipe(Stream.map(entriesOf), Stream.flattenIterable),
    stream: (query, stream) =>
      walk(query, stream).pipe(
        Stream.map(({ page }) => page.executions),
        Stream.flattenIterable,
      ),
  })
}

/** The executions of a page, each with the cursor after it. */
export const entriesOf = ({ page, cursorAfter }: WalkPage): Array<Entry> =>
  page.executions.map((execution, index) => ({ execution, cursor: () => cursorAfter(index) }))
