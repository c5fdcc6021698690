import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createClient, type Execution, mergeByTimestamp, type Order } from "../src/index.js"
import { bareExecution } from "./BareExecution.js"
import { sampleClient, windowsByNumber } from "./SampleProvider.js"
import { rows } from "./SampleRows.js"

describe("mergeByTimestamp", () => {
  it("closes all sources when the loop is left", async () => {
    const returned: Array<number> = []
    const watched = (source: number) => ({
      onFailure: () => {},
      entries: {
        async *[Symbol.asyncIterator]() {
          try {
            yield* sampleClient("windowsByNumber", { rows }).entries()
          } finally {
            returned.push(source)
          }
        },
      },
    })
    for await (const { execution } of mergeByTimestamp([watched(0), watched(1)])) {
      expect(execution.id).toBe("row-24")
      break
    }
    expect(returned.toSorted((a, b) => a - b)).toEqual([0, 1])
  })

  it("returns executions in listing order, and continues when one source fails", async () => {
    const even = rows.filter((_, index) => index % 2 === 0)
    const odd = rows.filter((_, index) => index % 2 === 1)
    const failures: Array<unknown> = []
    const broken = createClient(windowsByNumber({ apiKey: "canary-sample-1" }), {
      fetch: async () => new Response("{}", { status: 401 }),
    })
    const source = (client: typeof broken) => ({
      entries: client.entries({ pageSize: 3 }),
      onFailure: (error: unknown) => void failures.push(error),
    })
    const ids: Array<string> = []
    const merged = mergeByTimestamp([
      source(sampleClient("windowsByNumber", { rows: even })),
      source(broken),
      source(sampleClient("pagesByOffset", { rows: odd })),
    ])
    for await (const { execution } of merged) ids.push(execution.id)
    expect(ids).toEqual(rows.map(({ id }) => id).toReversed())
    expect(failures).toMatchObject([{ _tag: "AdapterError", reason: "Authentication" }])
  })
})

describe("mergeByTimestamp of executions at the same time", () => {
  it.each(["newest", "oldest"] as const)("orders them by id, the %s first", async (order) => {
    const entriesOf = async function* (...ids: ReadonlyArray<string>) {
      const at = 1_700_000_000_000
      const client = sampleClient("windowsByNumber", { rows: ids.map((id) => ({ id, at })) })
      yield* client.entries()
    }
    const sources = [entriesOf("row-b"), entriesOf("row-c"), entriesOf("row-a")].map((entries) => ({
      entries,
      onFailure: () => {},
    }))
    const ids: Array<string> = []
    for await (const { execution } of mergeByTimestamp(sources, order)) ids.push(execution.id)
    const sorted = ["row-a", "row-b", "row-c"]
    expect(ids).toEqual(order === "oldest" ? sorted : sorted.toReversed())
  })
})

const merged = async (
  connections: ReadonlyArray<ReadonlyArray<Partial<Execution>>>,
  order: Order = "newest",
): Promise<ReadonlyArray<Execution>> => {
  const sources = connections.map((known) => ({
    entries: (async function* () {
      for (const one of known) yield { execution: bareExecution(one), cursor: () => `${one.id}` }
    })(),
    onFailure: () => {},
  }))
  const given: Array<Execution> = []
  for await (const { execution } of mergeByTimestamp(sources, order)) given.push(execution)
  return given
}

const idsOf = (executions: ReadonlyArray<Execution>) => executions.map(({ id }) => id)
const at = (time: string) => new Date(`2026-11-21T${time}Z`)

describe("mergeByTimestamp of a source that lists by another time", () => {
  it("orders executions by their timestamp", async () => {
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

  it("orders executions without a timestamp by their listing time", async () => {
    const listed = [{ id: "b", listedAt: at("08:00") }]
    const plain = [
      { id: "a", timestamp: at("09:00") },
      { id: "c", timestamp: at("07:00") },
    ]
    expect(idsOf(await merged([listed, plain]))).toEqual(["a", "b", "c"])
  })
})

describe("mergeByTimestamp of random lists", () => {
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

  it("returns each execution once, in its source's order, and always the best of all next", async () => {
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

  it("returns executions in the order of their times when each source is in that order", async () => {
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
