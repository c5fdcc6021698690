import { AdapterError } from "../model/AdapterError.js"

/** A method of a client, above which the frames of whoever called it stand. */
export type Caller = (...args: ReadonlyArray<never>) => unknown

/**
 * Rethrows an error of a call with a stack that begins where the method was called: the frames of the
 * runtime that ran it tell a user nothing. To be made within the call. An engine without
 * `captureStackTrace` leaves the stack as it is.
 */
export const placeOf = (method: Caller): ((error: unknown) => never) => {
  const call: { stack?: string } = {}
  // No web standard, so that only its engines' own types know it.
  const capture: unknown = Reflect.get(Error, "captureStackTrace")
  if (typeof capture === "function") Reflect.apply(capture, Error, [call, method])
  return (error) => {
    const frames = call.stack?.split("\n").slice(1) ?? []
    if (AdapterError.is(error) && frames.length > 0) {
      error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n")
    }
    throw error
  }
}

/** The same for all that an iterable rejects with. */
export const placing = <A>(
  iterable: AsyncIterable<A>,
  place: (error: unknown) => never,
): AsyncIterable<A> => ({
  [Symbol.asyncIterator]: () => {
    const iterator = iterable[Symbol.asyncIterator]()
    return {
      next: () => iterator.next().catch(place),
      return: async () => {
        await iterator.return?.()
        return { done: true, value: undefined }
      },
    }
  },
})
