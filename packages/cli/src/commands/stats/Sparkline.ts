const levels = "▁▂▃▄▅▆▇█"
const nothing = "·"

/**
 * Counts over time as bars of one line, scaled to the greatest. None is a dot, which the least is
 * not. Each count takes as many columns as fit the width for all of them.
 */
export const sparkline = (counts: ReadonlyArray<number>, width: number): string => {
  const most = Math.max(1, ...counts)
  const columns = Math.max(1, Math.floor(width / Math.max(1, counts.length)))
  return counts
    .map((count) => (count === 0 ? nothing : levels[Math.ceil((count / most) * levels.length) - 1]))
    .map((level) => (level ?? nothing).repeat(columns))
    .join("")
}
