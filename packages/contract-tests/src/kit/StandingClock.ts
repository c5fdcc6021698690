/** How often a function read the clock and random numbers. */
export interface Readings {
  readonly clock: number
  readonly chance: number
}

/**
 * Runs a function with `Date` fixed at an instant. Timers still run, so that nothing hangs. Not the test
 * runner's fake timers, since a separate process uses it too.
 */
export const atInstant = async <A>(instant: string, use: () => Promise<A>): Promise<A> => {
  const now = Date.parse(instant)
  if (Number.isNaN(now)) throw new Error(`${instant} is not a time`)
  const RealDate = globalThis.Date
  globalThis.Date = standing(RealDate, now, () => undefined)
  try {
    return await use()
  } finally {
    globalThis.Date = RealDate
  }
}

/** Runs a synchronous function and counts its reads of the clock and of random numbers. */
export const countingReadings = <A>(
  use: () => A,
): { readonly value: A; readonly readings: Readings } => {
  const RealDate = globalThis.Date
  const realRandom = Math.random
  let clock = 0
  let chance = 0
  globalThis.Date = standing(RealDate, RealDate.now(), () => clock++)
  Math.random = () => {
    chance++
    return realRandom()
  }
  try {
    return { value: use(), readings: { clock, chance } }
  } finally {
    globalThis.Date = RealDate
    Math.random = realRandom
  }
}

const standing = (RealDate: DateConstructor, now: number, onRead: () => void): DateConstructor =>
  new Proxy(RealDate, {
    construct: (target, given) => {
      if (given.length === 0) onRead()
      return Reflect.construct(target, given.length === 0 ? [now] : given)
    },
    apply: () => {
      onRead()
      return new RealDate(now).toString()
    },
    get: (target, key) =>
      key === "now"
        ? () => {
            onRead()
            return now
          }
        : Reflect.get(target, key),
  })
