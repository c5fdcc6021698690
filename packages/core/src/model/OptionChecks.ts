import { isCredible } from "./Instant.js"
import { invalidQuery } from "./LogQuery.js"

/** Validates an option that is a whole number, or returns its default. Throws `InvalidQuery`. */
export const wholeNumberOption = (
  name: string,
  given: number | undefined,
  otherwise: number,
  least: number,
): number => {
  const value = given ?? otherwise
  if (Number.isSafeInteger(value) && value >= least) return value
  throw invalidQuery(
    `The option ${name} must be a whole number of at least ${least}, not ${String(given)}.`,
    { subject: { kind: "option", name } },
  )
}

/** Validates an option that is one of several words, or returns its default. Throws `InvalidQuery`. */
export const wordOption = <Word extends string>(
  name: string,
  given: Word | undefined,
  otherwise: Word,
  words: ReadonlyArray<Word>,
): Word => {
  const value = given ?? otherwise
  if (words.includes(value)) return value
  throw invalidQuery(
    `The option ${name} must be ${words.slice(0, -1).join(", ")} or ${words.at(-1)}, not ${JSON.stringify(given)}.`,
    { subject: { kind: "option", name } },
  )
}

/** Validates an option that is a time, and returns milliseconds. Throws `InvalidQuery`. */
export const instantOption = (name: string, given: Date): number => {
  // Plain JavaScript may pass anything.
  const time: unknown = given
  const instant = time instanceof Date ? time.getTime() : Number.NaN
  if (isCredible(instant)) return instant
  throw invalidQuery(`The option ${name} is not a time: ${String(given)}.`, {
    subject: { kind: "option", name },
  })
}
