import { describe, expect, it } from "vitest"
import { flattened } from "../src/client/Promises.js"

/** Pages that arrive when they are released. */
const released = () => {
  const due: Array<(page: ReadonlyArray<number>) => void> = []
  const pages: AsyncIterable<ReadonlyArray<number>> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise((resolve) => due.push((value) => resolve({ done: false, value }))),
      return: async () => ({ done: true, value: undefined }),
    }),
  }
  const give = (page: ReadonlyArray<number>) => due.shift()?.(page)
  return { give, iterator: flattened(pages)[Symbol.asyncIterator]() }
}

describe("an iterator after its loop was left", () => {
  it("discards a page that arrives after the loop was left", async () => {
    const { give, iterator } = released()
    const waiting = [iterator.next(), iterator.next()]
    const left = iterator.return?.()
    give([1, 2])
    await left
    give([3])
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ])
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it("discards the rest of a page when the loop is left", async () => {
    const { give, iterator } = released()
    const first = iterator.next()
    give([1, 2])
    expect(await first).toEqual({ done: false, value: 1 })
    await iterator.return?.()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })
})
