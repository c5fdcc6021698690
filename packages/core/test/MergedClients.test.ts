import { describe, expect, it } from "vitest"
import { createClient, type Entry, mergeByTimestamp } from "../src/index.js"
import { sampleClient, windowsByNumber } from "./SampleProvider.js"
import { rows } from "./SampleRows.js"

describe("several connections merged", () => {
  it("are all let go when the loop is left", async () => {
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

  it("come in listing order, and one that fails does not stop the others", async () => {
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

describe("connections that list at the same time", () => {
  it.each(["newest", "oldest"] as const)("are merged by id, the %s first", async (order) => {
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

describe("connections of which one lists by another time", () => {
  it("are merged by the time that each execution counts under", async () => {
    const given = (id: string, timestamp: string, listedAt: string): Entry => ({
      execution: {
        provider: "sample",
        connection: null,
        id,
        workflow: { id: null, name: null, version: null },
        status: "succeeded",
        providerStatus: null,
        timestamp: new Date(timestamp),
        scheduledFor: null,
        startedAt: new Date(timestamp),
        finishedAt: null,
        listedAt: new Date(listedAt),
        durationMs: null,
        error: null,
        trigger: { kind: "unknown", providerKind: null },
        actor: null,
        attempt: null,
        retryOf: null,
        parentId: null,
        tags: [],
        usage: { totalTokens: null, totalSteps: null },
        url: null,
        attributes: {},
      },
      cursor: () => id,
    })
    const planned = [
      given("b", "2026-11-21T08:00:00Z", "2026-11-23T00:00:00Z"),
      given("d", "2026-11-21T06:00:00Z", "2026-11-22T00:00:00Z"),
    ]
    const plain = [
      given("a", "2026-11-21T09:00:00Z", "2026-11-21T09:00:00Z"),
      given("c", "2026-11-21T07:00:00Z", "2026-11-21T07:00:00Z"),
    ]
    const source = (entries: ReadonlyArray<Entry>) => ({
      entries: (async function* () {
        yield* entries
      })(),
      onFailure: () => {},
    })
    const ids: Array<string> = []
    for await (const { execution } of mergeByTimestamp([source(planned), source(plain)])) {
      ids.push(execution.id)
    }
    expect(ids).toEqual(["a", "b", "c", "d"])
  })
})
