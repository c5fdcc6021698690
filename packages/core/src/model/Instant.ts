/**
 * Points in time and spans of it, read from text. Inside core an instant is a number of
 * milliseconds since 1970 in UTC.
 */

const isoPattern =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:([Zz])|([+-]\d{2}):?(\d{2}))?)?$/

/**
 * Parses an ISO 8601 time. Returns null if it is not one, or if it has no zone and `zone` is
 * `"required"`; with `"utc"`, a time without a zone is in UTC. Fractions of a millisecond are cut
 * off.
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
  if (!isCredible(parsed)) return null
  // Date.parse reads 30 February as 2 March; reject a day that does not exist.
  const ofMonth = Number(day?.slice(8))
  return ofMonth <= 28 || new Date(`${day}T00:00:00Z`).getUTCDate() === ofMonth ? parsed : null
}

const units = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
} as const

const isUnit = (text: string): text is keyof typeof units => Object.hasOwn(units, text)

/**
 * Parses a duration such as `"90s"`, `"24h"` or `"7d"` into milliseconds; null if it is not one.
 */
export const parseSpan = (text: string): number | null => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/.exec(text.trim())
  const unit = match?.[2]
  if (match === null || unit === undefined || !isUnit(unit)) return null
  const span = Math.round(Number(match[1]) * units[unit])
  return Number.isFinite(span) ? span : null
}

/** The years 1 to 9999, which every ISO 8601 reader accepts, with four digits. */
const earliest = Date.parse("0001-01-01T00:00:00Z")
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** Whether an instant lies in the years 1 to 9999; one outside is a mistake. */
export const isCredible = (instant: number): boolean => instant >= earliest && instant <= latest

const endOfListing = Date.UTC(2200, 0)

/** Whether an instant is a plausible listing time: after the start of 1970, before 2200. */
export const isListingTime = (instant: number): boolean => instant > 0 && instant < endOfListing

/** The nearest instant in the years 1 to 9999. */
export const clampInstant = (instant: number): number =>
  Math.min(latest, Math.max(earliest, instant))

/** The beginning of the tick that an instant lies in. */
export const tickOf = (instant: number, tick: number): number => Math.floor(instant / tick) * tick
