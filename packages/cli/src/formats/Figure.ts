import { humanDuration } from "../text/HumanTime.js"
import { emptyCell } from "./Cell.js"

const counts = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 })

/** A count as people read it: 1,234,567. */
export const countText = (count: number | null): string =>
  count === null ? emptyCell : counts.format(count)

/** A rate in percent. Only an exact 1 is 100.0%, and only an exact 0 is 0.0%. */
export const rateText = (rate: number | null): string => {
  if (rate === null) return emptyCell
  const percent = Math.round(rate * 1000) / 10
  const shown = rate < 1 ? Math.min(percent, 99.9) : percent
  return `${(rate > 0 ? Math.max(shown, 0.1) : shown).toFixed(1)}%`
}

/** A duration as people read it. */
export const durationText = (milliseconds: number | null): string =>
  milliseconds === null ? emptyCell : humanDuration(milliseconds)
