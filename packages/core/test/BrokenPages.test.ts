import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createClient, type LogPage, type LogQuery } from "../src/index.js"
import { BrokenItem, readRow, rejectedIds } from "../src/walk/Row.js"
import { failure } from "./Failure.js"
import { sampleFetch, type SampleRow, type SampleServer, shapes } from "./SampleProvider.js"

type Shape = keyof typeof shapes

const shapeNames = Object.keys(shapes) as ReadonlyArray<Shape>
const countedShapes = [
  "windowsByNumber",
  "windowsByOffset",
  "windowsOfFullPages",
  "pagesByNumber",
  "pagesByNumberWithTotal",
  "pagesByOffset",
] as const
// The URL of a next page fixes its size and its steps: a smaller request is not possible.
const urlShapes: ReadonlyArray<Shape> = ["pagesByNextUrl", "pagesByLinkHeader"]
const namedShapes = shapeNames.filter((shape) => !urlShapes.includes(shape))

const began = 1_700_000_000_000

const rows = Array.from({ length: 120 }, (_, index): SampleRow => ({
  id: `row-${index}`,
  at: began + index * 1000,
}))
const newestFirst = rows.map(({ id }) => id).toReversed()

const clientOf = (shape: Shape, server: SampleServer) => {
  const fetch = sampleFetch(server)
  const asked: Array<URLSearchParams> = []
  const client = createClient(shapes[shape]({ apiKey: "canary-sample-1" }), {
    transport: { retries: 0 },
    fetch: (input, init) => {
      asked.push(new URL(String(input)).searchParams)
      return fetch(input, init)
    },
  })
  return { asked, client }
}

/** The pages of a walk. */
const walk = async (shape: Shape, query: LogQuery, server: Partial<SampleServer>) => {
  const { asked, client } = clientOf(shape, { rows, ...server })
  const pages: Array<LogPage> = []
  for await (const page of client.pages(query)) pages.push(page)
  const executions = pages.flatMap((page) => page.executions)
  return {
    asked,
    executions,
    ids: executions.map(({ id }) => id),
    withSteps: executions.filter(({ steps }) => steps?.length === 1).map(({ id }) => id),
    rejected: pages.flatMap((page) => page.rejected),
    warnings: pages.flatMap((page) => page.warnings.map(({ text }) => text)),
  }
}

const withSteps: LogQuery = { include: ["steps"] }

describe("an execution whose steps break its page", () => {
  it.each(namedShapes)(
    "returns the execution without steps over %s, and names it in a warning, when its steps break the page",
    async (shape) => {
      const stepsFailOn = new Set(["row-3", "row-70", "row-71", "row-119"])
      const { asked, ids, rejected, warnings, executions, ...read } = await walk(shape, withSteps, {
        stepsFailOn,
      })
      expect(ids).toEqual(newestFirst)
      expect(read.withSteps).toEqual(newestFirst.filter((id) => !stepsFailOn.has(id)))
      // Absent, which differs from an empty list.
      expect(executions.filter(({ steps }) => steps === undefined)).toHaveLength(4)
      expect(rejected).toEqual([])
      for (const id of stepsFailOn)
        expect(warnings.join()).toMatch(new RegExp(`steps of .*${id}\\b`))
      expect(asked.length).toBeLessThan(120)
    },
  )

  it("omits the steps of only the broken execution when the page was read from a cursor", async () => {
    const { client } = clientOf("pagesBySizedCursor", { rows, stepsFailOn: new Set(["row-60"]) })
    const first = await client.page(withSteps)
    const second = await client.page(withSteps, first.next)
    expect(second.executions).toHaveLength(50)
    expect(second.executions.filter(({ steps }) => steps === undefined)).toMatchObject([
      { id: "row-60" },
    ])
    expect((await client.page(withSteps, second.next)).executions).toHaveLength(20)
  })
})

describe("a server that fails on the steps of every execution", () => {
  const stepsFailOn = new Set(newestFirst)

  it.each(["pagesByCursor", "windowsByNumber"] as const)(
    "stops requesting steps over %s, with one warning, when they fail for every execution",
    async (shape) => {
      const { asked, ids, warnings } = await walk(shape, withSteps, { stepsFailOn })
      expect(ids).toEqual(newestFirst)
      expect(warnings).toEqual([
        expect.stringContaining("executions are returned without them from here on"),
      ])
      expect(asked.filter((parameters) => parameters.has("steps")).length).toBeLessThan(100)
    },
  )

  it("does not request steps after a cursor when they failed before it", async () => {
    const { asked, client } = clientOf("pagesByCursor", { rows, stepsFailOn })
    const first = await client.page(withSteps)
    asked.length = 0
    expect((await client.page(withSteps, first.next)).warnings).toEqual([])
    expect(asked).toHaveLength(1)
  })
})

describe("a server that rejects steps", () => {
  it("returns all executions without steps, with one warning, when the server rejects steps", async () => {
    const { ids, warnings } = await walk("pagesByCursor", withSteps, { rejects: ["steps"] })
    expect(ids).toEqual(newestFirst)
    expect(warnings).toEqual([expect.stringContaining("rejected the request for steps")])
  })
})

describe("an execution that breaks its page even without steps", () => {
  it.each(countedShapes)(
    "skips an execution that breaks its page over %s, and reports it as rejected",
    async (shape) => {
      const failsOn = new Set(["row-10", "row-100"])
      const { ids, rejected, asked } = await walk(shape, {}, { failsOn })
      expect(ids).toEqual(newestFirst.filter((id) => !failsOn.has(id)))
      expect(rejected).toMatchObject([
        { id: null, raw: null, reason: expect.stringMatching(/behind row-101: .*500/) },
        { id: null, raw: null, reason: expect.stringMatching(/behind row-11: .*500/) },
      ])
      expect(rejected.map(({ cause, places }) => [cause, places[0]])).toEqual([
        ["server", { after: "row-101", distance: 1 }],
        ["server", { after: "row-11", distance: 1 }],
      ])
      expect(asked.length).toBeLessThan(100)
    },
  )

  it.each(["pagesByCursor", "pagesBySizedCursor", "pagesByLastItem"] as const)(
    "fails a walk over %s, which cannot skip an execution, after returning all before it",
    async (shape) => {
      const { client } = clientOf(shape, { rows, failsOn: new Set(["row-30"]) })
      const ids: Array<string> = []
      const error = await failure(
        (async () => {
          for await (const { id } of client.executions()) ids.push(id)
        })(),
      )
      expect(error).toMatchObject({ reason: "Unavailable", status: 500 })
      expect(ids).toEqual(newestFirst.slice(0, 89))
    },
  )
})

describe("the fingerprints of a row of which nothing was received", () => {
  const rowAt = (failure: string, ...places: ConstructorParameters<typeof BrokenItem>[0]) => {
    const row = readRow(
      shapes.pagesByNumber({ apiKey: "canary-1" }).list,
      new BrokenItem(places, failure),
      0,
    )
    return row.ok ? [] : rejectedIds(row)
  }

  it("depend on its places, and not on the words of the failure", () => {
    const behind = { after: "row-1", distance: 2 }
    const third = { number: 3, bound: null }
    const ids = rowAt("it answered with 500", behind, third)
    expect(ids).toHaveLength(2)
    expect(rowAt("it answered with 502", behind, third)).toEqual(ids)
    expect(rowAt("it answered with 500", third)).toEqual(ids.slice(1))
    expect(rowAt("it answered with 500", { number: 3, bound: began })).not.toEqual(ids.slice(1))
    expect(rowAt("it answered with 500", { after: "row-1", distance: 1 })).not.toContain(ids[0])
  })
})

describe("a server that fails on every item", () => {
  it.each(countedShapes)(
    "fails over %s with the server's error, and rejects no item, when every item breaks its page",
    async (shape) => {
      const { asked, client } = clientOf(shape, { rows, failsOn: new Set(newestFirst) })
      expect(await failure(client.page())).toMatchObject({ reason: "Unavailable", status: 500 })
      expect(asked.length).toBeLessThan(50)
    },
  )
})

describe("a server that is down", () => {
  it.each(shapeNames)(
    "fails over %s with the first error, after few more requests, when the server is down",
    async (shape) => {
      let requests = 0
      const client = createClient(shapes[shape]({ apiKey: "canary-sample-1" }), {
        transport: { retries: 0 },
        fetch: async () => {
          requests += 1
          return Response.json({ message: "down" }, { status: requests === 1 ? 502 : 500 })
        },
      })
      expect(await failure(client.page(withSteps))).toMatchObject({
        reason: "Unavailable",
        status: 502,
      })
      expect(requests).toBeLessThan(5)
    },
  )
})

const made = fc
  .array(fc.record({ second: fc.nat({ max: 12 }), isBroken: fc.nat({ max: 4 }) }), {
    maxLength: 40,
  })
  .map((rows) =>
    rows.map(({ second, isBroken }, index) => ({
      id: `row-${index}`,
      at: began + second * 1000,
      isBroken: isBroken === 0,
    })),
  )

describe.each(countedShapes)("a walk over %s of a server that fails on some rows", (shape) => {
  it("returns each readable execution once, and rejects every broken one", async () => {
    // Broken rows are kept apart: if all neighbours fail, the server may be at fault instead of the row.
    const apart = made.map((rows) =>
      rows
        .toSorted((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1))
        .map((row, index) => ({ ...row, isBroken: row.isBroken && index % 2 === 1 })),
    )
    await fc.assert(
      fc.asyncProperty(
        apart,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 12 }),
        async (rows, pageSize, largestPage) => {
          const idsOf = (isBroken: boolean) =>
            rows.filter((row) => row.isBroken === isBroken).map(({ id }) => id)
          const failsOn = new Set(idsOf(true))
          const server = { rows, failsOn, largestPage }
          const { ids, rejected } = await walk(shape, { pageSize }, server)
          expect(ids.toSorted()).toEqual(idsOf(false).toSorted())
          // A row that shares its instant may be in two windows, and be reported twice.
          const reported = new Set(rejected.map(({ reason }) => reason)).size
          expect(reported >= failsOn.size).toBe(true)
          if (!shape.startsWith("windows")) expect(rejected).toHaveLength(failsOn.size)
        },
      ),
      { numRuns: 150 },
    )
  })
})

describe.each(namedShapes)("a walk over %s of a server that fails on some steps", (shape) => {
  it("returns each execution once, with the steps of all but the broken ones", async () => {
    await fc.assert(
      fc.asyncProperty(
        made,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 12 }),
        async (rows, pageSize, largestPage) => {
          const broken = rows.filter(({ isBroken }) => isBroken).map(({ id }) => id)
          const server = { rows, stepsFailOn: new Set(broken), largestPage }
          const read = await walk(shape, { ...withSteps, pageSize }, server)
          expect(read.ids.toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
          const whole = rows.filter(({ isBroken }) => !isBroken).map(({ id }) => id)
          expect(read.withSteps.toSorted()).toEqual(whole.toSorted())
          expect(read.rejected).toEqual([])
        },
      ),
      { numRuns: 150 },
    )
  })
})
