/**
 * Schemas of what providers put on the wire, for adapters. They check and never transform, so that
 * reading an item costs one guard and no copy. Import it as a namespace: `Wire.isoTime`.
 */
import * as Schema from "effect/Schema"
import { isCredible, parseInstant } from "../model/Instant.js"
import type { Json } from "../model/Json.js"

/** An id: a text that is not empty. */
export const id = Schema.NonEmptyString

/**
 * An id that some versions send as a number. One beyond 2^53 comes as text, with all its digits; as a
 * number it is refused, since its last digits are lost.
 */
export const idOrNumber = Schema.Union([
  Schema.NonEmptyString,
  Schema.Number.check(
    Schema.makeFilter((value) => Number.isSafeInteger(value), {
      expected: "an id that a number can hold exactly",
    }),
  ),
])

/** An ISO 8601 time that names its zone. */
export const isoTime = Schema.String.check(
  Schema.makeFilter((text) => parseInstant(text, "required") !== null, {
    expected: "an ISO 8601 time with a zone",
  }),
)

/** The milliseconds of a time that {@link isoTime} has checked. */
export const milliseconds = (time: string): number => parseInstant(time, "required") ?? Number.NaN

/** A time that {@link isoTime} has checked; null where there is none. */
export const instant = (time: string | null | undefined): Date | null =>
  time === null || time === undefined ? null : new Date(milliseconds(time))

/** Seconds since 1970 in UTC, in the years 1 to 9999. */
export const epochSeconds = Schema.Number.check(
  Schema.makeFilter((value) => isCredible(value * 1000), {
    expected: "seconds since 1970, in the years 1 to 9999",
  }),
)

const rfc2822 =
  /^(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? (?:GMT|UT|UTC|[+-]\d{4})$/

/** A time as mail and HTTP write it (RFC 2822): `Wed, 12 Mar 2025 09:29:25 -0000`. */
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

/** Any JSON. It is not looked into, since it came from JSON.parse: no nesting is too deep for it. */
export const json = Schema.declare((value): value is Json => value !== undefined)
