import type { AdapterError } from "@execlog/core"
import { type ExecutionChange, ExecutionStore, type StoreError } from "@execlog/store"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"

/** Changes as they are stored, by this server or by another program. */
export class ChangeFeed extends Context.Service<
  ChangeFeed,
  {
    /**
     * The changes after a number, and then those to come, in their order, without a gap. Null: only
     * those to come.
     */
    readonly after: (
      number: number | null,
    ) => Stream.Stream<ExecutionChange, AdapterError | StoreError>
    /** Looks for new changes now. */
    readonly look: Effect.Effect<void>
  }
>()("@execlog/server/ChangeFeed") {
  /** Looks for new changes at an interval, in milliseconds. */
  static layer(
    intervalMs: number,
  ): Layer.Layer<ChangeFeed, AdapterError | StoreError, ExecutionStore> {
    return Layer.effect(ChangeFeed, startFeed(intervalMs))
  }
}

/** The most changes of one read. */
const mostAtOnce = 500
/** The batches that a slow reader may lag behind before it reads the store. */
const mostBatches = 64

const startFeed = Effect.fnUntraced(function* (intervalMs: number) {
  const store = yield* ExecutionStore
  const batches = yield* PubSub.sliding<ReadonlyArray<ExecutionChange>>(mostBatches)
  const one = yield* Semaphore.make(1)
  let latest = yield* store.lastChange()
  const readNew = Effect.gen(function* () {
    for (;;) {
      const found = yield* store.changes(latest, mostAtOnce)
      const last = found.at(-1)
      if (last === undefined) return
      latest = last.number
      yield* PubSub.publish(batches, found)
    }
  })
  const look = one
    .withPermits(1)(readNew)
    .pipe(Effect.catch((error) => Effect.logWarning(`Changes cannot be read: ${error.message}`)))
  yield* look.pipe(Effect.andThen(Effect.sleep(intervalMs)), Effect.forever, Effect.forkScoped)

  /** What is stored after a number, to its end. */
  const stored = (number: number) =>
    Stream.paginate(number, (after) =>
      Effect.map(store.changes(after, mostAtOnce), (found) => {
        const last = found.at(-1)
        return [found, last === undefined ? Option.none() : Option.some(last.number)] as const
      }),
    )
  return ChangeFeed.of({
    look,
    after: (number) =>
      Stream.unwrap(
        Effect.gen(function* () {
          // Subscribed before the store is read, so that nothing is missed in between.
          const coming = yield* PubSub.subscribe(batches)
          let told = number ?? latest
          const isNew = (change: ExecutionChange) => {
            const isAfter = change.number > told
            if (isAfter) told = change.number
            return isAfter
          }
          const hasGap = (changes: ReadonlyArray<ExecutionChange>) =>
            (changes[0]?.number ?? 0) > told + 1
          return Stream.concat(
            number === null ? Stream.empty : stored(number),
            Stream.fromSubscription(coming).pipe(
              Stream.flatMap((batch) =>
                hasGap(batch) ? stored(told) : Stream.fromIterable(batch),
              ),
            ),
          ).pipe(Stream.filter(isNew))
        }),
      ),
  })
})
