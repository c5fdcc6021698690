/** A method whose callers' frames are kept. */
export type Caller = (...args: ReadonlyArray<never>) => unknown

/**
 * Rethrows an error of ours with the stack of the method's caller, since the frames below it tell a
 * user nothing. Call it within the method. An engine without `captureStackTrace` keeps the stack.
 */
export const rethrowAt = (method: Caller): ((error: unknown) => never) => {
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

/** Runs the body of a synchronous method; its errors get the stack of the method's caller. */
export const withCallerStack = <A>(method: Caller, run: () => A): A => {
  const rethrow = rethrowAt(method)
  try {
    return run()
  } catch (error) {
    return rethrow(error)
  }
}

/** An iterable that a method returns; the errors it rejects with get the stack of the method's caller. */
export const iterableWithCallerStack = <A>(
  method: Caller,
  iterable: AsyncIterable<A>,
): AsyncIterable<A> => {
  const rethrow = rethrowAt(method)
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = iterable[Symbol.asyncIterator]()
      return {
        next: () => iterator.next().catch(rethrow),
        return: async () => {
          await iterator.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
