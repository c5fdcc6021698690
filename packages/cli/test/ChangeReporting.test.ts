import type { Change } from "@execlog/core"
import { describe, expect, it } from "vitest"
import {
  type ChangeSource,
  makeChangeQueue,
  reportChanges,
} from "../src/commands/follow/ChangeQueue.js"
import { bareExecution } from "./BareExecution.js"

const changeOf = (id: string): Change => ({
  execution: { ...bareExecution, id },
  previous: null,
  observedAt: new Date(0),
})

const delivery = {
  isKept: false,
  tries: async () => 0,
  failed: async () => {},
  delivered: async () => {},
}
const more = { change: changeOf("more"), delivery, ack: async () => {} }

/** Reports the changes of sources, and records what happens in order. */
const reporting = async (
  sources: Readonly<Record<string, ReadonlyArray<string>>>,
  options: {
    readonly limit?: number
    readonly report?: (id: string, stop: () => void) => Promise<boolean | void>
    readonly fails?: string
    readonly isEndless?: boolean
    /** Rejects if the acknowledgement fails. */
    readonly note?: (id: string) => Promise<void>
  } = {},
) => {
  const happened: Array<string> = []
  const ending = new AbortController()
  const end = () => ending.abort()
  const source = ([label, ids]: [string, ReadonlyArray<string>]): ChangeSource => ({
    label,
    changes: (async function* () {
      for (const id of ids) {
        const ack = async () => {
          await options.note?.(id)
          happened.push(`ack ${id}`)
        }
        yield { change: changeOf(id), delivery, ack }
      }
      while (options.isEndless === true) yield more
      if (options.fails === label) throw new Error("gone")
    })(),
  })
  const reported = reportChanges(Object.entries(sources).map(source), {
    limit: options.limit ?? null,
    stop: ending.signal,
    end,
    report: async ({ execution: { id } }) => {
      happened.push(`report ${id}`)
      return (await options.report?.(id, end)) ?? true
    },
    onFailure: (error, label) => void happened.push(`${label}: ${String(error)}`),
  })
  const failure = await reported.then(
    () => null,
    (error: unknown) => error,
  )
  return { happened, failure }
}

describe("reportChanges", () => {
  it("reports one change at a time, and acknowledges each afterwards", async () => {
    const report = async () => {
      await new Promise((resolve) => setImmediate(resolve))
    }
    const { happened } = await reporting({ a: ["a1", "a2"], b: ["b1"] }, { report })
    expect(happened).toHaveLength(6)
    for (const id of ["a1", "a2", "b1"]) {
      expect(happened[happened.indexOf(`report ${id}`) + 1]).toBe(`ack ${id}`)
    }
    expect(happened.indexOf("report a1")).toBeLessThan(happened.indexOf("report a2"))
  })

  it("ends after the limit, and acknowledges only what was reported", async () => {
    const options = { limit: 2, isEndless: true }
    const { happened } = await reporting({ a: ["a1", "a2", "a3"] }, options)
    expect(happened).toEqual(["report a1", "ack a1", "report a2", "ack a2"])
  })

  it("continues with the other sources when one fails, and names it", async () => {
    const { happened, failure } = await reporting({ a: ["a1"], b: ["b1", "b2"] }, { fails: "a" })
    expect(happened).toContain("a: Error: gone")
    expect(happened).toContain("ack b2")
    expect(failure).toBeNull()
  })

  it("acknowledges nothing, and stops, when a change cannot be reported", async () => {
    const full = new Error("the disk is full")
    const { happened, failure } = await reporting(
      { a: ["a1", "a2"], b: ["b1"] },
      { report: () => Promise.reject(full) },
    )
    expect(happened).toEqual(["report a1"])
    expect(failure).toBe(full)
  })

  it("does not acknowledge a change that was reported only in part", async () => {
    const { happened, failure } = await reporting(
      { a: ["a1"] },
      { limit: 1, report: () => Promise.resolve(false) },
    )
    expect(happened).toEqual(["report a1"])
    expect(failure).toBeNull()
  })

  it("ends when an acknowledgement fails, even if more changes come", async () => {
    const gone = new Error("the store is gone")
    const note = () => Promise.reject(gone)
    const { happened, failure } = await reporting({ a: ["a1", "a2"] }, { note, isEndless: true })
    expect(happened).toEqual(["report a1"])
    expect(failure).toBe(gone)
  })

  it("finishes the change in hand when following ends, and leaves those that wait", async () => {
    const { happened } = await reporting(
      { a: ["a1", "a2"] },
      {
        report: async (_, stop) => {
          stop()
          await Promise.resolve()
        },
      },
    )
    expect(happened).toEqual(["report a1", "ack a1"])
  })
})

describe("makeChangeQueue", () => {
  it("runs tasks in order, and makes the caller wait when the queue is full", async () => {
    const done: Array<number> = []
    let go = () => {}
    const held = new Promise<void>((resolve) => {
      go = resolve
    })
    const queue = makeChangeQueue(1, () => false)
    await queue.add(() => held.then(() => void done.push(1)))
    await queue.add(async () => void done.push(2))
    const third = queue.add(async () => void done.push(3)).then(() => [...done])
    expect(done).toEqual([])
    go()
    expect(await third).toEqual([1, 2, 3])
    await queue.done()
  })
})
