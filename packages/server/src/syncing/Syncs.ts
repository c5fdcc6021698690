import { AdapterError, type Details, type Include } from "@execlog/core"
import {
  ExecutionStore,
  sourceOfClient,
  StoreError,
  type SyncClient,
  type SyncWarning,
} from "@execlog/store"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import * as Queue from "effect/Queue"
import * as Random from "effect/Random"
import * as Result from "effect/Result"
import {
  beginSync,
  failSync,
  type Failure,
  finishSync,
  firstState,
  type SyncState,
} from "./SyncState.js"

/** A connection that a server syncs. */
export interface SyncedConnection {
  /** The name under which it is stored. */
  readonly name: string
  readonly provider: string
  /** Gives its client. A failure is shown as that of a sync, and tried again like one. */
  readonly open: () => Promise<SyncClient>
  /** The pause between two syncs. */
  readonly intervalMs: number
  /** The beginning of the history that is read at first. Default: all of it. */
  readonly since?: Date | undefined
  readonly include?: ReadonlyArray<Include> | undefined
  readonly details?: Details | undefined
  /** The secret of its webhook. Default: it has none. */
  readonly webhookSecret?: string | undefined
}

/** The syncs of a server's connections: each at its own interval, none in the way of another. */
export class Syncs extends Context.Service<
  Syncs,
  {
    /** The state of each connection, by name. */
    readonly states: Effect.Effect<ReadonlyMap<string, SyncState>>
    /**
     * Syncs a connection now, or once more if a sync of it runs. False if there is no such
     * connection.
     */
    readonly syncNow: (name: string) => Effect.Effect<boolean>
  }
>()("@execlog/server/Syncs") {
  /** Syncs these connections as long as the layer lives, and runs `after` after each good sync. */
  static layer<R>(
    connections: ReadonlyArray<SyncedConnection>,
    after: Effect.Effect<void, never, R>,
  ): Layer.Layer<Syncs, never, ExecutionStore | R> {
    return Layer.effect(Syncs, startSyncs(connections, after))
  }
}

const startSyncs = Effect.fnUntraced(function* <R>(
  connections: ReadonlyArray<SyncedConnection>,
  after: Effect.Effect<void, never, R>,
) {
  const startedAt = yield* Clock.currentTimeMillis
  const states = new Map<string, SyncState>()
  const hints = new Map<string, Queue.Queue<null>>()
  for (const connection of connections) {
    const { name } = connection
    const hinted = yield* Queue.sliding<null>(1)
    hints.set(name, hinted)
    let state = firstState(connection, startedAt)
    states.set(name, state)
    const change = (to: (state: SyncState) => SyncState) => {
      state = to(state)
      states.set(name, state)
    }
    yield* Effect.forkScoped(keepSyncing(connection, { change, hinted, after }))
  }
  return Syncs.of({
    states: Effect.sync(() => new Map(states)),
    syncNow: (name) => {
      const hinted = hints.get(name)
      return hinted === undefined
        ? Effect.succeed(false)
        : Effect.as(Queue.offer(hinted, null), true)
    },
  })
})

interface Surroundings<R> {
  readonly change: (to: (state: SyncState) => SyncState) => void
  /** Has an element if a sync is wanted before its time. */
  readonly hinted: Queue.Queue<null>
  readonly after: Effect.Effect<void, never, R>
}

/** However often hints come, a provider is left alone for this long. */
const shortestPauseMs = 1000
const longestPauseMs = 15 * 60_000

const keepSyncing = Effect.fnUntraced(function* <R>(
  connection: SyncedConnection,
  { change, hinted, after }: Surroundings<R>,
): Effect.fn.Return<never, never, ExecutionStore | R> {
  const { name, intervalMs } = connection
  const sync = yield* makeSync(connection)
  let failures = 0
  let reported: Failure["code"] | null = null
  for (;;) {
    // What was hinted before this sync begins, it reads.
    yield* Queue.clear(hinted)
    change(beginSync)
    const done = yield* Effect.result(sync)
    const now = yield* Clock.currentTimeMillis
    let pauseMs = intervalMs
    if (Result.isSuccess(done)) {
      failures = 0
      reported = null
      const warnings = done.success
      change((state) => finishSync(state, { at: now, nextAt: now + intervalMs, warnings }))
      yield* after
    } else {
      const { failure } = done
      failures += 1
      const patience = yield* pauseAfter(failures, intervalMs)
      pauseMs = Math.max(patience, failure.retryAfterMs ?? 0, shortestPauseMs)
      const nextAt = now + pauseMs
      change((state) => failSync(state, failure, { at: now, nextAt }))
      // Once, and again only for another reason.
      if (failure.code !== reported) yield* Effect.logWarning(`${name}: ${failure.message}`)
      reported = failure.code
    }
    yield* Effect.sleep(shortestPauseMs)
    yield* Effect.raceFirst(Effect.sleep(pauseMs - shortestPauseMs), Queue.take(hinted))
  }
})

/** Twice as long after each failure in a row, give or take a tenth, so that not all come at once. */
const pauseAfter = (failures: number, intervalMs: number): Effect.Effect<number> => {
  const most = Math.max(intervalMs, longestPauseMs)
  const pauseMs = Math.min(intervalMs * 2 ** Math.min(failures - 1, 20), most)
  return Effect.map(Random.next, (share) => Math.round(pauseMs * (0.9 + 0.2 * share)))
}

/** The sync of a connection, which succeeds with its warnings. */
const makeSync = Effect.fnUntraced(function* ({ open, since, include, details }: SyncedConnection) {
  const store = yield* ExecutionStore
  let opened: SyncClient | null = null
  return Effect.gen(function* () {
    const client =
      opened ?? (opened = yield* Effect.tryPromise({ try: open, catch: (error) => error }))
    const warnings = new Map<string, SyncWarning>()
    yield* store.sync(sourceOfClient(client), {
      since,
      include,
      details,
      onWarning: (warning) => warnings.set(JSON.stringify([warning.code, warning.about]), warning),
    })
    return [...warnings.values()]
  }).pipe(
    Effect.catchDefect((defect) => Effect.fail(defect)),
    Effect.mapError(failureOf),
  )
})

const failureOf = (error: unknown): Failure => {
  if (AdapterError.is(error) || StoreError.is(error)) {
    const { reason, message, hint } = error
    const retryAfterMs = AdapterError.is(error) ? error.retryAfterMs : null
    return { code: reason, message, hint: hint?.text ?? null, retryAfterMs }
  }
  const message = error instanceof Error ? error.message : String(error)
  const hint = Predicate.hasProperty(error, "hint") ? error.hint : null
  return {
    code: "Failed",
    message,
    hint: typeof hint === "string" ? hint : null,
    retryAfterMs: null,
  }
}
