import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { hash } from "../src/shared/Random.js"
import { between, sortLatestFirst } from "../src/shared/TimeOrder.js"

const sorted = (times: ReadonlyArray<number>): Array<number> => {
  const items = Uint32Array.from(times.keys())
  sortLatestFirst(items, (item) => times[item] ?? 0)
  return [...items]
}

const expected = (times: ReadonlyArray<number>): Array<number> =>
  [...times.keys()].toSorted((left, right) => (times[right] ?? 0) - (times[left] ?? 0))

describe("sortLatestFirst", () => {
  it("keeps the order of items of equal time when there are few", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 })), (times) => {
        expect(sorted(times)).toEqual(expected(times))
      }),
    )
  })

  it.each([
    ["within two digits", 70_000],
    ["within three", 2 ** 40],
    ["equal for many", 100],
    ["negative too", -1],
  ])("sorts many items like a comparing sort when their times are %s", (_, range) => {
    const times = Array.from({ length: 10_000 }, (__, index) => {
      const wide = hash(1, index, 0) * 2 ** 20 + (hash(1, index, 1) % 2 ** 20)
      return range === -1 ? (wide % 2 ** 40) - 2 ** 39 : wide % range
    })
    expect(sorted(times)).toEqual(expected(times))
  })
})

describe("between", () => {
  it("finds what filtering finds when both bounds are inclusive", () => {
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
