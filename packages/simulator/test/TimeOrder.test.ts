import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hash } from "../src/shared/Random.js"
import { between, sortLatestFirst } from "../src/shared/TimeOrder.js"

const sorted = (times: readonly number[]): number[] => {
  const items = Uint32Array.from(times.keys())
  sortLatestFirst(items, (item) => times[item] ?? 0)
  return [...items]
}

const expected = (times: readonly number[]): number[] =>
  [...times.keys()].toSorted((left, right) => (times[right] ?? 0) - (times[left] ?? 0))

describe("sortLatestFirst", () => {
  it("sorts few items, those of equal time in the order they came in", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 })), (times) => {
        expect(sorted(times)).toEqual(expected(times))
      }),
    )
  })

  it.each([
    ["within two digits", 70_000],
    ["within three", 2 ** 40],
    ["many of them equal", 100],
    ["negative ones too", -1],
  ])("sorts many items: %s", (_, range) => {
    const times = Array.from({ length: 10_000 }, (__, index) => {
      const wide = hash(1, index, 0) * 2 ** 20 + (hash(1, index, 1) % 2 ** 20)
      return range === -1 ? (wide % 2 ** 40) - 2 ** 39 : wide % range
    })
    expect(sorted(times)).toEqual(expected(times))
  })
})

describe("between", () => {
  it("finds what filtering finds, both bounds inclusive", () => {
    const time = fc.integer({ min: 0, max: 12 })
    fc.assert(
      fc.property(fc.array(time), time, time, (times, earliest, latest) => {
        const items = Uint32Array.from(expected(times))
        const timeOf = (item: number): number => times[item] ?? 0
        const { from, to } = between(items, timeOf, earliest, latest)
        expect([...items.subarray(from, to)]).toEqual(
          [...items].filter((item) => timeOf(item) >= earliest && timeOf(item) <= latest),
        )
      }),
    )
  })
})
