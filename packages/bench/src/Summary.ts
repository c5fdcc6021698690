/** The median of several repetitions, with the least and the most. */
export interface Summary {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** Sums up the repetitions of one measurement. */
export const summarize = (samples: ReadonlyArray<number>): Summary => {
  const sorted = samples.toSorted((left, right) => left - right)
  const at = (place: number): number => sorted[place] ?? Number.NaN
  const middle = (sorted.length - 1) / 2
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(0),
    most: at(sorted.length - 1),
  }
}

/**
 * Sums up how many times as much one measurement is as another. Repetitions are compared in pairs,
 * since those of a pair ran one after the other, under the same load.
 */
export const summarizeRatio = (
  samples: ReadonlyArray<number>,
  against: ReadonlyArray<number>,
): Summary => summarize(samples.map((sample, index) => sample / (against[index] ?? Number.NaN)))

/** Sums up how much more one measurement is than another, in pairs as above. */
export const summarizeDifference = (
  samples: ReadonlyArray<number>,
  against: ReadonlyArray<number>,
): Summary => summarize(samples.map((sample, index) => sample - (against[index] ?? Number.NaN)))
