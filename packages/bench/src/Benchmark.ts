import type { Figure } from "./Figure.ts"

/** One thing that is measured, with what it is measured against. */
export interface Benchmark {
  /** What `--only` takes. */
  readonly name: string
  readonly title: string
  /** What is compared with what, for the reader of the figures. */
  readonly method: string
  readonly run: () => Promise<ReadonlyArray<Figure>>
}
