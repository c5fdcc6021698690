import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { AdapterError } from "../model/AdapterError.js"
import { type Caller, iterableWithCallerStack, rethrowAt } from "../model/CallerStack.js"
import { checkOptions, isAbortSignal } from "../model/OptionChecks.js"
import type { Method } from "../model/OptionNames.js"
import { runCheck } from "../reading/ReadOptions.js"
import type { CallOptions } from "./Face.js"

/** Checks the options of a call, which has none of its own, and runs its effect. */
export const callOf = <A>(
  name: Method,
  effect: Effect.Effect<A, AdapterError>,
  call: CallOptions | undefined,
  method: Caller,
): Promise<A> =>
  promiseOf(
    Effect.andThen(
      runCheck(() => checkOptions(name, call)),
      effect,
    ),
    call,
    method,
  )

/** Runs an effect for a method until the signal is aborted; errors get the stack of the method's caller. */
export const promiseOf = <A>(
  effect: Effect.Effect<A, AdapterError>,
  call: CallOptions | undefined,
  method: Caller,
): Promise<A> => {
  const signal = signalOf(call)
  return Effect.runPromise(
    signal === undefined ? effect : Effect.raceFirst(effect, whenAborted(signal)),
  ).catch(rethrowAt(method))
}

/** The elements of a stream, for a method, until the signal is aborted. */
export const iterableOf = <A>(
  stream: Stream.Stream<A, AdapterError>,
  call: CallOptions | undefined,
  method: Caller,
): AsyncIterable<A> => {
  const signal = signalOf(call)
  return flattened(arraysOf(Stream.chunks(stream), signal, method), signal)
}

/** The elements of a stream of pages: the next page is requested when this one was consumed. */
export const pagesOf = <A>(
  stream: Stream.Stream<A, AdapterError>,
  call: CallOptions | undefined,
  method: Caller,
): AsyncIterable<A> => arraysOf(stream, signalOf(call), method)

/** The signal of a call. One that is not a signal is rejected by the effect, as other options are. */
const signalOf = (call: CallOptions | undefined): AbortSignal | undefined =>
  isAbortSignal(call?.signal) ? call.signal : undefined

const arraysOf = <A>(
  stream: Stream.Stream<A, AdapterError>,
  signal: AbortSignal | undefined,
  method: Caller,
): AsyncIterable<A> =>
  iterableWithCallerStack(
    method,
    Stream.toAsyncIterable(
      signal === undefined ? stream : Stream.interruptWhen(stream, whenAborted(signal)),
    ),
  )

/** Fails with the signal's reason, as fetch does, once the signal is aborted. */
const whenAborted = (signal: AbortSignal): Effect.Effect<never, unknown> =>
  Effect.callback<never, unknown>((resume) => {
    const onAbort = () => resume(Effect.fail(signal.reason))
    if (signal.aborted) {
      onAbort()
      return Effect.void
    }
    signal.addEventListener("abort", onAbort, { once: true })
    return Effect.sync(() => signal.removeEventListener("abort", onAbort))
  })

/**
 * The elements of arrays one by one. An iterator of its own: a Stream or an async generator costs
 * more for each element than reading and mapping it.
 */
export const flattened = <A>(
  arrays: AsyncIterable<ReadonlyArray<A>>,
  signal?: AbortSignal,
): AsyncIterable<A> => ({
  [Symbol.asyncIterator]: () => {
    const iterator = arrays[Symbol.asyncIterator]()
    let rest: Iterator<A> = [][Symbol.iterator]()
    // Set while an array is awaited: later calls of next are answered after earlier ones.
    let turn: Promise<IteratorResult<A>> | null = null
    let isLeft = false

    const readOn = async (): Promise<IteratorResult<A>> => {
      for (;;) {
        if (isLeft) return { done: true, value: undefined }
        // After an abort, the rest of an array is dropped; reading on then rejects.
        if (signal?.aborted === true) rest = [][Symbol.iterator]()
        const next = rest.next()
        if (next.done !== true) return next
        const array = await iterator.next()
        // The consumer may have left while the array was awaited.
        if (array.done === true || isLeft) return { done: true, value: undefined }
        rest = array.value[Symbol.iterator]()
      }
    }

    return {
      next: () => {
        if (turn === null && signal?.aborted !== true) {
          const next = rest.next()
          if (next.done !== true) return Promise.resolve(next)
        }
        const mine: Promise<IteratorResult<A>> = turn === null ? readOn() : turn.then(readOn)
        const isOver = () => {
          if (turn === mine) turn = null
        }
        turn = mine
        mine.then(isOver, isOver)
        return mine
      },
      return: async () => {
        isLeft = true
        rest = [][Symbol.iterator]()
        await iterator.return?.()
        return { done: true, value: undefined }
      },
    }
  },
})
