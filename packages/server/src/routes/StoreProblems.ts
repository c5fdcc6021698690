import type { AdapterError } from "@execlog/core"
import { StoreError } from "@execlog/store"
import * as Effect from "effect/Effect"
import { problemOf } from "../api/Problem.js"

/** Shows failures of the store as problems; what they do not tell the client goes to the log. */
export const asProblems = <A, R>(effect: Effect.Effect<A, AdapterError | StoreError, R>) =>
  effect.pipe(
    Effect.tapError((error) =>
      StoreError.is(error) ? Effect.logWarning(error.message) : Effect.void,
    ),
    Effect.mapError(problemOf),
  )
