import { Adapter, Filter, Pagination, Setting } from "@execlog/core/adapter"
import { describe, expect, it } from "vitest"
import type { AdapterUnderTest } from "../../src/kit/Subject.js"
import { connectLive, type LiveOptions } from "../../src/live/Live.js"
import { liveChecks } from "../../src/live/LiveChecks.js"
import { asksAsInMemory, liveQuestions } from "../../src/live/LiveFilters.js"
import { declaration, type Row, sample, toExecution } from "../SampleAdapter.js"
import { type HistoryRow, sampleServer } from "../SampleServer.js"

const environment = { SAMPLE_API_KEY: "canary-sample-1" }
const server = sampleServer(environment.SAMPLE_API_KEY)
const { list, get } = declaration
// Deliberate faults need not have the right type.
const make = (changes: object): AdapterUnderTest => Adapter.make({ ...declaration, ...changes })
const withList = (changes: object) => make({ list: { ...list, ...changes } })

/** Runs all that is asked of a server. Gives what each violation says was found. */
const violations = async (
  adapter: AdapterUnderTest,
  options: Partial<LiveOptions> = {},
): Promise<ReadonlyArray<string>> => {
  const live = await connectLive({ adapter, environment, fetch: server, ...options })
  const found: Array<string> = []
  const keep = (error: unknown) => void found.push(String(error))
  for (const check of Object.values(liveChecks)) {
    if (check.appliesTo(live)) await check.run(live).catch(keep)
  }
  for (const place of live.endpoints) {
    for (const question of liveQuestions(live, place)) {
      await asksAsInMemory(live, place, question).catch(keep)
    }
  }
  return found
}

describe("the live suite, on a sound adapter", () => {
  it("finds no violation in a sound adapter", async () => {
    expect(await violations(sample)).toEqual([])
  })

  it("finds no violation in a sound adapter of which it reads only the newest executions", async () => {
    expect(await violations(sample, { executions: 5 })).toEqual([])
  })

  it("queries each supported filter with values that the server returned", async () => {
    const live = await connectLive({ adapter: sample, environment, fetch: server })
    const [place] = live.endpoints
    if (place === undefined) throw new Error("no list")
    const names = liveQuestions(live, place).map(({ name }) => name)
    expect(names).toContain('{"status":["failed"]}')
    expect(names).toContain('{"workflowId":"workflow-1"}')
    expect(names).toContain('{"actorId":"maria@example.com"}')
    expect(names.filter((name) => /^\{"(?:since":"[^"]*",")?until"/.test(name))).toHaveLength(2)
    expect(names.join()).toMatch(/\{"status":\["failed"\],"since":"[^"]*"\}/)
    expect(names.join()).not.toContain("search")
  })

  it("finds no violation when the adapter declares what its list omits", async () => {
    expect(await violations(withList({ ...hidingRunning, omits }), { fetch: hiding })).toEqual([])
  })

  it("finds no violation while executions start, end and vanish", async () => {
    let requests = 0
    const moving = sampleServer(environment.SAMPLE_API_KEY, (rows) => movedOn(rows, requests++))
    const found = await violations(sample, { fetch: moving })
    expect(requests).toBeGreaterThan(50)
    expect(found).toEqual([])
  })
})

/**
 * A history after some requests: with each a new row has come, what ran has ended three requests
 * later, and now and then one is gone.
 */
const movedOn = (rows: ReadonlyArray<HistoryRow>, requests: number): ReadonlyArray<HistoryRow> => {
  const [newest] = rows
  if (newest === undefined) return []
  const come = Array.from({ length: requests }, (_, index) => {
    const age = requests - index
    const [logged, isOver] = [newest.logged + index + 1, age > 3]
    const state = index % 2 === 0 ? (isOver ? "ok" : "going") : index % 4 === 1 ? "bad" : "ok"
    const ended = state === "going" ? null : logged
    const isGone = index % 9 === 8 && age > 5
    return isGone
      ? []
      : [{ ...newest, id: `new-${index}`, state, started: logged - 1, logged, ended }]
  })
  return [...come.flat().toReversed(), ...rows.slice(0, rows.length - Math.floor(requests / 20))]
}

/** Lists what runs only where a status is asked for. */
const hiding: typeof fetch = (input, init) => {
  const { pathname, searchParams } = new URL(new Request(input, init).url)
  const isHidden = pathname.endsWith("/rows") && !searchParams.has("state")
  return isHidden ? withoutRunning(input, init) : server(input, init)
}
const withoutRunning = sampleServer(environment.SAMPLE_API_KEY, (rows) =>
  rows.filter(({ state }) => state !== "going"),
)
const omits = { statuses: ["running"], note: "it lists what runs only on request." }
const hidingRunning = {
  filters: () => ({
    ...list.filters(),
    status: Filter.words(["ok", "done", "bad", "going"], (words) => ({ state: words.join(",") })),
  }),
}

const broken: ReadonlyArray<readonly [string, AdapterUnderTest, RegExp, Partial<LiveOptions>]> = [
  [
    "declares an inexact filter as exact",
    withList({
      filters: () => ({
        ...list.filters(),
        status: Filter.words(["ok", "done", "bad"], ([word = ""]) => ({ state: word })),
      }),
    }),
    /\{"status":\["succeeded"\]\} left out \["row-/,
    {},
  ],
  [
    "sends a filter that the server ignores",
    withList({
      filters: () => ({ ...list.filters(), workflowId: Filter.provider((flow) => ({ flow })) }),
    }),
    /answered with the warning: .*workflowId/,
    {},
  ],
  [
    "filters by a status word that the server does not know",
    withList({
      filters: () => ({
        ...list.filters(),
        status: Filter.words(["bad"], () => ({ state: "broken" })),
      }),
    }),
    /\{"status":\["failed"\]\} left out/,
    {},
  ],
  [
    "sends the page size under another name",
    withList({ pagination: Pagination.pageNumber({ page: "page", size: "limit" }) }),
    /returned more than the \d+ items requested/,
    {},
  ],
  [
    "does not declare what the list omits",
    withList(hidingRunning),
    /\{"status":\["running"\]\} gave \["row-.*neither before nor after/,
    { fetch: hiding },
  ],
  [
    "does not map a status word",
    make({ statuses: { ok: "succeeded", bad: "failed", going: "running" } }),
    /the provider says "done" \(\d+ executions\)/,
    {},
  ],
  [
    "takes seconds for milliseconds",
    withList({
      toExecution: (row: Row) => ({ ...toExecution(row), startedAt: new Date(row.started ?? 0) }),
    }),
    /seconds taken for milliseconds/,
    {},
  ],
  [
    "returns something else by get than by list",
    make({
      get: { ...get, toExecution: (row: Row) => ({ ...toExecution(row), finishedAt: null }) },
    }),
    /get row-\d+ returns .*"finishedAt":null/,
    {},
  ],
  [
    "reports an unknown id as a provider failure",
    make({ problem: (status: number) => (status === 404 ? { reason: "Unavailable" } : {}) }),
    /get row-9+ gave .*"reason":"Unavailable"/,
    {},
  ],
  [
    "reports a wrong key as an invalid query",
    make({ problem: (status: number) => (status === 401 ? { reason: "InvalidQuery" } : {}) }),
    /A wrong key gave .*"reason":"InvalidQuery"/,
    {},
  ],
  [
    "uses the start as the listing time",
    withList({ time: { ...list.time, at: (row: Row) => (row.started ?? 0) * 1000 } }),
    /left out|out of the order/,
    {},
  ],
  [
    "meets a server that rejects its filter",
    sample,
    /\{"workflowId":"workflow-1"\} was answered with the warning: .* rejected workflowId/,
    {
      fetch: (input, init) =>
        new Request(input, init).url.includes("workflow=workflow-1")
          ? Promise.resolve(Response.json({ problem: "no such filter" }, { status: 400 }))
          : server(input, init),
    },
  ],
]

describe("the live suite, on a broken adapter", () => {
  it.each(broken)("fails an adapter that %s", async (_what, adapter, pattern, options) => {
    expect((await violations(adapter, options)).join("\n")).toMatch(pattern)
  })

  it("fails an adapter that declares larger pages than the server accepts", async () => {
    const rejecting: typeof fetch = async (input, init) =>
      Number(new URL(new Request(input, init).url).searchParams.get("size")) > 20
        ? Response.json({ problem: "size must be at most 20" }, { status: 400 })
        : server(input, init)
    await expect(connectLive({ adapter: sample, environment, fetch: rejecting })).rejects.toThrow(
      /rejects a page of 50, the declared maxPageSize/,
    )
  })
})

describe("the live check of the largest page", () => {
  const cutTo =
    (most: number): typeof fetch =>
    (input, init) => {
      const url = new URL(new Request(input, init).url)
      const size = Number(url.searchParams.get("size"))
      if (size > most) url.searchParams.set("size", String(most))
      return server(url, init)
    }

  it("fails when the server silently returns fewer items than requested", async () => {
    const found = await violations(sample, { fetch: cutTo(7) })
    expect(found.join("\n")).toContain("gave 7 executions where 50 were requested, 7 where 8 were")
  })

  it("passes when the log holds fewer items than a page", async () => {
    expect(await violations(sample, { fetch: cutTo(15) })).toEqual([])
  })
})

describe("settings of the live suite", () => {
  it("lists all environment variables of the settings when one is missing", async () => {
    await expect(connectLive({ adapter: sample, environment: {} })).rejects.toThrow(
      /SAMPLE_API_KEY is missing[^]*SAMPLE_API_KEY \(missing\): The key[^]*SAMPLE_BASE_URL \(may be/,
    )
  })

  it("names all missing environment variables in one error", async () => {
    const { apiKey } = declaration.settings
    const baseUrl = Setting.ownUrl("Where it is", { example: "https://sample.example.com/api" })
    const placeless = Adapter.make({ ...declaration, settings: { apiKey, baseUrl } })
    await expect(connectLive({ adapter: placeless, environment: {} })).rejects.toThrow(
      /SAMPLE_API_KEY and SAMPLE_BASE_URL are missing in the environment/,
    )
  })

  it("reads the base URL from the environment, unless the test sets it", async () => {
    const asked: Array<string> = []
    const fetch: typeof globalThis.fetch = (input, init) => {
      asked.push(new Request(input, init).url)
      return server(input, init)
    }
    const at = { ...environment, SAMPLE_BASE_URL: "https://here.example.com/api/" }
    await connectLive({ adapter: sample, environment: at, fetch })
    expect(asked.every((url) => url.startsWith("https://here.example.com/api/rows"))).toBe(true)
    asked.length = 0
    const settings = { baseUrl: "https://there.example.com" }
    await connectLive({ adapter: sample, environment: at, settings, fetch })
    expect(asked[0]).toMatch(/^https:\/\/there\.example\.com\/rows/)
  })
})

it("fails the live suite when the server has no executions", async () => {
  const empty = sampleServer(environment.SAMPLE_API_KEY, () => [])
  await expect(connectLive({ adapter: sample, environment, fetch: empty })).rejects.toThrow(
    /has 0 executions, too few to test paging/,
  )
})
