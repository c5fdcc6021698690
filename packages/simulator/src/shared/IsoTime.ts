/** A text that Python's dateutil does not read as a time, with its own message. */
export class IsoTimeError extends Error {
  override readonly name = "IsoTimeError"
}

const integer = (text: string): number => {
  if (!/^\s*[+-]?\d+\s*$/.test(text))
    throw new IsoTimeError(`invalid literal for int() with base 10: b'${text}'`)
  return Number(text)
}

const datePattern = /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?$/
const clockPattern =
  /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?(Z|z|[+-]\d{2}(?::?\d{2})?)?$/

const offsetMinutes = (zone: string | undefined): number => {
  if (zone === undefined || zone === "Z" || zone === "z") return 0
  const digits = zone.slice(1).replace(":", "")
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || "0")
  return zone.startsWith("-") ? -minutes : minutes
}

/**
 * Whole microseconds since 1970 of an ISO 8601 time, read as Python's dateutil does: it cuts a fraction
 * at six digits and takes a time without a zone as UTC.
 */
export const readIsoTime = (text: string): number => {
  if (text.length < 4) throw new IsoTimeError("ISO string too short")
  integer(text.slice(0, 4))
  // dateutil takes any single character between date and clock.
  const split = text.search(/[^\d-]/)
  const dateText = split === -1 ? text : text.slice(0, split)
  const clockText = split === -1 ? "" : text.slice(split + 1)
  const date = datePattern.exec(dateText)
  if (date === null) throw new IsoTimeError("Invalid isoformat string")
  const clock = split === -1 ? null : clockPattern.exec(clockText)
  if (split !== -1 && clock === null)
    throw new IsoTimeError("String contains unknown ISO components")
  const [year, month, day] = [Number(date[1]), Number(date[2] ?? "1"), Number(date[3] ?? "1")]
  if (month < 1 || month > 12) throw new IsoTimeError("month must be in 1..12")
  const instant = Date.UTC(year, month - 1, day)
  if (new Date(instant).getUTCDate() !== day)
    throw new IsoTimeError("day is out of range for month")
  const [hour, minute, second] = [
    Number(clock?.[1] ?? "0"),
    Number(clock?.[2] ?? "0"),
    Number(clock?.[3] ?? "0"),
  ]
  if (hour > 23) throw new IsoTimeError("hour must be in 0..23")
  if (minute > 59) throw new IsoTimeError("minute must be in 0..59")
  if (second > 59) throw new IsoTimeError("second must be in 0..59")
  const fraction = Number((clock?.[4] ?? "").slice(0, 6).padEnd(6, "0"))
  const seconds = instant / 1000 + hour * 3600 + (minute - offsetMinutes(clock?.[5])) * 60 + second
  return seconds * 1_000_000 + fraction
}
