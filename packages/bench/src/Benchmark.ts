import type { Figure } from "./Figure.ts"

/** One thing that is measured, with what it is measured against. */
export interface Benchmark {
  /** The value of `--only`. */
  readonly name: string
  readonly title: string
  /** A description of the comparison, for readers of the figures. */
  readonly method: string
  /** How many pairs, or how often, as a sentence; null where the figure is the same each time. */
  readonly repeated: string | null
  readonly run: () => Promise<ReadonlyArray<Figure>>
}
