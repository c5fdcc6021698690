import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { AdapterError } from "../model/AdapterError.js"
import type { Change } from "../model/LogPage.js"
import type { Connection } from "../adapter/Connection.js"
import { type Entry, entriesOf } from "../reading/MapPage.js"
import type { Execution } from "../model/Execution.js"
import { followChanges } from "../following/Follow.js"
import type { FollowOptions } from "../following/FollowOptions.js"
import type { LogQuery } from "../model/LogQuery.js"
import { checking } from "../reading/CheckedCall.js"
import { type Reader, makeReader } from "../reading/Reader.js"
import type { ConnectionOptions, StreamOptions } from "../reading/ReadOptions.js"

/** The executions of one connection. */
export interface ExecutionsService extends Omit<Reader, "walk"> {
  /** All executions. Without callbacks, rejected items and warnings go to stderr. */
  readonly stream: (
    query?: LogQuery,
    options?: StreamOptions,
  ) => Stream.Stream<Execution, AdapterError>
  /** All executions, each with the cursor that resumes after it. */
  readonly entries: (
    query?: LogQuery,
    options?: StreamOptions,
  ) => Stream.Stream<Entry, AdapterError>
  /** From now on, each execution that appears or whose status changes. */
  readonly follow: (
    query?: LogQuery,
    options?: FollowOptions,
  ) => Stream.Stream<Change, AdapterError>
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
      checking(() => makeExecutions(connection, options)),
    )
  }
}

/** The service for one connection, without a layer. Throws `InvalidSettings`. */
export const makeExecutions = (
  connection: Connection,
  options: ConnectionOptions = {},
): ExecutionsService => {
  const { walk, ...reader } = makeReader(connection, options)
  return Executions.of({
    ...reader,
    follow: (query, follow) => followChanges(reader, query, follow),
    entries: (query, stream) =>
      walk(query, stream).pipe(Stream.map(entriesOf), Stream.flattenIterable),
    stream: (query, stream) =>
      walk(query, stream).pipe(
        Stream.map(({ page }) => page.executions),
        Stream.flattenIterable,
      ),
  })
}
