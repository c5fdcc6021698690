import { Adapter, Filter, Setting, Wire } from "@execlog/core/adapter"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { loadFixtures, makeSubject } from "../src/index.js"
import type { AdapterUnderTest } from "../src/kit/Subject.js"
import {
  declaration,
  isProblem,
  Row,
  type Row as SampleRow,
  sample,
  toExecution,
} from "./SampleAdapter.js"
import { type Checks, recordedBy, run, settings, soundFolder, subjectOf } from "./SampleSubject.js"

const { list, get } = declaration
const withList = (changes: object) => make({ list: { ...list, ...changes } })
const withMapping = (map: (row: SampleRow) => object) =>
  make({
    list: { ...list, toExecution: (row: SampleRow) => ({ ...toExecution(row), ...map(row) }) },
    get: { ...get, toExecution: (row: SampleRow) => ({ ...toExecution(row), ...map(row) }) },
  })
// Deliberate faults need not have the right type.
const make = (changes: object): AdapterUnderTest => Adapter.make({ ...declaration, ...changes })

interface GivenKey {
  readonly config: { readonly apiKey: Redacted.Redacted }
}

const broken: ReadonlyArray<readonly [string, AdapterUnderTest, keyof Checks, RegExp]> = [
  [
    "takes seconds for milliseconds",
    withMapping((row) => ({ startedAt: row.started ? new Date(row.started) : null })),
    "plausibleTimes",
    /seconds taken for milliseconds/,
  ],
  [
    "gives the duration in seconds",
    withMapping((row) => ({ durationMs: row.ended ? row.ended - (row.started ?? 0) : null })),
    "plausibleTimes",
    /lasted 4 ms, but 4000 ms lie between/,
  ],
  [
    "maps an unknown status to succeeded",
    withMapping(({ state }) => ({
      status: state === "bad" ? "failed" : state === "going" ? "running" : "succeeded",
    })),
    "unknownStatus",
    /status succeeded/,
  ],
  [
    "maps a missing status to succeeded",
    withMapping(({ state }) => ({ providerStatus: state ?? "ok" })),
    "noDefaultSuccess",
    /has the status "succeeded"/,
  ],
  [
    "changes the provider's status word",
    withMapping(({ state }) => ({ providerStatus: state?.toUpperCase() ?? null })),
    "unknownStatus",
    /providerStatus/,
  ],
  [
    "drops items that it cannot read",
    withList({
      info: (page: { rows: ReadonlyArray<unknown> }) => ({
        items: page.rows.filter(Schema.is(Row)),
        more: false,
      }),
    }),
    "badItem",
    /returned/,
  ],
  [
    "reads the clock for a missing end",
    withMapping((row) => ({ finishedAt: row.ended ? new Date(row.ended * 1000) : new Date() })),
    "mappingPurity",
    /clock \d+ times/,
  ],
  [
    "reads random numbers",
    withMapping(() => ({ attributes: { trace: Math.random() } })),
    "mappingPurity",
    /random numbers/,
  ],
  [
    "sorts a list of the item in place",
    withMapping((row) => ({
      attributes: { tags: Reflect.apply(Array.prototype.sort, row.tags ?? [], []) },
    })),
    "mappingPurity",
    /changes the item at tags\b/,
  ],
  [
    "changes the item, and catches the error of it",
    withMapping((row) => {
      Reflect.set(row, "seen", true)
      return {}
    }),
    "mappingPurity",
    /changes the item at seen\b/,
  ],
  [
    "throws on a null",
    withMapping(({ tags }) => {
      if (tags === null) throw new TypeError("tags is null")
      return {}
    }),
    "missingFields",
    /throws/,
  ],
  [
    "gives an invalid Date",
    make({
      list: {
        ...list,
        item: Schema.Struct({ ...Row.fields, started: Wire.maybe(Schema.Unknown) }),
        toExecution: (row: SampleRow) => ({
          ...toExecution(row),
          startedAt: row.started ? new Date(row.started * 1000) : null,
        }),
      },
    }),
    "missingFields",
    /startedAt is not a valid time/,
  ],
  [
    "guesses the zone of a time",
    make({
      list: {
        ...list,
        item: Schema.Struct({ ...Row.fields, queuedAt: Schema.String }),
        toExecution: (row: SampleRow) => ({
          ...toExecution(row),
          startedAt: new Date(String(row.queuedAt)),
        }),
      },
    }),
    "zonelessTimes",
    /queuedAt/,
  ],
  [
    "counts the fields of an item",
    withMapping((row) => ({ usage: { totalSteps: Object.keys(row).length } })),
    "unknownFields",
    /with unknown fields .* usage\.totalSteps is 10 instead of 9/,
  ],
  [
    "returns a number as an id",
    withMapping((row) => ({ workflow: { id: row.logged } })),
    "outputSchema",
    /workflow/,
  ],
  [
    "returns a number that JSON does not keep",
    withMapping(() => ({ usage: { totalTokens: -0 } })),
    "jsonForm",
    /from JSON/,
  ],
  [
    "gives all executions the same id",
    withMapping(() => ({ id: "same" })),
    "walkOnce",
    /more than once/,
  ],
  [
    "uses the start as the listing time",
    withList({ time: { ...list.time, at: (row: SampleRow) => (row.started ?? 0) * 1000 } }),
    "walkOnce",
    /does not answer/,
  ],
  [
    "forgets the position of a walk between pages",
    withList({ request: forgetfulRequest() }),
    "cursorAfterPages",
    /does not answer|followed/,
  ],
  [
    "reports every error as Unavailable",
    make({ problem: () => ({ reason: "Unavailable" }) }),
    "httpErrors",
    /InvalidQuery/,
  ],
  [
    "throws on an error without a body",
    make({ problem: (_status: number, body: { message: string }) => ({ message: body.message }) }),
    "httpErrors",
    /null/,
  ],
  [
    "reads any response as an empty page",
    withList({
      page: Schema.Unknown,
      info: (page: { rows?: ReadonlyArray<unknown> } | null) => ({
        items: page?.rows ?? [],
        more: false,
      }),
    }),
    "brokenAnswers",
    /another shape/,
  ],
  [
    "adds a slash to the base URL",
    make({ baseUrl: (config: { baseUrl: string }) => `${config.baseUrl}/` }),
    "baseUrlSlash",
    /com\/\//,
  ],
  [
    "prints the key with the connection",
    make({
      baseUrl: (config: { apiKey: Redacted.Redacted; baseUrl: string }) =>
        `${config.baseUrl}/${Redacted.value(config.apiKey)}`,
    }),
    "secretSafety",
    /the connection/,
  ],
  [
    "shows the key in the plan",
    withList({
      filters: (config: { apiKey: Redacted.Redacted }) => ({
        ...list.filters(),
        actorId: Filter.provider((user) => ({ user, key: Redacted.value(config.apiKey) })),
      }),
    }),
    "secretSafety",
    /KEY/,
  ],
  [
    "shows the key in a getter of the connection",
    Object.assign(
      (given: never) =>
        Object.defineProperty(sample(given), "header", { get: () => sample(given).auth().headers }),
      sample,
    ),
    "secretSafety",
    /the connection/,
  ],
  [
    "returns the key in base64, after a user name",
    withList({
      toExecution: (row: SampleRow, { config }: GivenKey) => ({
        ...toExecution(row),
        attributes: { sent: `Basic ${btoa(`user:${Redacted.value(config.apiKey)}`)}` },
      }),
    }),
    "secretSafety",
    /given/,
  ],
  [
    "writes the key to stderr while it maps an item",
    withList({
      toExecution: (row: SampleRow, { config }: GivenKey) => {
        process.stderr.write(`reading with ${Redacted.value(config.apiKey)}\n`)
        return toExecution(row)
      },
    }),
    "secretSafety",
    /the console/,
  ],
  [
    "throws while it makes a request",
    withList({
      request: () => {
        throw new Error("no request")
      },
    }),
    "walkOnce",
    /could not be written/,
  ],
  [
    "cuts the provider's message in the middle of the key",
    make({
      problem: (_status: number, body: unknown) =>
        isProblem(body) ? { message: body.problem.slice(0, 100) } : {},
    }),
    "secretSafety",
    /repeats the key/,
  ],
  [
    "quotes a wrong setting in its error",
    make({
      settings: {
        ...declaration.settings,
        baseUrl: {
          ...declaration.settings.baseUrl,
          parse: (value: string) =>
            URL.canParse(value) ? { ok: true, value } : { ok: false, problem: `is ${value}` },
        },
      },
    }),
    "secretSafety",
    /wrong baseUrl/,
  ],
  [
    "throws on every item",
    withMapping(() => {
      throw new Error("no mapping")
    }),
    "mappingPurity",
    /throws/,
  ],
  [
    "returns another id from itemId than from toExecution",
    withList({ itemId: (row: SampleRow) => `${row.id}!` }),
    "itemIds",
    /itemId says/,
  ],
  [
    "forgets the position of a walk inside pages",
    withList({ request: forgetfulRequest() }),
    "cursorInsidePages",
    /does not answer|followed/,
  ],
  [
    "accepts any text as a key",
    make({
      settings: {
        ...declaration.settings,
        apiKey: {
          ...declaration.settings.apiKey,
          parse: (key: unknown) => ({ ok: true, value: Redacted.make(String(key)) }),
        },
      },
    }),
    "wrongSettings",
    /no error at all/,
  ],
  [
    "does not describe its key",
    make({ settings: { ...declaration.settings, apiKey: Setting.secret("") } }),
    "describedSettings",
    /apiKey/,
  ],
  [
    "drops the provider's error message",
    make({ problem: () => ({}) }),
    "recordedErrors",
    /no such row/,
  ],
  [
    "filters by a field that it never fills",
    withMapping(() => ({ workflow: {} })),
    "filterFields",
    /workflowId/,
  ],
]

describe("the contract suite, on a broken adapter", () => {
  it.each(broken)("fails an adapter that %s", async (_what, adapter, check, pattern) => {
    const subject = await subjectOf(adapter)
    await expect(run(check, subject)).rejects.toThrow(pattern)
  })

  it("fails an adapter that declares an inexact filter as exact", async () => {
    const adapter = withList({
      filters: () => ({
        ...list.filters(),
        status: Filter.words(["ok", "done", "bad"], ([word = ""]) => ({ state: word })),
      }),
    })
    const subject = await subjectOf(adapter, await recordedBy(adapter(settings as never)))
    await expect(run("filterEquivalence", subject)).rejects.toThrow(
      /succeeded\.json gave .* missing \["row-/,
    )
  })

  it("fails an adapter that sends a filter which the server ignores", async () => {
    const adapter = withList({
      filters: () => ({ ...list.filters(), workflowId: Filter.provider((flow) => ({ flow })) }),
    })
    const subject = await subjectOf(adapter, await recordedBy(adapter(settings as never)))
    await expect(run("noWarnings", subject)).rejects.toThrow(/workflowId excludes/)
  })

  it("fails an adapter whose get and list disagree", async () => {
    const adapter = make({
      get: { ...get, toExecution: (row: SampleRow) => ({ ...toExecution(row), finishedAt: null }) },
    })
    await expect(run("listAndGetAgree", await subjectOf(adapter))).rejects.toThrow(
      /as walk\.json does/,
    )
  })

  it("fails an adapter whose plan differs from its answer", async () => {
    const wavering = Object.assign((given: never) => {
      const connection = sample(given)
      let asked = 0
      const answer: typeof connection.list.answer = (query, filter) =>
        query.workflowId === "some-workflow" && asked++ % 2 === 0
          ? { by: "nobody", note: "no." }
          : connection.list.answer(query, filter)
      return { ...connection, list: { ...connection.list, answer } }
    }, sample)
    await expect(run("unsupported", await subjectOf(wavering))).rejects.toThrow(/explain/)
  })

  it("fails an adapter with an endpoint that no fixture shows", async () => {
    const fixtures = await loadFixtures(soundFolder)
    const without = fixtures.filter(({ name }) => name !== "get")
    const subject = makeSubject({ adapter: sample, fixtures: soundFolder }, without)
    await expect(run("endpointCoverage", subject)).rejects.toThrow(
      /No fixture shows GET \/rows\/{id}/,
    )
  })

  it("fails an adapter that cannot be loaded in a new process", async () => {
    const fixtures = await loadFixtures(soundFolder)
    const nowhere = new URL("./Nowhere.ts", import.meta.url)
    const subject = makeSubject(
      { adapter: sample, fixtures: soundFolder, module: nowhere },
      fixtures,
    )
    await expect(run("freshProcess", subject)).rejects.toThrow(/is it built/)
  })
})

/** Forgets, after a few requests, to pass on where the walk stands. */
function forgetfulRequest() {
  let requests = 0
  return ({ params }: { readonly params: object }) => {
    requests++
    return { method: "GET", path: "/rows", query: requests > 5 ? { page: 1, size: 4 } : params }
  }
}
