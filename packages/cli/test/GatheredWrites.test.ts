import { setImmediate } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { gatherWrites } from "../src/formats/GatheredWrites.js"

/** An output that notes each write, and waits with it until it is let go. */
const makeOutput = () => {
  const written: Array<string> = []
  const gate = Promise.withResolvers<void>()
  return {
    written,
    open: gate.resolve,
    fail: gate.reject,
    write: async (data: string | Uint8Array) => {
      written.push(String(data))
      await gate.promise
    },
  }
}

describe("gatherWrites", () => {
  it("writes pieces of one turn of the event loop together, unasked", async () => {
    const output = makeOutput()
    const { write } = gatherWrites(output)
    for (const piece of ["a", "b", "c"]) await write(piece)
    expect(output.written).toEqual([])
    await setImmediate()
    expect(output.written).toEqual(["abc"])
  })

  it("writes what is held when it is flushed, and nothing when nothing is held", async () => {
    const output = makeOutput()
    output.open()
    const { write, flush } = gatherWrites(output)
    await flush()
    await write("a")
    await flush()
    await setImmediate()
    expect(output.written).toEqual(["a"])
  })

  it("waits for a slow reader when a write is under way", async () => {
    const output = makeOutput()
    const { write, flush } = gatherWrites(output)
    await write("a")
    await setImmediate()
    let isTaken = false
    const second = write("b").then(() => {
      isTaken = true
    })
    await setImmediate()
    expect([isTaken, output.written]).toEqual([false, ["a"]])
    output.open()
    await second
    await flush()
    expect(output.written).toEqual(["a", "b"])
  })

  it("holds no more than 64 KB when the event loop does not turn", async () => {
    const output = makeOutput()
    output.open()
    const { write } = gatherWrites(output)
    for (let piece = 0; piece < 40; piece++) await write("x".repeat(4096))
    expect(output.written.map(({ length }) => length)).toEqual([64 * 1024, 64 * 1024])
  })

  it("rejects the next piece and the flush when an earlier piece cannot be written", async () => {
    const output = makeOutput()
    const { write, flush } = gatherWrites(output)
    await write("a")
    await setImmediate()
    output.fail(new Error("closed"))
    await expect(write("b")).rejects.toThrow("closed")
    await expect(flush()).rejects.toThrow("closed")
    expect(output.written).toEqual(["a"])
  })
})
