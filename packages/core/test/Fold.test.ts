import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Fold as FoldOfEvents } from "../src/adapter/Connection.js"
import { createClient, type Execution, type LogPage } from "../src/index.js"
import { fingerprint } from "../src/model/Fingerprint.js"
import { fold, mostRemembered } from "../src/walk/Fold.js"
import type { ReadRow } from "../src/walk/Row.js"
import { type Event, eventful, fetchOf } from "./EventfulProvider.js"
import { windowsByNumber } from "./SampleProvider.js"

interface Life {
  readonly start: number
  readonly duration: number | null
}

const eventsOf = (lives: ReadonlyArray<Life>): Array<Event> =>
  lives.flatMap(({ start, duration }, index) => {
    const event = { id: `execution-${index}`, start }
    const started: Event = { ...event, at: start, word: "start" }
    return duration === null
      ? [started]
      : [started, { ...event, at: start + duration, word: "end" }]
  })

const clientOf = (lives: ReadonlyArray<Life>) =>
  createClient(eventful({ apiKey: "canary-sample-1" }), { fetch: fetchOf(eventsOf(lives)) })

// Times in a narrow range: starts and ends share instants, and cross pages.
const lives = fc.array(
  fc.record({
    start: fc.integer({ min: 0, max: 30 }),
    duration: fc.option(fc.integer({ min: 0, max: 12 })),
  }),
  { maxLength: 40 },
)
const pageSize = fc.integer({ min: 2, max: 7 })

const collect = async (iterable: AsyncIterable<Execution>): Promise<Array<Execution>> => {
  const executions: Array<Execution> = []
  for await (const execution of iterable) executions.push(execution)
  return executions
}

const truth = (all: ReadonlyArray<Life>) =>
  all
    .map(
      ({ duration }, index) => `execution-${index} ${duration === null ? "running" : "succeeded"}`,
    )
    .toSorted()

const shown = (executions: ReadonlyArray<Execution>) =>
  executions.map(({ id, status }) => `${id} ${status}`).toSorted()

describe("a list of events", () => {
  it("folds events into one execution each, in its latest state, across pages", async () => {
    await fc.assert(
      fc.asyncProperty(lives, pageSize, async (all, size) => {
        const executions = await collect(clientOf(all).executions({ pageSize: size }))
        expect(shown(executions)).toEqual(truth(all))
      }),
      { numRuns: 300 },
    )
  })

  it("returns the same executions when resumed from a cursor anywhere in a page", async () => {
    await fc.assert(
      fc.asyncProperty(lives, pageSize, fc.nat(), async (all, size, seed) => {
        if (all.length === 0) return
        let cursor: string | undefined
        const head: Array<Execution> = []
        const entries = clientOf(all).entries(
          { pageSize: size },
          { limit: (seed % all.length) + 1 },
        )
        for await (const entry of entries) {
          head.push(entry.execution)
          cursor = entry.cursor()
        }
        const tail = await collect(clientOf(all).executions({ pageSize: size }, { cursor }))
        expect(shown([...head, ...tail])).toEqual(truth(all))
      }),
      { numRuns: 300 },
    )
  })

  it("returns each execution once when hundreds are unfinished and a cursor cannot name them all", async () => {
    const all = Array.from({ length: 600 }, (_, index) => ({ start: index, duration: 1000 }))
    let cursor: string | undefined
    const found: Array<Execution> = []
    for (let turn = 0; turn < 40; turn++) {
      let count = 0
      const options = { limit: 45, ...(cursor === undefined ? {} : { cursor }) }
      for await (const entry of clientOf(all).entries({ pageSize: 50 }, options)) {
        found.push(entry.execution)
        cursor = entry.cursor()
        count += 1
      }
      if (count === 0) break
      expect(cursor?.length ?? 0).toBeLessThan(12_000)
    }
    expect(shown(found)).toEqual(truth(all))
  })

  it("returns each execution once when pages are read one by one from cursors", async () => {
    const all = Array.from({ length: 300 }, (_, index) => ({ start: index, duration: 1000 }))
    for (const status of [undefined, ["succeeded"] as const]) {
      const found: Array<Execution> = []
      let cursor: string | null = null
      do {
        const page: LogPage = await clientOf(all).page({ pageSize: 50, status }, cursor)
        found.push(...page.executions)
        cursor = page.next
      } while (cursor !== null)
      expect(shown(found)).toEqual(truth(all))
    }
  })

  it("returns each execution once when an end is listed before its start because clocks disagree", async () => {
    const crooked = fc.array(
      fc.record({
        start: fc.integer({ min: 0, max: 30 }),
        duration: fc.option(fc.integer({ min: -4, max: 4 })),
      }),
      { maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(crooked, pageSize, async (all, size) => {
        const executions = await collect(clientOf(all).executions({ pageSize: size }))
        expect(executions.map(({ id }) => id).toSorted()).toEqual(
          all.map((_, index) => `execution-${index}`).toSorted(),
        )
      }),
      { numRuns: 300 },
    )
  })

  it("does not wait for starts when the provider filters to ends", async () => {
    const all: ReadonlyArray<Life> = [
      { start: 1, duration: 5 },
      { start: 2, duration: null },
      { start: 3, duration: 1 },
    ]
    const executions = await collect(
      clientOf(all).executions({ status: ["succeeded"], pageSize: 2 }),
    )
    expect(shown(executions)).toEqual(["execution-0 succeeded", "execution-2 succeeded"])
  })

  it("forgets an execution whose start is never listed once the walk has passed it", async () => {
    const ends = Array.from({ length: 400 }, (_, index): Event => {
      const at = 10_000 - index * 10
      return { id: `execution-${index}`, at, word: "end", start: at - 10 }
    })
    const asked: Array<number> = []
    const client = createClient(eventful({ apiKey: "canary-sample-1" }), {
      fetch: (input, init) => {
        asked.push(Number(new URL(String(input)).searchParams.get("until") ?? 0))
        return fetchOf(ends)(input, init)
      },
    })
    let cursor: string | undefined
    for await (const entry of client.entries({ pageSize: 50 }, { limit: 300 })) {
      cursor = entry.cursor()
    }
    asked.length = 0
    for await (const _ of client.executions({ pageSize: 50 }, { cursor, limit: 1 })) void _
    // If they were remembered, the cursor could not hold them, and all pages would be read again.
    expect(asked[0]).toBeLessThan(10_000 - 250 * 10)
  })

  it("remembers a limited number of executions, and tells when it forgot one", () => {
    const how: Pick<FoldOfEvents, "merge"> = { merge: ([first]) => first }
    const row = (index: number): ReadRow => ({
      ok: true,
      index,
      isDuplicate: false,
      createdAt: null,
      event: { isFirst: false, isLast: true, startedAt: null },
      raw: null,
      item: null,
      id: `execution-${index}`,
      at: -index,
    })
    const options = { remembers: true, holdAt: null, forgetAbove: null }
    const rows = Array.from({ length: mostRemembered }, (_, index) => row(index))
    const before = fold(how, new Map(), rows, [], options)
    expect(before).toMatchObject({ hasForgotten: false })
    const after = fold(how, before.partlyRead, [row(mostRemembered)], [], options)
    expect(after).toMatchObject({ hasForgotten: true })
    expect(after.partlyRead.size).toBe(mostRemembered)
    expect(after.partlyRead.has(fingerprint("execution-0"))).toBe(false)
  })

  it("collects the raw values of all events of an execution", async () => {
    const [execution] = await collect(
      clientOf([{ start: 1, duration: 5 }]).executions({ include: ["raw"] }),
    )
    expect(execution?.raw).toHaveLength(2)
  })

  it("marks a list of events in the plan", () => {
    expect(clientOf([]).explain().lists).toBe("events")
    expect(clientOf([]).explain().omits).toEqual([])
    const ofExecutions = createClient(windowsByNumber({ apiKey: "canary-sample-1" }))
    expect(ofExecutions.explain().lists).toBe("executions")
  })
})
