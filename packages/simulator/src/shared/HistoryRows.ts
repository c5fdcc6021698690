import { collectItems, type Items } from "./Items.js"

/**
 * The rows of a history: those that the seed makes, and those that were given or inserted. Only the
 * facts of the latter and of changed rows are kept; the seed makes all others again when they are read.
 */
export interface HistoryRows<Facts> {
  /** Number of rows so far, removed ones included: the next row has this number. */
  readonly count: () => number
  /** Whether a row exists and was not removed. */
  readonly has: (row: number) => boolean
  /** The facts that were given or changed; undefined for a row that is as the seed makes it. */
  readonly factsGiven: (row: number) => Facts | undefined
  readonly setFacts: (row: number, facts: Facts) => void
  /** Adds a row in front of all others or behind them, and returns its number. */
  readonly insert: (facts: Facts, end: "first" | "last") => number
  readonly remove: (row: number) => void
  /** A new list of the rows that are left. The made ones lie in it by ascending numbers. */
  readonly list: () => Items
}

/** The rows of a history of which the seed makes the first. */
export const makeHistoryRows = <Facts>(made: number): HistoryRows<Facts> => {
  const factsGiven = new Map<number, Facts>()
  const removed = new Set<number>()
  const first: Array<number> = []
  const last: Array<number> = []
  let count = made
  return {
    count: () => count,
    has: (row) => row < count && !removed.has(row),
    // Asked for a million rows in a row, most often of a history without changes.
    factsGiven: (row) => (factsGiven.size === 0 ? undefined : factsGiven.get(row)),
    setFacts: (row, facts) => {
      factsGiven.set(row, facts)
    },
    insert: (facts, end) => {
      const row = count
      count += 1
      factsGiven.set(row, facts)
      ;(end === "first" ? first : last).push(row)
      return row
    },
    remove: (row) => {
      removed.add(row)
    },
    list: () =>
      collectItems(count, (add) => {
        const addLeft = (row: number) => {
          if (removed.size === 0 || !removed.has(row)) add(row)
        }
        for (const row of first.toReversed()) addLeft(row)
        for (let row = 0; row < made; row += 1) addLeft(row)
        for (const row of last) addLeft(row)
      }),
  }
}
