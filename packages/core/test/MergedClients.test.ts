import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { mergeEntries } from "../src/client/Merge.js"
import type { Execution, Order } from "../src/index.js"
import { bareExecution } from "./BareExecution.js"

const merged = (
  connections: ReadonlyArray<ReadonlyArray<Partial<Execution>>>,
  order: Order = "newest",
): Promise<ReadonlyArray<Execution>> => {
  const sources = connections.map((known) => ({
    entries: Stream.fromIterable(
      known.map((one) => ({ execution: bareExecution(one), cursor: () => `${one.id}` })),
    ).pipe(Stream.rechunk(3)),
    onFailure: Effect.fail,
  }))
  return mergeEntries(sources, order).pipe(
    Stream.map(({ execution }) => execution),
    Stream.runCollect,
    Effect.runPromise,
  )
}

const idsOf = (executions: ReadonlyArray<Execution>) => executions.map(({ id }) => id)
const at = (time: string) => new Date(`2026-11-21T${time}Z`)

describe("mergeEntries", () => {
  it.each(["newest", "oldest"] as const)(
    "merges equal times by id, the %s first",
    async (order) => {
      const lists = ["b", "c", "a"].map((id) => [{ id, timestamp: at("08:00") }])
      const sorted = ["a", "b", "c"]
      expect(idsOf(await merged(lists, order))).toEqual(
        order === "oldest" ? sorted : sorted.toReversed(),
      )
    },
  )

  it("merges by timestamp when one connection lists by another time", async () => {
    const listedLater = [
      { id: "b", timestamp: at("08:00"), listedAt: at("23:00") },
      { id: "d", timestamp: at("06:00"), listedAt: at("22:00") },
    ]
    const plain = [
      { id: "a", timestamp: at("09:00"), listedAt: at("09:00") },
      { id: "c", timestamp: at("07:00"), listedAt: at("07:00") },
    ]
    expect(idsOf(await merged([listedLater, plain]))).toEqual(["a", "b", "c", "d"])
  })

  it("merges an execution without a timestamp by its listing time", async () => {
    const listed = [{ id: "b", listedAt: at("08:00") }]
    const plain = [
      { id: "a", timestamp: at("09:00") },
      { id: "c", timestamp: at("07:00") },
    ]
    expect(idsOf(await merged([listed, plain]))).toEqual(["a", "b", "c"])
  })

  const time = fc.option(fc.integer({ min: 0, max: 20 }).map((minute) => new Date(minute * 60_000)))
  const execution = fc.record({ timestamp: time, listedAt: time })
  const connections = fc
    .array(fc.array(execution, { maxLength: 8 }), { maxLength: 4 })
    .map((lists) =>
      lists.map((list, source) =>
        list.map((one, place) => ({ ...one, id: `${place}`, connection: `${source}` })),
      ),
    )
  const orders = fc.constantFrom<Order>("newest", "oldest")

  it("returns each execution once, and next always the first in order among the connections' next executions", async () => {
    await fc.assert(
      fc.asyncProperty(connections, orders, async (lists, order) => {
        const left = lists.map((list) => list.map(bareExecution))
        for (const next of await merged(lists, order)) {
          const heads = left.flatMap(([head]) => (head === undefined ? [] : [head]))
          const times = heads.map(shown)
          const best = order === "newest" ? Math.max(...times) : Math.min(...times)
          expect(shown(next)).toBe(best)
          const own = left[Number(next.connection)]
          expect(own?.shift()).toEqual(next)
        }
        expect(left.flat()).toEqual([])
      }),
    )
  })

  it("returns sorted times when each connection's list is sorted", async () => {
    await fc.assert(
      fc.asyncProperty(connections, orders, async (lists, order) => {
        const sorted = lists.map((list) =>
          list.toSorted((a, b) =>
            order === "newest" ? later(shown(b), shown(a)) : later(shown(a), shown(b)),
          ),
        )
        const times = (await merged(sorted, order)).map(shown)
        expect(times).toEqual(
          times.toSorted((a, b) => (order === "newest" ? later(b, a) : later(a, b))),
        )
      }),
    )
  })

  const shown = ({ timestamp, listedAt }: Pick<Execution, "timestamp" | "listedAt">): number =>
    (timestamp ?? listedAt)?.getTime() ?? Number.POSITIVE_INFINITY
  // The difference of two infinite numbers is NaN.
  const later = (a: number, b: number): number => (a === b ? 0 : a - b)
})
