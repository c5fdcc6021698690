import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Execution, LogQuery } from "../src/index.js"
import {
  countingShapes,
  sampleClient,
  type SampleRow,
  type SampleServer,
  shapes,
} from "./SampleProvider.js"
import { walkRuns } from "./WalkRuns.js"

const shapeNames = Object.keys(shapes) as ReadonlyArray<keyof typeof shapes>

// Few instants and many rows: ties of more than a page are common.
const history = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: 12 }).map((hour) => 1_700_000_000_000 + hour * 1000),
      state: fc.constantFrom("ok", "bad", "going", "unheard-of"),
      workflow: fc.constantFrom("a", "b"),
    }),
    { maxLength: 60 },
  )
  .map((rows) => rows.map((row, index): SampleRow => ({ id: `row-${index}`, ...row })))

const pageSize = fc.integer({ min: 1, max: 9 })

const collect = async (iterable: AsyncIterable<Execution>): Promise<Array<Execution>> => {
  const executions: Array<Execution> = []
  for await (const execution of iterable) executions.push(execution)
  return executions
}

const quietly = { onWarning: () => {} }

const ids = (executions: ReadonlyArray<Execution>) => executions.map(({ id }) => id).toSorted()

describe.each(shapeNames)("a walk over %s", (shape) => {
  it("returns each execution of an unchanging history once, in listing order", async () => {
    await fc.assert(
      fc.asyncProperty(history, pageSize, async (rows, size) => {
        const executions = await collect(
          sampleClient(shape, { rows }).executions({ pageSize: size }),
        )
        expect(ids(executions)).toEqual(rows.map(({ id }) => id).toSorted())
        const times = executions.map(({ listedAt }) => listedAt?.getTime() ?? 0)
        expect(times).toEqual(times.toSorted((a, b) => b - a))
      }),
      walkRuns(200),
    )
  })

  it("returns each execution once when the server clamps the page size", async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        pageSize,
        fc.integer({ min: 1, max: 5 }),
        async (rows, size, clamp) => {
          const executions = await collect(
            sampleClient(shape, { rows, clamp }).executions({ pageSize: size }, quietly),
          )
          expect(ids(executions)).toEqual(rows.map(({ id }) => id).toSorted())
        },
      ),
      walkRuns(200),
    )
  })

  it("returns each execution once when the server ignores time parameters", async () => {
    await fc.assert(
      fc.asyncProperty(history, pageSize, async (rows, size) => {
        const client = sampleClient(shape, { rows, ignoresTime: true })
        const executions = await collect(
          client.executions({ pageSize: size }, { onWarning: () => {} }),
        )
        expect(ids(executions)).toEqual(rows.map(({ id }) => id).toSorted())
      }),
      walkRuns(200),
    )
  })

  it("returns what was listed at the beginning once while others are inserted above", async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        pageSize,
        fc.integer({ min: 0, max: 4 }),
        async (rows, size, wish) => {
          // A walk by pages progresses only if fewer rows arrive than half a page, because its pages overlap.
          const speed = Math.min(wish, Math.floor((size - 1) / 2))
          const server: SampleServer = {
            rows,
            beforeRequest: (count) => {
              const inserted = Array.from({ length: count === 0 ? 0 : speed }, (_, index) => ({
                id: `new-${count}-${index}`,
                at: 1_700_000_100_000 + count,
              }))
              server.rows = [...server.rows, ...inserted]
            },
          }
          const executions = await collect(
            sampleClient(shape, server).executions({ pageSize: size }),
          )
          expect(new Set(ids(executions)).size).toBe(executions.length)
          expect(ids(executions).filter((id) => id.startsWith("row-"))).toEqual(
            rows.map(({ id }) => id).toSorted(),
          )
        },
      ),
      walkRuns(200),
    )
  })

  it("returns the same when resumed from a cursor anywhere in a page", async () => {
    await fc.assert(
      fc.asyncProperty(history, pageSize, fc.nat(), async (rows, size, seed) => {
        const query = { pageSize: size }
        const whole = await collect(sampleClient(shape, { rows }).executions(query))
        if (whole.length === 0) return
        const cut = (seed % whole.length) + 1
        let cursor: string | undefined
        const head: Array<string> = []
        for await (const entry of sampleClient(shape, { rows }).entries(query, { limit: cut })) {
          head.push(entry.execution.id)
          cursor = entry.cursor()
        }
        const tail = await collect(sampleClient(shape, { rows }).executions(query, { cursor }))
        expect([...head, ...tail.map(({ id }) => id)]).toEqual(whole.map(({ id }) => id))
      }),
      walkRuns(200),
    )
  })

  // If only rows show the end, a list with duplicates looks like a server that is stuck.
  const tellsTheEnd = shape !== "pagesByNumber"
  it.each(["each answer repeats a row", ...(tellsTheEnd ? ["the list holds rows twice"] : [])])(
    "returns each execution once when %s and the walk is resumed often",
    async (what) => {
      const isInList = what === "the list holds rows twice"
      await fc.assert(
        fc.asyncProperty(
          history,
          pageSize,
          fc.integer({ min: 1, max: 5 }),
          async (rows, size, limit) => {
            const server = {
              rows: isInList ? rows.flatMap((row) => [row, row]) : rows,
              repeatsRow: !isInList,
            }
            const found: Array<string> = []
            let cursor: string | undefined
            for (let isOver = false; !isOver;) {
              isOver = true
              const client = sampleClient(shape, server)
              const options = { limit, cursor, ...quietly }
              for await (const entry of client.entries({ pageSize: size }, options)) {
                isOver = false
                found.push(entry.execution.id)
                cursor = entry.cursor()
              }
            }
            expect(found.toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
          },
        ),
        walkRuns(100),
      )
    },
  )

  it("reports each unreadable item once, and returns all others once", async () => {
    const damaged = fc
      .tuple(history, fc.infiniteStream(fc.integer({ min: 0, max: 4 })))
      .map(([rows, luck]) => rows.map((row) => ({ ...row, broken: luck.next().value === 0 })))
    await fc.assert(
      fc.asyncProperty(damaged, pageSize, async (rows, size) => {
        const rejected: Array<string> = []
        const executions = await collect(
          sampleClient(shape, { rows }).executions(
            { pageSize: size },
            { onRejected: ({ id }) => void rejected.push(id ?? "") },
          ),
        )
        const idsOf = (broken: boolean) =>
          rows.filter((row) => row.broken === broken).map(({ id }) => id)
        expect(ids(executions)).toEqual(idsOf(false).toSorted())
        expect([...rejected].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
          idsOf(true).toSorted((a, b) => (a < b ? -1 : 1)),
        )
      }),
      walkRuns(200),
    )
  })

  it("answers every filter as filtering in memory does", async () => {
    const statusSet = fc.option(
      fc.uniqueArray(fc.constantFrom("succeeded", "failed", "running", "unknown", "canceled"), {
        minLength: 1,
      }),
      { nil: undefined },
    )
    const second = fc.option(fc.integer({ min: -1, max: 14 }), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(
        history,
        pageSize,
        fc.record({ status: statusSet, workflowId: fc.constantFrom(undefined, "a", "c") }),
        second,
        second,
        async (rows, size, filters, after, span) => {
          const since = after === undefined ? undefined : new Date(1_700_000_000_000 + after * 1000)
          const until =
            span === undefined
              ? undefined
              : new Date((since?.getTime() ?? 1_700_000_000_000) + (span + 2) * 1000)
          const query: LogQuery = {
            ...(filters as LogQuery),
            since,
            until,
            pageSize: size,
          }
          const all = await collect(sampleClient(shape, { rows }).executions())
          const expected = all.filter(
            (execution) =>
              (query.status === undefined || query.status.includes(execution.status)) &&
              (query.workflowId === undefined || execution.workflow.id === query.workflowId) &&
              (since === undefined ||
                (execution.startedAt !== null && execution.startedAt >= since)) &&
              (until === undefined ||
                (execution.startedAt !== null && execution.startedAt < until)),
          )
          const executions = await collect(sampleClient(shape, { rows }).executions(query))
          expect(ids(executions)).toEqual(ids(expected))
        },
      ),
      walkRuns(200),
    )
  })
})

describe("a walk while rows already read are deleted", () => {
  const without = (rows: ReadonlyArray<SampleRow>, pick: number) =>
    rows.filter((_, index) => index !== pick % Math.max(1, rows.length))

  const losesNothing = async (shape: keyof typeof shapes, server: SampleServer, size: number) => {
    const executions = await collect(
      sampleClient(shape, server).executions({ pageSize: size }, quietly),
    )
    expect(new Set(ids(executions)).size).toBe(executions.length)
    const found = new Set(ids(executions))
    expect(server.rows.filter(({ id }) => !found.has(id))).toEqual([])
  }

  it.each(shapeNames)("loses no remaining row over %s", async (shape) => {
    const picks = fc.array(fc.nat(), { maxLength: 8 })
    // If cursors count rows, no page may be shorter than an instant.
    const counts = countingShapes.includes(shape)
    const clamp = fc.constantFrom(undefined, ...(counts ? [] : [1, 2, 5]))
    await fc.assert(
      fc.asyncProperty(history, pageSize, picks, clamp, async (rows, size, picked, largest) => {
        const server: SampleServer = {
          rows,
          ...(largest === undefined ? {} : { clamp: largest }),
          beforeRequest: (count) => {
            const pick = picked[count - 1]
            if (pick !== undefined) server.rows = without(server.rows, pick)
          },
        }
        await losesNothing(shape, server, size)
      }),
      walkRuns(200),
    )
  })
})

describe("a list whose order within one instant changes between requests", () => {
  // Seen on a real Dify 1.12.1: pages of 20 returned one of 52 rows twice and another never.
  it.each(["windowsByNumber", "windowsByOffset"] as const)(
    "returns every execution over %s when each instant fits the provider's largest page",
    async (shape) => {
      await fc.assert(
        fc.asyncProperty(
          history,
          pageSize,
          fc.infiniteStream(fc.nat()),
          async (rows, size, noise) => {
            const server: SampleServer = {
              rows,
              beforeRequest: () => {
                const salt = noise.next().value
                server.rows = server.rows.map((row) => ({
                  ...row,
                  tie: (row.at * 31 + salt * Number(row.id.slice(4))) % 97,
                }))
              },
            }
            const executions = await collect(
              sampleClient(shape, server).executions({ pageSize: size }),
            )
            expect(ids(executions)).toEqual(rows.map(({ id }) => id).toSorted())
          },
        ),
        walkRuns(200),
      )
    },
  )
})
