/** How long made executions take. Most are short, and one in a hundred is long. */
interface Durations {
  /** The longest of the short ones. */
  readonly usual: number
  readonly longest: number
  /** The higher, the more of the short ones are very short. */
  readonly power: number
}

/** The duration that a roll from 0 to 1 draws, in the unit of the options. */
export const drawDuration = (roll: number, { usual, longest, power }: Durations): number =>
  roll > 0.99 ? (roll - 0.99) * 100 * longest : roll ** power * usual
