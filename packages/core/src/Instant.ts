/**
 * Points in time and spans of it, read from text. Inside core an instant is a number of
 * milliseconds since 1970 in UTC.
 */

const isoPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-]\d{2}):?(\d{2}))?)?$/

/**
 * Reads an ISO 8601 time. Null when it is none, or when it has no zone and `zone` is `"required"`;
 * with `"utc"`, a time without a zone is one of UTC. What lies below the millisecond is cut off.
 */
export const parseInstant = (text: string, zone: "required" | "utc"): number | null => {
  const match = isoPattern.exec(text)
  if (match === null) return null
  const [, day, minutes = "00:00", seconds = "00", fraction = "", z, offsetHours, offsetMinutes] =
    match
  if (zone === "required" && z === undefined && offsetHours === undefined) return null
  const offset = offsetHours === undefined ? "Z" : `${offsetHours}:${offsetMinutes}`
  const milliseconds = fraction.padEnd(3, "0").slice(0, 3)
  const parsed = Date.parse(`${day}T${minutes}:${seconds}.${milliseconds}${offset}`)
  if (Number.isNaN(parsed)) return null
  // Date.parse takes 30 February for 2 March: a day that does not exist is no time.
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(`${day}T`) ? parsed : null
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Reads a span such as `"90s"`, `"24h"` or `"7d"` as milliseconds; null when it is none. */
export const parseSpan = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text.trim())
  const factor = units[match?.[2] ?? ""]
  return match === null || factor === undefined ? null : Math.round(Number(match[1]) * factor)
}

/** The limits of a `Date`, in milliseconds. */
export const farthestInstant = 8_640_000_000_000_000

/** The beginning of the tick that an instant lies in. */
export const tickOf = (instant: number, tick: number): number => Math.floor(instant / tick) * tick
