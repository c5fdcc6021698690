/**
 * The known word that a misspelled one probably means; null if none is close. Case does not matter.
 */
export const nearestWord = <A extends string>(
  written: string,
  words: ReadonlyArray<A>,
): A | null => {
  const word = written.slice(0, longest).toLowerCase()
  const [nearest] = words
    .map((known) => ({ known, slips: slipsBetween(word, known.toLowerCase()) }))
    .filter(({ known, slips }) => slips <= forgiven(known))
    .toSorted((a, b) => a.slips - b.slips)
  return nearest?.known ?? null
}

/** No known word is as long; longer input is not compared letter by letter. */
const longest = 40

/** One slip turns a short word into another one. */
const forgiven = ({ length }: string): number => (length < 4 ? 0 : length < 6 ? 1 : 2)

/** The number of letters that are added, missing, wrong or swapped with the next. */
const slipsBetween = (a: string, b: string): number => {
  let beforeLast: ReadonlyArray<number> = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const isExchanged = a[i] === b[j - 1] && a[i - 1] === b[j]
      row.push(
        Math.min(
          (last[j] ?? 0) + (a[i] === b[j] ? 0 : 1),
          (last[j + 1] ?? 0) + 1,
          (row[j] ?? 0) + 1,
          isExchanged ? (beforeLast[j - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
