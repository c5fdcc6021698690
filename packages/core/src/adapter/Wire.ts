/**
 * Schemas of provider responses, for adapters. They check and never transform, so that reading an
 * item costs one guard and no copy. Import it as a namespace: `Wire.isoTime`.
 */
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { isCredible, parseInstant } from "../model/Instant.js"
import { type Json, parseJson } from "../model/Json.js"
import { pathPart } from "./Route.js"

export { messageOf as message } from "../model/Json.js"

/** An id: a text that is not empty. */
export const id = Schema.NonEmptyString

/**
 * An id that some versions send as a number. Beyond 2^53 it arrives as text with all its digits; a
 * number that large is rejected, because its last digits are lost.
 */
export const idOrNumber = Schema.Union([
  Schema.NonEmptyString,
  Schema.Number.check(
    Schema.makeFilter((value) => Number.isSafeInteger(value), {
      expected: "an id that a number can hold exactly",
    }),
  ),
])

/** An ISO 8601 time with a zone. */
export const isoTime = Schema.String.check(
  Schema.makeFilter((text) => parseInstant(text, "required") !== null, {
    expected: "an ISO 8601 time with a zone",
  }),
)

/** An ISO 8601 time, in UTC if it names no zone. */
export const utcTime = Schema.String.check(
  Schema.makeFilter((text) => parseInstant(text, "utc") !== null, {
    expected: "an ISO 8601 time",
  }),
)

const rfc2822 =
  /^(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? (?:GMT|UT|UTC|[+-]\d{4})$/

/** Reads a text as a Date; null if absent. Text in another format becomes an invalid Date. */
interface TimeReader {
  (time: string): Date
  (time: string | null | undefined): Date | null
}

const timeReader = (parse: (text: string) => number | null): TimeReader => {
  function read(time: string): Date
  function read(time: string | null | undefined): Date | null
  function read(time: string | null | undefined): Date | null {
    return time === null || time === undefined ? null : new Date(parse(time) ?? Number.NaN)
  }
  return read
}

const ofMilliseconds = (time: number | null | undefined): Date | null =>
  typeof time === "number" && isCredible(time) ? new Date(time) : null

/** Reads a time as a Date, by its format; null if absent. Core rejects an invalid Date. */
export const instant = {
  /** A time that {@link isoTime} has checked. */
  iso: timeReader((text) => parseInstant(text, "required")),
  /** A time that {@link utcTime} has checked. */
  utc: timeReader((text) => parseInstant(text, "utc")),
  /** A time that {@link rfc2822Time} has checked. */
  rfc2822: timeReader((text) => (rfc2822.test(text) ? Date.parse(text) : null)),
  /** Seconds since 1970; null outside the years 1 to 9999. */
  seconds: (time: number | null | undefined): Date | null =>
    typeof time === "number" ? ofMilliseconds(time * 1000) : null,
  /** Milliseconds since 1970; null outside the years 1 to 9999. */
  milliseconds: ofMilliseconds,
}

/** A duration of seconds in milliseconds, to the microsecond; null if absent. */
export const millisecondsOfSeconds = (seconds: number | null | undefined): number | null =>
  // Rounding keeps the microseconds and drops the noise of the binary fraction below them.
  typeof seconds === "number" ? Math.round(seconds * 1e6) / 1000 : null

/** An instant in milliseconds since 1970 as ISO 8601 text in UTC: `2026-11-21T07:39:00.000Z`. */
export const isoText = (instant: number): string => new Date(instant).toISOString()

/**
 * The last microsecond of the tick that begins at an instant, both in milliseconds, as ISO 8601 text
 * in UTC: for a provider whose upper bound is inclusive and compares microseconds.
 */
export const lastMicrosecond = (instant: number, tick = 1): string =>
  isoText(instant + tick - 1).replace("Z", "999Z")

/** Seconds since 1970 in UTC, in the years 1 to 9999. */
export const epochSeconds = Schema.Number.check(
  Schema.makeFilter((value) => isCredible(value * 1000), {
    expected: "seconds since 1970, in the years 1 to 9999",
  }),
)

/** A time in the format of mail and HTTP (RFC 2822): `Wed, 12 Mar 2025 09:29:25 -0000`. */
export const rfc2822Time = Schema.String.check(
  Schema.makeFilter((text) => rfc2822.test(text) && isCredible(Date.parse(text)), {
    expected: "a time as RFC 2822 writes it, with its zone",
  }),
)

/** Milliseconds since 1970 in UTC, in the years 1 to 9999. */
export const epochMilliseconds = Schema.Number.check(
  Schema.makeFilter((value) => isCredible(value), {
    expected: "milliseconds since 1970, in the years 1 to 9999",
  }),
)

/** A field that may be null or missing. */
export const maybe = <S extends Schema.Constraint>(schema: S) =>
  Schema.optionalKey(Schema.NullOr(schema))

/**
 * An item: fields that an execution requires, without which the item is rejected, and fields that
 * may be null or missing. Other fields are ignored.
 */
export const item = <
  const Required extends Schema.Struct.Fields,
  const Optional extends { readonly [name: string]: Schema.Constraint },
>(
  required: Required,
  optional: Optional,
) => Schema.Struct({ ...required, ...maybes(optional) })

/** An object whose fields may each be null or missing. */
export const partial = <Fields extends { readonly [name: string]: Schema.Constraint }>(
  fields: Fields,
) => Schema.Struct(maybes(fields))

const maybes = <Fields extends { readonly [name: string]: Schema.Constraint }>(fields: Fields) =>
  Struct.map(Struct.map(fields, Schema.NullOr), Schema.optionalKey)

/**
 * Any JSON value. Nothing inside is checked, since it came from JSON.parse: nesting costs nothing.
 */
export const json = Schema.declare((value): value is Json => value !== undefined)

/** The JSON in a text; the text itself if it is not JSON. Other values are returned unchanged. */
export const jsonText = (value: Json | undefined): Json => {
  const held = typeof value === "string" ? parseJson(value) : undefined
  return held === undefined ? (value ?? null) : held
}

/** A URL from its base and the parts of its path, which are encoded; null if a part is absent. */
export const url = (
  base: string | null | undefined,
  ...path: ReadonlyArray<string | number | null | undefined>
): string | null => {
  const parts = [base, ...path]
  if (parts.includes(null) || parts.includes(undefined)) return null
  return [base, ...path.map((part) => pathPart(String(part)))].join("/")
}

/** An id or word as text, which may arrive as a number; null if absent. */
export const text = (value: string | number | null | undefined): string | null =>
  value === null || value === undefined ? null : String(value)

/** Fields of an item under their own names, for attributes; empty if there is no item. */
export const pick = <Name extends string>(
  item: { readonly [Key in Name]?: Json | undefined } | null | undefined,
  ...names: ReadonlyArray<Name>
): { readonly [name: string]: Json | undefined } => {
  const picked: Record<string, Json | undefined> = {}
  for (const name of names) picked[name] = item?.[name]
  return picked
}
