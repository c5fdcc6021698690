const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
] as const

/** An exact span of time for people: 7 days, 1 hour 30 minutes, 1.5 seconds, 200 ms. */
export const durationText = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${milliseconds} ms`
  const parts: Array<string> = []
  let rest = milliseconds
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(counted(count, unit))
  }
  if (rest > 0) parts.push(counted(rest / 1000, "second"))
  return parts.join(" ")
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`
