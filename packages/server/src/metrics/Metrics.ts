import type { AdapterError } from "@execlog/core"
import { ExecutionStore, type StoreError } from "@execlog/store"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { PrometheusMetrics } from "effect/observability"
import * as Stream from "effect/Stream"
import { ChangeFeed } from "../events/ChangeFeed.js"
import { EventStreams } from "../events/EventStreams.js"
import { connectionStates } from "../syncing/ConnectionStates.js"
import { Syncs } from "../syncing/Syncs.js"
import { makeExecutionMetrics, unfinishedStatuses } from "./ExecutionMetrics.js"
import { setSyncMetrics } from "./SyncMetrics.js"

/** Figures of executions and syncs. */
export class Metrics extends Context.Service<
  Metrics,
  {
    /** In the text format of Prometheus. */
    readonly text: Effect.Effect<string, AdapterError | StoreError>
  }
>()("@execlog/server/Metrics") {
  static readonly layer = Layer.effect(
    Metrics,
    Effect.suspend(() => startMetrics()),
  )
}

const openStreams = Metric.gauge("execlog_event_streams", { description: "Open event streams" })

const makeRegistry = () => Context.make(Metric.MetricRegistry, new Map())

const startMetrics = Effect.fnUntraced(function* () {
  const store = yield* ExecutionStore
  const feed = yield* ChangeFeed
  const syncs = yield* Syncs
  const streams = yield* EventStreams
  const counts = makeRegistry()
  const executions = makeExecutionMetrics(counts)
  yield* feed.after(null).pipe(
    Stream.runForEach((change) => Effect.sync(() => executions.addChange(change))),
    Effect.tapError((error) => Effect.logWarning(`Changes are not counted: ${error.message}`)),
    Effect.forkScoped,
  )
  const unfinished = store.statisticRows({ status: unfinishedStatuses, planned: true }).pipe(
    Stream.runCollect,
    Effect.map((batches) => batches.flat()),
  )
  return Metrics.of({
    text: Effect.gen(function* () {
      // What is as it is now has a registry of its own: what is gone must not stay in it.
      const now = makeRegistry()
      executions.setUnfinished(now, yield* unfinished)
      setSyncMetrics(now, yield* connectionStates(store, syncs), yield* syncs.states)
      openStreams.updateUnsafe(yield* streams.count, now)
      return PrometheusMetrics.formatUnsafe(counts) + PrometheusMetrics.formatUnsafe(now)
    }),
  })
})
