import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { AdapterError } from "../model/AdapterError.js"

/** How much of `maxBodyBytes` an answer may have: less than 1 where several are read side by side. */
export const AnswerShare = Context.Reference<number>("@execlog/core/AnswerShare", {
  defaultValue: () => 1,
})

/**
 * Requests that run side by side, so that all their answers together have the room of two. One whose
 * answer is larger than its share is sent again, and has the room of one then, after the others that are.
 */
export const sharing = <Args extends ReadonlyArray<unknown>, A>(
  count: number,
  ask: (...args: Args) => Effect.Effect<A, AdapterError>,
): ((...args: Args) => Effect.Effect<A, AdapterError>) => {
  const large = Semaphore.makeUnsafe(1)
  return (...args) =>
    ask(...args).pipe(
      Effect.provideService(AnswerShare, 1 / count),
      Effect.catchIf(isTooLarge, () => large.withPermit(ask(...args))),
    )
}

const isTooLarge = ({ reason }: AdapterError): boolean => reason === "TooLarge"
