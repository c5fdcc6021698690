// Numbers that depend on (seed, index, salt) alone, so that any row can be made without the others.

const mix = (value: number): number => {
  let mixed = value | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** A 32-bit number that looks random. */
export const hash = (seed: number, index: number, salt: number): number =>
  mix(mix(seed + Math.imul(salt + 1, 0x9e3779b1)) + Math.imul(index + 1, 0x85ebca6b))

/** A fraction, 0 ≤ x < 1. */
export const fraction = (seed: number, index: number, salt: number): number =>
  hash(seed, index, salt) / 0x1_0000_0000

/** A whole number, 0 ≤ x < bound. */
export const below = (bound: number, seed: number, index: number, salt: number): number =>
  Math.floor(fraction(seed, index, salt) * bound)

/** One of the choices. */
export const pick = <A>(
  choices: readonly [A, ...Array<A>],
  seed: number,
  index: number,
  salt: number,
): A => choices[below(choices.length, seed, index, salt)] ?? choices[0]

/** Odd, so that multiplying by it can be undone. */
const factor = 0x9e3779b1

const inverseOf = (odd: number): number => {
  let inverse = odd
  for (let round = 0; round < 5; round += 1)
    inverse = Math.imul(inverse, 2 - Math.imul(odd, inverse))
  return inverse
}

const factorInverse = inverseOf(factor)

/** Hides an index in 32 bits that look random. `unscramble` finds it again without a table. */
export const scramble = (index: number, key: number): number => {
  const product = Math.imul(index ^ key, factor)
  return Math.imul(product ^ (product >>> 16), factor) >>> 0
}

/** The index that `scramble` hid. */
export const unscramble = (value: number, key: number): number => {
  const product = Math.imul(value, factorInverse)
  return (Math.imul(product ^ (product >>> 16), factorInverse) ^ key) >>> 0
}
