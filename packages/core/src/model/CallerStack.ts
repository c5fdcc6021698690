/** A method, above which the frames of whoever called it stand. */
export type Caller = (...args: ReadonlyArray<never>) => unknown

/**
 * Rethrows an error of ours with a stack that begins where the method was called: the frames below it
 * tell a user nothing. Create it within the call. An engine without `captureStackTrace` leaves the
 * stack as it is.
 */
export const placeOf = (method: Caller): ((error: unknown) => never) => {
  const call: { stack?: string } = {}
  // Not a web standard, so that only its engines' own types know it.
  const capture: unknown = Reflect.get(Error, "captureStackTrace")
  if (typeof capture === "function") Reflect.apply(capture, Error, [call, method])
  return (error) => {
    const frames = call.stack?.split("\n").slice(1) ?? []
    // An error without a tag is a bug, whose own frames are needed.
    if (error instanceof Error && "_tag" in error && frames.length > 0) {
      error.stack = [`${error.name}: ${error.message}`, ...frames].join("\n")
    }
    throw error
  }
}

/** Runs what a synchronous method does; its errors stand where it was called. */
export const placed = <A>(method: Caller, run: () => A): A => {
  const place = placeOf(method)
  try {
    return run()
  } catch (error) {
    return place(error)
  }
}

/** Places all errors that an iterable rejects with. */
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
