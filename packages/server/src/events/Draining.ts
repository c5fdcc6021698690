import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Completes when the server stops: streams that would never end, end then. */
export class Draining extends Context.Service<Draining, Deferred.Deferred<void>>()(
  "@execlog/server/Draining",
) {
  static readonly layer: Layer.Layer<Draining> = Layer.effect(Draining, Deferred.make<void>())

  /** Build it after the server: it is released first. */
  static readonly layerBegin: Layer.Layer<never, never, Draining> = Layer.effectDiscard(
    Effect.gen(function* () {
      const draining = yield* Draining
      yield* Effect.addFinalizer(() => Deferred.succeed(draining, undefined))
    }),
  )
}
