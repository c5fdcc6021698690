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

describe("the guard of a wire schema", () => {
  const guard = wireGuard(Item.ast)
  const is = Schema.is(Item)

  it("lets a good item pass", () => {
    expect([guard(good), is(good)]).toEqual([true, true])
  })

  it("says what Schema.is says of items that are wrong anywhere", () => {
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

  it("says what Schema.is says whatever the order of the keys, and of rows of many shapes", () => {
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

  it("says what Schema.is says of anything else", () => {
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

  it("does not mind how deep what it does not look into is nested", () => {
    const deep = JSON.parse("[".repeat(10_000) + "]".repeat(10_000))
    expect(guard({ ...good, any: deep })).toBe(true)
  })
})
