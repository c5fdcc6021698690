import type { LogQuery } from "@execlog/core"
import { Adapter, Filter, Setting } from "@execlog/core/adapter"
import { describe, expect, it } from "vitest"
import { loadFixtures, makeSubject } from "../src/index.js"
import type { Fixture } from "../src/kit/Fixture.js"
import type { AdapterUnderTest } from "../src/kit/Subject.js"
import { declaration, type Row as SampleRow, sample, toExecution } from "./SampleAdapter.js"
import { type Checks, recordedBy, run, settings, soundFolder, subjectOf } from "./SampleSubject.js"

const { list, get } = declaration
// What is broken on purpose need not have the right type.
const make = (changes: object): AdapterUnderTest => Adapter.make({ ...declaration, ...changes })
const withList = (changes: object) => make({ list: { ...list, ...changes } })
const withGet = (changes: object) => make({ get: { ...get, ...changes } })
const withFilters = (changes: object) =>
  withList({ filters: () => ({ ...list.filters(), ...changes }) })

const broken: ReadonlyArray<readonly [string, AdapterUnderTest, keyof Checks, RegExp]> = [
  [
    "an order that no fixture shows",
    withList({ orders: ["newest", "oldest"], time: { ...list.time, walk: "pages" } }),
    "orderCoverage",
    /declares the orders newest, oldest, and no fixture shows oldest/,
  ],
  [
    "a filter that no fixture shows",
    withFilters({ search: Filter.provider((text) => ({ text })) }),
    "filterCoverage",
    /sends the filter search to the provider, and no fixture shows/,
  ],
  [
    "that its list finds one by an attribute, by which it is not asked",
    make({ get: undefined, list: { ...list, lookup: "tags" } }),
    "unsupported",
    /lookup is "tags", by which the list is not asked/,
  ],
  [
    "steps that its list never gives",
    withList({ gives: ["steps"] }),
    "givesCoverage",
    /GET \/rows declares that it gives steps, and none of its \d+ executions/,
  ],
  [
    "inputs that its get never gives",
    withGet({ gives: ["inputs"] }),
    "givesCoverage",
    /GET \/rows\/\{id\} declares that it gives inputs/,
  ],
  [
    "nothing of outputs that its get gives",
    withGet({ toExecution: (row: SampleRow) => ({ ...toExecution(row), outputs: row.tags }) }),
    "declaredParts",
    /has outputs, which GET \/rows\/\{id\} does not declare[^]*gives: \["outputs"\]/,
  ],
  [
    "failures to be successes",
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
    "what still runs to be a success",
    make({ statuses: { ...declaration.statuses, going: "succeeded" } }),
    "statusAgreement",
    /is succeeded \(going\) and has no finishedAt/,
  ],
  [
    "a delay that its rows exceed",
    withList({ time: { ...list.time, delay: () => 1000 } }),
    "listingDistance",
    /\d+ ms after its timestamp, and time.delay is 1000 ms/,
  ],
  [
    "nothing of starts that come long after the listing",
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
    "nothing that its provider says of errors",
    make({ problem: () => ({}) }),
    "refusals",
    /providerMessage|There is no such row/,
  ],
  [
    "a status that execlog does not have",
    make({ statuses: { ...declaration.statuses, lost: "disappeared" } }),
    "statusTable",
    /maps "lost" to "disappeared"/,
  ],
  [
    "no word for one that its provider uses",
    make({ statuses: { ok: "succeeded", bad: "failed", going: "running" } }),
    "statusWords",
    /the provider says "done" \(\d+ executions\), and statuses has "ok", "bad", "going"/,
  ],
  [
    "its key a plain setting",
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
    /authorization of auth hold no setting that is declared a secret/,
  ],
  [
    "a filter, and tells the provider nothing of it",
    withFilters({ workflowId: Filter.provider(() => ({})) }),
    "toldFilters",
    /sends nothing for workflowId of \{"workflowId":"some-workflow"\}/,
  ],
  [
    "another route than it asks",
    withGet({ route: "GET /row/{id}" }),
    "namedRoutes",
    /get asks GET \/rows\/row-6, and its route is "GET \/row\/\{id\}"/,
  ],
  [
    "ids to be wrong without saying why",
    withGet({ id: { name: "", fits: (id: string) => id.startsWith("row-") } }),
    "gettableIds",
    /refuses the id "\?" without a reason|refuses the id "" without/,
  ],
  [
    "a filter to be unsupported without saying why",
    withFilters({ search: Filter.unsupported("") }),
    "unsupported",
    /search as its subject and a reason in the message/,
  ],
  [
    "ids that get does not take",
    withGet({ id: { name: "a short one", fits: (id: string) => !/^row-1\d$/.test(id) } }),
    "gettableIds",
    /gave the execution row-1\d, and get refuses this id: it is not a short one/,
  ],
]

describe("an adapter that declares", () => {
  it.each(broken)("%s is found", async (_what, adapter, check, pattern) => {
    await expect(run(check, await subjectOf(adapter))).rejects.toThrow(pattern)
  })

  it("listing times that are coarser than they are is found", async () => {
    const adapter = withList({ time: { ...list.time, tick: 60_000 } })
    await expect(run("listingTicks", await subjectOf(adapter))).rejects.toThrow(
      /is listed at .*, and time\.tick is 60000 ms/,
    )
  })

  it("to list at the start what is listed later is found", async () => {
    const adapter = withList({ time: { ...list.time, delay: () => 0 } })
    const subject = await subjectOf(adapter, await recordedBy(adapter(settings as never)))
    await expect(run("noWarnings", subject)).rejects.toThrow(
      /listed more than 0 ms after its timestamp/,
    )
  })

  it("pages that no fixture shows is found", async () => {
    const subject = await onlyFixtures(({ name }) => name !== "walk")
    await expect(run("endpointCoverage", subject)).rejects.toThrow(
      /fixtures of GET \/rows hold no whole walk over several pages/,
    )
  })

  it("a filter of time that no fixture shows is found", async () => {
    const subject = await onlyFixtures(({ name }) => name !== "range")
    await expect(run("filterCoverage", subject)).rejects.toThrow(/sends the filter since/)
  })

  it("a word unknown that it knows is found", async () => {
    const [fixture] = (await loadFixtures(soundFolder)).filter(({ name }) => name === "failed")
    if (fixture === undefined) throw new Error("no fixture of failed executions")
    const foreseen = { ...fixture, expect: { unknownStatus: "exploded" } }
    const subject = makeSubject({ adapter: sample, fixtures: soundFolder }, [foreseen])
    await expect(run("statusWords", subject)).rejects.toThrow(
      /foresees the unknown word "exploded"/,
    )
  })

  it("pages larger than its own plan takes is found", async () => {
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

describe("a fixture that says which word is unknown", () => {
  it("is taken at its word", async () => {
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
