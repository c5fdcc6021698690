import * as Schema from "effect/Schema"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Wire } from "../src/adapter.js"
import { decoder, wireGuard } from "../src/adapter/WireDecoder.js"

const Item = Schema.Struct({
  id: Wire.id,
  number: Wire.idOrNumber,
  at: Wire.isoTime,
  seconds: Wire.maybe(Wire.epochSeconds),
  flag: Schema.optionalKey(Schema.Boolean),
  kind: Schema.Literals(["a", "b"]),
  word: Schema.optional(Schema.String),
  tags: Wire.maybe(Schema.Array(Schema.String)),
  pair: Wire.maybe(Schema.Tuple([Schema.Finite, Schema.String])),
  map: Wire.maybe(Schema.Record(Schema.String, Schema.Finite)),
  one: Wire.maybe(
    Schema.Union([Schema.Struct({ a: Schema.String }), Schema.Struct({ b: Schema.String })], {
      mode: "oneOf",
    }),
  ),
  any: Wire.maybe(Wire.json),
  inner: Wire.maybe(Schema.Struct({ name: Wire.maybe(Schema.String), size: Schema.Finite })),
})

const good: typeof Item.Encoded = {
  id: "1",
  number: 7,
  at: "2026-11-21T08:00:00Z",
  seconds: 1_795_247_643,
  flag: true,
  kind: "a",
  tags: ["x"],
  pair: [1, "y"],
  map: { z: 1 },
  one: { a: "1" },
  any: { deep: [[]] },
  inner: { name: null, size: 1 },
}

const surprise = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(undefined, Number.NaN, Infinity, 2 ** 60, -0, "", [], {}, { a: "1", b: "2" }),
)

describe("wireGuard", () => {
  const guard = wireGuard(Item.ast)
  const is = Schema.is(Item)

  it("accepts a valid item", () => {
    expect([guard(good), is(good)]).toEqual([true, true])
  })

  it("agrees with Schema.is on items with a wrong field", () => {
    const field = fc.constantFrom(...Object.keys(good), "unknown")
    fc.assert(
      fc.property(field, surprise, fc.boolean(), (name, value, isMissing) => {
        const item: Record<string, unknown> = { ...good, [name]: value }
        if (isMissing) delete item[name]
        expect(guard(item)).toBe(is(item))
      }),
      { numRuns: 3000 },
    )
  })

  it("agrees with Schema.is for any order of keys and for rows of many shapes", () => {
    const all = [...Object.keys(good), "more", "__proto__"]
    const names = fc.shuffledSubarray(all, { minLength: all.length - 3 })
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.nat(20), surprise), { maxLength: 8 }), (rows) => {
        for (const [keys, wrong, value] of rows) {
          const item: unknown = JSON.parse(
            `{${keys.map((key) => `"${key}":${JSON.stringify({ more: 1, ...good }[key] ?? {})}`).join()}}`,
          )
          const key = keys[wrong]
          if (key !== undefined && key !== "__proto__")
            Object.assign(Object(item), { [key]: value })
          expect(guard(item)).toBe(is(item))
          expect(wireGuard(Item.ast)(item)).toBe(is(item))
        }
      }),
      { numRuns: 300 },
    )
  })

  it("agrees with Schema.is on arbitrary values", () => {
    fc.assert(
      fc.property(surprise, (value) => {
        expect(guard(value)).toBe(is(value))
      }),
    )
  })

  it("leaves a transformation to the decoder, which applies it", () => {
    expect(decoder(Schema.Struct({ name: Schema.Trim }))({ name: " x " })).toEqual({
      ok: true,
      value: { name: "x" },
    })
  })

  it("accepts deep nesting where the schema does not look", () => {
    const deep = JSON.parse("[".repeat(10_000) + "]".repeat(10_000))
    expect(guard({ ...good, any: deep })).toBe(true)
  })
})
