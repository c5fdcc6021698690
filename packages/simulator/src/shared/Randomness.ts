/** Numbers that look random and are the same for the same seed. */
export interface Randomness {
  /** From 0 up to below 1. */
  readonly next: () => number
  /** A whole number from 0 up to below the limit. */
  readonly below: (limit: number) => number
  /** True in this share of the calls, from 0 to 1. */
  readonly chance: (of: number) => boolean
  readonly pick: <A>(from: ReadonlyArray<A>) => A | undefined
}

/** Mulberry32 from a seed. */
export const randomness = (seed: number): Randomness => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    chance: (of) => next() < of,
    pick: (from) => from[below(from.length)],
  }
}
