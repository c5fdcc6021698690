import * as Effect from "effect/Effect"
import { AdapterError } from "../model/AdapterError.js"

/** Runs a check that may throw an AdapterError, as an effect that fails with it. */
export const runCheck = <A>(check: () => A): Effect.Effect<A, AdapterError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(check())
    } catch (error) {
      return AdapterError.is(error) ? Effect.fail(error) : Effect.die(error)
    }
  })
