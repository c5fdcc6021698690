import { inspect } from "node:util"
import * as Context from "effect/Context"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

/** The log lines and spans of an effect, and the fibres that it left running. */
export interface Witness {
  readonly services: Context.Context<never>
  /** Every text of the log and of the spans. */
  readonly texts: () => ReadonlyArray<string>
  /** The number of running fibres. */
  readonly fibres: () => number
}

/** A witness of the effects to which its services are provided. */
export const makeWitness = (): Witness => {
  const spans: Array<Tracer.NativeSpan> = []
  const lines: Array<string> = []
  let fibres = 0
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    },
  })
  const logger = Logger.make(({ message, cause }) => {
    lines.push(inspect([message, cause], { depth: null }))
  })
  return {
    services: Context.empty().pipe(
      Context.add(Tracer.Tracer, tracer),
      Context.add(Logger.CurrentLoggers, new Set([logger])),
      Context.add(References.MinimumLogLevel, "All"),
      Context.add(Metric.FiberRuntimeMetrics, {
        recordFiberStart: () => fibres++,
        recordFiberEnd: () => fibres--,
      }),
    ),
    texts: () => [
      ...lines,
      ...spans.map(({ name, attributes, events, status }) =>
        inspect({ name, attributes, events, status }, { depth: null, showHidden: true }),
      ),
    ],
    fibres: () => fibres,
  }
}
