import type { LogQuery } from "@execlog/core"
import { Adapter, Filter, Setting } from "@execlog/core/adapter"
import { describe, expect, it } from "vitest"
import { loadFixtures, makeSubject } from "../src/index.js"
import type { Fixture } from "../src/kit/Fixture.js"
import type { AdapterUnderTest } from "../src/kit/Subject.js"
import { declaration, type Row as SampleRow, sample, toExecution } from "./SampleAdapter.js"
import { type Checks, recordedBy, run, settings, soundFolder, subjectOf } from "./SampleSubject.js"

const { list, get } = declaration
// Deliberate faults need not have the right type.
const make = (changes: object): AdapterUnderTest => Adapter.make({ ...declaration, ...changes })
const withList = (changes: object) => make({ list: { ...list, ...changes } })
const withGet = (changes: object) => make({ get: { ...get, ...changes } })
const withFilters = (changes: object) =>
  withList({ filters: () => ({ ...list.filters(), ...changes }) })

const broken: ReadonlyArray<readonly [string, AdapterUnderTest, keyof Checks, RegExp]> = [
  [
    "declares an order that no fixture shows",
    withList({ orders: ["newest", "oldest"], time: { ...list.time, walk: "pages" } }),
    "orderCoverage",
    /declares the orders newest, oldest, but no fixture shows oldest/,
  ],
  [
    "declares a filter that no fixture shows",
    withFilters({ search: Filter.provider((text) => ({ text })) }),
    "filterCoverage",
    /sends the filter search to the provider, but no fixture shows/,
  ],
  [
    "looks up an execution by an attribute that is not a filter",
    make({ get: undefined, list: { ...list, lookup: "tags" } }),
    "unsupported",
    /lookup is "tags", but the list is not filtered by it/,
  ],
  [
    "declares steps that its list never returns",
    withList({ gives: ["steps"] }),
    "givesCoverage",
    /GET \/rows declares that it gives steps, but none of its \d+ executions/,
  ],
  [
    "declares inputs that its get never returns",
    withGet({ gives: ["inputs"] }),
    "givesCoverage",
    /GET \/rows\/\{id\} declares that it gives inputs/,
  ],
  [
    "does not declare the outputs that its get returns",
    withGet({ toExecution: (row: SampleRow) => ({ ...toExecution(row), outputs: row.tags }) }),
    "declaredParts",
    /has outputs, which GET \/rows\/\{id\} does not declare[^]*gives: \["outputs"\]/,
  ],
  [
    "reports succeeded for executions with an error",
    withList({
      toExecution: (row: SampleRow) => ({
        ...toExecution(row),
        error: row.state === "ok" ? { message: "out of stock" } : null,
      }),
    }),
    "statusAgreement",
    /is succeeded \(ok\), and its error is "out of stock"/,
  ],
  [
    "maps a running status to succeeded",
    make({ statuses: { ...declaration.statuses, going: "succeeded" } }),
    "statusAgreement",
    /is succeeded \(going\) and has no finishedAt/,
  ],
  [
    "declares a listing delay that its rows exceed",
    withList({ time: { ...list.time, delay: () => 1000 } }),
    "listingDistance",
    /\d+ ms after its timestamp, and time.delay is 1000 ms/,
  ],
  [
    "does not declare that starts come long after the listing",
    withList({
      toExecution: (row: SampleRow) => ({
        ...toExecution(row),
        startedAt: new Date((row.logged + 3600) * 1000),
      }),
    }),
    "listingDistance",
    /3600000 ms before its timestamp, and time.skew is 60000 ms/,
  ],
  [
    "drops the provider's error message",
    make({ problem: () => ({}) }),
    "recordedErrors",
    /providerMessage|There is no such row/,
  ],
  [
    "maps to a status that execlog does not have",
    make({ statuses: { ...declaration.statuses, lost: "disappeared" } }),
    "statusTable",
    /maps "lost" to "disappeared"/,
  ],
  [
    "maps no status for a word that the provider uses",
    make({ statuses: { ok: "succeeded", bad: "failed", going: "running" } }),
    "statusWords",
    /the provider says "done" \(\d+ executions\), and statuses has "ok", "bad", "going"/,
  ],
  [
    "declares its key as a plain setting",
    make({
      settings: {
        apiKey: Setting.text("The key of the account", { default: "canary-plain" }),
        baseUrl: declaration.settings.baseUrl,
      },
      auth: (config: { readonly apiKey: string }) => ({
        headers: { authorization: `Bearer ${config.apiKey}` },
      }),
    }),
    "sentKey",
    /authorization of auth contain no setting that is declared a secret/,
  ],
  [
    "declares a filter but does not send it",
    withFilters({ workflowId: Filter.provider(() => ({})) }),
    "sentFilters",
    /sends nothing for workflowId of \{"workflowId":"some-workflow"\}/,
  ],
  [
    "declares another route than it requests",
    withGet({ route: "GET /row/{id}" }),
    "namedRoutes",
    /get requests GET \/rows\/row-6, but its route is "GET \/row\/\{id\}"/,
  ],
  [
    "rejects ids without a reason",
    withGet({ id: { name: "", fits: (id: string) => id.startsWith("row-") } }),
    "gettableIds",
    /rejects the id "\?" without a reason|rejects the id "" without/,
  ],
  [
    "declares a filter as unsupported without a reason",
    withFilters({ search: Filter.unsupported("") }),
    "unsupported",
    /search as its subject and a reason in the message/,
  ],
  [
    "returns ids that its get rejects",
    withGet({ id: { name: "a short one", fits: (id: string) => !/^row-1\d$/.test(id) } }),
    "gettableIds",
    /gave the execution row-1\d, but get rejects this id: it is not a short one/,
  ],
]

describe("the contract suite, on a wrong declaration", () => {
  it.each(broken)("fails an adapter that %s", async (_what, adapter, check, pattern) => {
    await expect(run(check, await subjectOf(adapter))).rejects.toThrow(pattern)
  })

  it("fails an adapter that declares coarser listing times than it has", async () => {
    const adapter = withList({ time: { ...list.time, tick: 60_000 } })
    await expect(run("listingTicks", await subjectOf(adapter))).rejects.toThrow(
      /is listed at .*, and time\.tick is 60000 ms/,
    )
  })

  it("fails an adapter that declares no listing delay but has one", async () => {
    const adapter = withList({ time: { ...list.time, delay: () => 0 } })
    const subject = await subjectOf(adapter, await recordedBy(adapter(settings as never)))
    await expect(run("noWarnings", subject)).rejects.toThrow(
      /listed more than 0 ms after its timestamp/,
    )
  })

  it("fails an adapter without a fixture of a whole walk", async () => {
    const subject = await onlyFixtures(({ name }) => name !== "walk")
    await expect(run("endpointCoverage", subject)).rejects.toThrow(
      /fixtures of GET \/rows contain no complete walk over several pages/,
    )
  })

  it("fails an adapter without a fixture of a time filter", async () => {
    const subject = await onlyFixtures(({ name }) => name !== "range")
    await expect(run("filterCoverage", subject)).rejects.toThrow(/sends the filter since/)
  })

  it("fails a fixture that expects a known word to be unknown", async () => {
    const [fixture] = (await loadFixtures(soundFolder)).filter(({ name }) => name === "failed")
    if (fixture === undefined) throw new Error("no fixture of failed executions")
    const foreseen = { ...fixture, expect: { unknownStatus: "exploded" } }
    const subject = makeSubject({ adapter: sample, fixtures: soundFolder }, [foreseen])
    await expect(run("statusWords", subject)).rejects.toThrow(
      /foresees the unknown word "exploded"/,
    )
  })

  it("fails an adapter whose plan rejects the declared page size", async () => {
    let reads = 0
    const changing = Object.assign((given: never) => {
      const connection = sample(given)
      const { list: endpoint } = connection
      // Another size each time that somebody looks.
      const moody = Object.defineProperty({ ...endpoint }, "maxPageSize", {
        enumerable: true,
        get: () => 50 - reads++,
      })
      return { ...connection, list: moody }
    }, sample)
    await expect(run("unsupported", await subjectOf(changing))).rejects.toThrow(
      /the declared maximum, gave .*pageSize/,
    )
  })
})

const onlyFixtures = async (wanted: (fixture: Fixture) => boolean) =>
  makeSubject(
    { adapter: sample, fixtures: soundFolder },
    (await loadFixtures(soundFolder)).filter(wanted),
  )

describe("a fixture with an unknown status", () => {
  it("passes when the fixture expects the unknown status", async () => {
    const adapter = make({ statuses: { ok: "succeeded", bad: "failed", going: "running" } })
    const foresees = (query: LogQuery | { readonly get: string }) =>
      "get" in query ? {} : { expect: { unknownStatus: "done" } }
    const fixtures = (await loadFixtures(soundFolder))
      .filter(({ name }) => name === "walk")
      .map((fixture) => ({ ...fixture, ...foresees(fixture.query) }))
    const subject = makeSubject({ adapter, fixtures: soundFolder }, fixtures)
    await expect(run("statusWords", subject)).resolves.toBeUndefined()
  })
})
