import type { AdapterError } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import {
  type ExecutionsService,
  fetchTransport,
  makeExecutions,
  Transport,
} from "@execlog/core/effect"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { connectionName } from "./Subject.js"

/** A call of a client, as in a user's program. */
export type Call = (executions: ExecutionsService) => Effect.Effect<unknown, AdapterError>

/** Everything that a program can catch, log and trace of a call. */
export interface Heard {
  /** The result of the call; null if it failed. */
  readonly given: unknown
  readonly cause: Cause.Cause<AdapterError> | null
  readonly [what: string]: unknown
}

/** Makes a call with all logging and tracing enabled. */
export const hear = async (
  connection: Connection,
  call: Call,
  fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init),
): Promise<Heard> => {
  const executions = makeExecutions(connection, { name: connectionName, transport: { retries: 0 } })
  const spans: Array<Tracer.NativeSpan> = []
  const lines: Array<unknown> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    },
  })
  const collected = Logger.make(({ message, cause }) => void lines.push(message, cause))
  const written = Logger.map(Logger.formatJson, (line) => void lines.push(line))
  const exit = await Effect.runPromiseExit(
    call(executions).pipe(
      Effect.tapCause((cause) => Effect.logTrace("the call failed", cause)),
      Effect.withSpan("program"),
      Effect.provide(Logger.layer([collected, written])),
      Effect.provideService(References.MinimumLogLevel, "All"),
      Effect.provideService(Tracer.Tracer, tracer),
      Effect.provideService(Transport, fetchTransport(fetch)),
    ),
  )
  const cause = Exit.isFailure(exit) ? exit.cause : null
  return {
    given: Exit.isSuccess(exit) ? exit.value : null,
    cause,
    "the error": cause === null ? null : Cause.squash(cause),
    "the cause, written out": cause === null ? null : Cause.pretty(cause),
    "the log": lines,
    "the spans": spans.map(({ name, attributes, events, links }) => ({
      name,
      attributes,
      events,
      links,
    })),
    "the ends of the spans": spans.map(({ status }) =>
      status._tag === "Ended" && Exit.isFailure(status.exit) ? status.exit.cause : null,
    ),
  }
}
