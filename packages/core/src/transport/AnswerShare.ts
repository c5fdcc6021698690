import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { AdapterError } from "../model/AdapterError.js"

/**
 * The share of `maxBodyBytes` that one response may use: less than 1 while several are read
 * concurrently.
 */
export const AnswerShare = Context.Reference<number>("@execlog/core/AnswerShare", {
  defaultValue: () => 1,
})

/**
 * Runs requests concurrently, with memory for two full responses in total. A request whose response
 * exceeds its share is sent again with the full size, one such request at a time.
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
