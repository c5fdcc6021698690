import * as Context from "effect/Context"
import * as Layer from "effect/Layer"
import type { OpaqueConnection } from "../adapter/OpaqueConnection.js"
import { followChanges } from "../following/Follow.js"
import type { AdapterError } from "../model/AdapterError.js"
import { withCallerStack } from "../model/CallerStack.js"
import { makeReader } from "../reading/Reader.js"
import { runCheck } from "../reading/ReadOptions.js"
import type { ConnectionOptions } from "../reading/ReadOptions.js"
import type { TransportService } from "../transport/Transport.js"
import type { ConnectionReading } from "./Face.js"

/** The executions of one connection, as Effects and Streams. */
export interface ExecutionsService extends ConnectionReading<"effect"> {}

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
    connection: OpaqueConnection,
    options: ConnectionOptions = {},
  ): Layer.Layer<Executions, AdapterError> {
    return Layer.effect(
      Executions,
      runCheck(() => makeExecutions(connection, options)),
    )
  }
}

/** The service for one connection, without a layer. Throws `InvalidSettings`. */
export const makeExecutions = (
  connection: OpaqueConnection,
  options: ConnectionOptions = {},
): ExecutionsService =>
  withCallerStack(makeExecutions, () => executionsBy(connection, options, null))

/** The service for one connection, whose requests a given transport sends. */
export const executionsBy = (
  connection: OpaqueConnection,
  options: ConnectionOptions,
  transport: TransportService | null,
): ExecutionsService => {
  const reader = makeReader(connection, options, transport)
  return { ...reader, follow: (query, follow) => followChanges(reader, query, follow) }
}
