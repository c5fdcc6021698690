/** Made rows come in groups of so many. Some groups fall within two seconds, as a batch job does. */
const groupSize = 16

/** How dense the rows of a history lie, and where they end. */
export interface Density {
  /** The time of the newest row. */
  readonly now: number
  readonly perHour: number
  /** A second in the unit of `now`. */
  readonly second: number
}

/** The group of a made row. `place` counts the rows from the newest back. */
export const groupOf = (place: number): number => Math.floor(place / groupSize)

/** The place of a made row within its group. */
export const placeInGroup = (place: number): number => place % groupSize

/** The time that a group has to itself. */
export const groupSpan = ({ perHour, second }: Density): number =>
  ((3600 * second) / perHour) * groupSize

/** The time of a made row. `share`, from 0 to 1, moves it within its part of the group. */
export const timeInGroup = (
  density: Density,
  place: number,
  share: number,
  isBurst: boolean,
): number => {
  const span = groupSpan(density)
  const width = isBurst ? Math.min(span, 2 * density.second) : span
  const part = (placeInGroup(place) + share) / groupSize
  return Math.floor(density.now - groupOf(place) * span - part * width)
}
