import type { Summary } from "./Summary.ts"

/** One measured figure. */
export interface Figure {
  readonly name: string
  readonly unit: "×" | "ms" | "KB" | ""
  readonly summary: Summary
  /** The target of the figure; null if it is only a reference. */
  readonly aim: Aim | null
  /** Absolute times and the like, which say something of this machine only. */
  readonly aside: string
}

/** The target of a figure, and whether it is met. */
export interface Aim {
  readonly text: string
  readonly isMet: boolean
}

/** An aim that the figure's median stays at or below a limit. */
export const atMost = (summary: Summary, limit: number, unit: Figure["unit"]): Aim => ({
  text: unit === "×" ? `≤ ${limit.toFixed(2)} ×` : `≤ ${limit} ${unit}`,
  isMet: summary.median <= limit,
})

/** An aim that the figure's median reaches a limit. */
export const atLeast = (summary: Summary, limit: number, unit: Figure["unit"]): Aim => ({
  text: unit === "×" ? `≥ ${limit.toFixed(2)} ×` : `≥ ${limit} ${unit}`,
  isMet: summary.median >= limit,
})
