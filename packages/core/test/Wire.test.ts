import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Wire } from "../src/index.js"

const takes = (schema: Schema.Top, value: unknown): boolean => Schema.is(schema)(value)

describe("a provider's time", () => {
  it.each(["2026-11-21T08:00:00Z", "2026-11-21T08:00:00.123456+02:00", "2026-11-21T08:00Z"])(
    "%s names its zone",
    (text) => expect(takes(Wire.isoTime, text)).toBe(true),
  )

  it.each(["2026-11-21T08:00:00", "2026-11-21", "2026-02-30T08:00:00Z", "today", ""])(
    "%j is refused: nobody knows when that was",
    (text) => expect(takes(Wire.isoTime, text)).toBe(false),
  )

  it.each([Number.NaN, Infinity, 1e300, 8.65e12, "1"])("%s is no number of seconds", (value) =>
    expect(takes(Wire.epochSeconds, value)).toBe(false),
  )
})

it.each<[unknown, boolean]>([
  [1795242951371, true],
  [0, true],
  [8.65e15, false],
  [Number.NaN, false],
  ["1795242951371", false],
])("%s is a number of milliseconds: %s", (value, expected) =>
  expect(takes(Wire.epochMilliseconds, value)).toBe(expected),
)

describe("a provider's id", () => {
  it.each(["a", 7, Number.MAX_SAFE_INTEGER])("may be %s", (value) =>
    expect(takes(Wire.idOrNumber, value)).toBe(true),
  )

  it.each(["", 1.5, 2 ** 53, null])(
    "is not %s, which may have lost its last digits or is none",
    (value) => expect(takes(Wire.idOrNumber, value)).toBe(false),
  )
})
