const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const yearMs = 365 * dayMs
// A longer duration is an error of the provider's clock, so it is not printed.
const longestYears = 1000

/** A span of time as people say it: 47ms, 25.1s, 3m12s, 2h05m, 4d06h. */
export const humanDuration = (milliseconds: number): string => {
  if (Math.round(milliseconds) < secondMs) return `${Math.round(milliseconds)}ms`
  // Avoids 60.0s: such durations are printed as a minute.
  if (milliseconds < minuteMs - 50) return `${(milliseconds / secondMs).toFixed(1)}s`
  if (milliseconds >= longestYears * yearMs) return `>${longestYears}y`
  const rounded = Math.round(milliseconds / secondMs) * secondMs
  if (rounded < hourMs) return inUnits(rounded, minuteMs, "m", secondMs, "s")
  if (rounded < dayMs) return inUnits(rounded, hourMs, "h", minuteMs, "m")
  return inUnits(rounded, dayMs, "d", hourMs, "h")
}

const inUnits = (
  milliseconds: number,
  large: number,
  largeName: string,
  small: number,
  smallName: string,
): string => {
  const rest = Math.floor((milliseconds % large) / small)
  return `${Math.floor(milliseconds / large)}${largeName}${String(rest).padStart(2, "0")}${smallName}`
}

/** An instant as people read it, in UTC: 2026-11-21 07:54:02Z. */
export const humanInstant = (instant: Date): string =>
  `${instant.toISOString().slice(0, -5).replace("T", " ")}Z`
