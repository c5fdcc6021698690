import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { type Json, Wire } from "../src/adapter.js"

const takes = (schema: Schema.Top, value: unknown): boolean => Schema.is(schema)(value)

describe("a provider's time", () => {
  it.each(["2026-11-21T08:00:00Z", "2026-11-21T08:00:00.123456+02:00", "2026-11-21T08:00Z"])(
    "accepts %s, which names its zone",
    (text) => expect(takes(Wire.isoTime, text)).toBe(true),
  )

  it.each(["2026-11-21T08:00:00", "2026-11-21", "2026-02-30T08:00:00Z", "today", ""])(
    "rejects %j, which is not an exact time",
    (text) => expect(takes(Wire.isoTime, text)).toBe(false),
  )

  it.each(["2026-11-21T08:00:00", "2026-11-21 08:00", "2026-11-21T08:00:00Z"])(
    "accepts %s, which is in UTC if it names no zone",
    (text) => expect(takes(Wire.utcTime, text)).toBe(true),
  )

  it.each(["2026-02-30T08:00:00", "today", ""])("rejects %j, which is not a time in UTC", (text) =>
    expect(takes(Wire.utcTime, text)).toBe(false),
  )

  it.each([Number.NaN, Infinity, 1e300, 8.65e12, "1"])(
    "rejects %s as a number of seconds",
    (value) => expect(takes(Wire.epochSeconds, value)).toBe(false),
  )
})

it.each<[unknown, boolean]>([
  [1795242951371, true],
  [0, true],
  [8.65e15, false],
  [Number.NaN, false],
  ["1795242951371", false],
])("checks whether %s is a number of milliseconds: %s", (value, expected) =>
  expect(takes(Wire.epochMilliseconds, value)).toBe(expected),
)

describe("a provider's id", () => {
  it.each(["a", 7, Number.MAX_SAFE_INTEGER])("accepts the id %s", (value) =>
    expect(takes(Wire.idOrNumber, value)).toBe(true),
  )

  it.each(["", 1.5, 2 ** 53, null])(
    "rejects the id %s, which is empty or may have lost digits",
    (value) => expect(takes(Wire.idOrNumber, value)).toBe(false),
  )
})

describe("the conversions of wire values", () => {
  it.each([
    [Wire.instant.iso("2026-11-21T08:00:00Z"), "2026-11-21T08:00:00.000Z"],
    [Wire.instant.rfc2822("Wed, 12 Mar 2025 09:29:25 -0000"), "2025-03-12T09:29:25.000Z"],
    [Wire.instant.utc("2026-11-21T08:00:00"), "2026-11-21T08:00:00.000Z"],
    [Wire.instant.utc("2026-11-21T08:00:00+01:00"), "2026-11-21T07:00:00.000Z"],
    [Wire.instant.seconds(1_795_247_998), "2026-11-21T07:59:58.000Z"],
    [Wire.instant.milliseconds(0), "1970-01-01T00:00:00.000Z"],
  ])("converts a time of the provider to %s", (time, expected) =>
    expect(time?.toISOString()).toBe(expected),
  )

  it.each([
    Wire.instant.iso(null),
    Wire.instant.iso(undefined),
    Wire.instant.seconds(null),
    Wire.instant.seconds(1e300),
    Wire.instant.milliseconds(Number.NaN),
    Wire.millisecondsOfSeconds(null),
    Wire.text(undefined),
  ])("returns null for an absent value", (value) => expect(value).toBeNull())

  it.each([
    ["a text without a zone", Wire.instant.iso("2026-11-21T08:00:00")],
    ["a text that is not a time", Wire.instant.utc("today")],
    ["ISO text instead of RFC 2822", Wire.instant.rfc2822("2026-11-21T08:00:00Z")],
  ])("returns an invalid time for %s", (_, time) => expect(time.getTime()).toBeNaN())

  it.each<[Json | undefined, Json]>([
    ['{"a":[1]}', { a: [1] }],
    ["null", null],
    ['"text"', "text"],
    ["{not JSON", "{not JSON"],
    ["", ""],
    [{ a: 1 }, { a: 1 }],
    [null, null],
    [undefined, null],
  ])("reads the JSON of %j, or keeps the text", (value, expected) =>
    expect(Wire.jsonText(value)).toEqual(expected),
  )

  it("keeps each digit of a long integer in a text of JSON", () => {
    expect(Wire.jsonText('{"id":12345678901234567890}')).toEqual({ id: "12345678901234567890" })
  })

  it.each<[Parameters<typeof Wire.url>, string | null]>([
    [["https://a.example"], "https://a.example"],
    [["https://a.example/b", "run", "a/b c"], "https://a.example/b/run/a%2Fb%20c"],
    [["https://a.example", "half \ud83d"], "https://a.example/half%20%EF%BF%BD"],
    [["https://a.example", "run", null], null],
    [["https://a.example", undefined, "run"], null],
    [["https://a.example", "run", 7], "https://a.example/run/7"],
    [[null, "run"], null],
    [[undefined], null],
  ])("joins %j to the URL %s", (parts, expected) => expect(Wire.url(...parts)).toBe(expected))

  it.each<[Json | undefined, string | undefined]>([
    ["it broke", "it broke"],
    [{ message: "it broke", detail: "how" }, "it broke"],
    [{ message: "", detail: "how" }, "how"],
    [{ error: { message: "it broke" } }, "it broke"],
    [{ error: { text: "it broke" } }, undefined],
    [["it broke"], undefined],
    [null, undefined],
    [undefined, undefined],
  ])("reads the message of %j", (error, said) => expect(Wire.message(error)).toBe(said))

  it("converts seconds to milliseconds, to the microsecond", () => {
    expect(Wire.millisecondsOfSeconds(1.1)).toBe(1100)
    expect(Wire.millisecondsOfSeconds(0.123_456_7)).toBe(123.457)
  })

  it("writes the first and last instant of a tick", () => {
    const instant = Date.parse("2026-11-21T08:00:00Z")
    expect(Wire.isoText(instant)).toBe("2026-11-21T08:00:00.000Z")
    expect(Wire.lastMicrosecond(instant)).toBe("2026-11-21T08:00:00.000999Z")
    expect(Wire.lastMicrosecond(instant, 1000)).toBe("2026-11-21T08:00:00.999999Z")
  })

  it("picks fields under their own names", () => {
    const item = { a: 1, b: null, c: "x" }
    expect(Wire.pick(item, "a", "b")).toEqual({ a: 1, b: null })
    expect(Wire.pick(null, "a")).toEqual({ a: undefined })
    expect(Wire.text(7)).toBe("7")
  })
})

describe("Wire.item", () => {
  const Item = Wire.item({ id: Wire.id }, { name: Schema.String })

  it.each([{ id: "a" }, { id: "a", name: null }, { id: "a", name: "b", more: 1 }])(
    "accepts the item %j",
    (value) => expect(takes(Item, value)).toBe(true),
  )

  it.each([{ name: "b" }, { id: "a", name: 1 }])("rejects the item %j", (value) =>
    expect(takes(Item, value)).toBe(false),
  )

  it("accepts a partial object that lacks any field", () => {
    const Part = Wire.partial({ name: Schema.String })
    expect([{}, { name: null }, { name: "a" }].every((value) => takes(Part, value))).toBe(true)
    expect(takes(Part, { name: 1 })).toBe(false)
  })
})
