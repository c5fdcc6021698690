import type { JsonObject } from "@execlog/core"
import { Adapter, Auth, Pagination, Wire } from "@execlog/core/adapter"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { loadFixtures, makeSubject } from "../src/index.js"
import type { AdapterUnderTest } from "../src/kit/Subject.js"
import { declaration, Row, type Row as SampleRow, toExecution } from "./SampleAdapter.js"
import { type Checks, recordedBy, run, settings, subjectOf } from "./SampleSubject.js"

const { list, get } = declaration
// Deliberate faults need not have the right type.
const make = (changes: object): AdapterUnderTest => Adapter.make({ ...declaration, ...changes })
const withList = (changes: object) => make({ list: { ...list, ...changes } })
const asking = (query: (params: JsonObject, config: Config) => JsonObject) =>
  withList({
    request: ({ params, config }: { readonly params: JsonObject; readonly config: Config }) => ({
      method: "GET",
      path: "/rows",
      query: query(params, config),
    }),
  })

interface Config {
  readonly apiKey: Redacted.Redacted
}

const remembering = () => {
  let first: JsonObject | null = null
  return asking(({ page = 1, size = 50, ...filters }) => {
    first ??= filters
    return { page, size, ...first }
  })
}

const counting = () => {
  let count = 0
  return withList({
    toExecution: (row: SampleRow) => ({ ...toExecution(row), attributes: { seen: count++ } }),
  })
}

const numbering = () => {
  let count = 0
  return withList({ itemId: (row: SampleRow) => `${row.id} ${count++}` })
}

const broken: ReadonlyArray<readonly [string, AdapterUnderTest, keyof Checks, RegExp]> = [
  [
    "counts its pages from 2",
    withList({ pagination: Pagination.pageNumber({ page: "page", size: "size", first: 2 }) }),
    "walkOnce",
    /does not answer the adapter's request: .*page=2.*[^]*page is 2 instead of 1/,
  ],
  [
    "ignores the page size that core asks for",
    asking((params) => ({ ...params, size: 50 })),
    "walkOnce",
    /walk\.json does not answer[^]*size is 50 instead of 4/,
  ],
  [
    "treats an inclusive bound as exclusive",
    withList({ time: { ...list.time, before: (until: number) => ({ until: until - 1000 }) } }),
    "walkOnce",
    /range\.json does not answer[^]*until is \d+ instead of \d+/,
  ],
  [
    "reuses the query of an earlier walk",
    remembering(),
    "cursorAfterPages",
    /does not answer|followed/,
  ],
  [
    "always reports another page",
    withList({
      info: (page: { readonly rows: ReadonlyArray<unknown> }) => ({ items: page.rows, more: true }),
    }),
    "walkOnce",
    /does not answer[^]*no further request: all exchanges are used/,
  ],
  [
    "swallows the last item of a page",
    withList({
      info: (page: { readonly rows: ReadonlyArray<unknown>; readonly more?: boolean }) => ({
        items: page.rows.length > 3 ? page.rows.slice(0, -1) : page.rows,
        more: page.more,
      }),
    }),
    "badItem",
    /got \d+ items and returned \d+/,
  ],
  ["returns an item of two pages twice", numbering(), "walkOnce", /more than once/],
  [
    "keeps state from earlier items",
    counting(),
    "mappingPurity",
    /the second time executions\[0\]\.attributes\.seen is/,
  ],
  [
    "returns another execution than get asked for",
    make({ get: { ...get, toExecution: (row: SampleRow) => ({ ...toExecution(row), id: "x" }) } }),
    "outputSchema",
    /asked for the execution row-6 and gave x/,
  ],
  [
    "ignores the zone of a time",
    withList({
      item: Schema.Struct({ ...Row.fields, queuedAt: Wire.isoTime }),
      toExecution: (row: SampleRow) => ({
        ...toExecution(row),
        startedAt: new Date(`${row.queuedAt?.slice(0, 19)}Z`),
      }),
    }),
    "zonedTimes",
    /queuedAt written as .*\+05:30 instead of/,
  ],
  [
    "sends the key in the URL",
    asking((params, { apiKey }) => ({ ...params, token: Redacted.value(apiKey) })),
    "sentKey",
    /list sends the key in the address: .*token=KEY/,
  ],
  [
    "returns a provider message that is not text",
    make({ problem: (_status: number, body: unknown) => ({ message: Object(body).message }) }),
    "httpErrors",
    /For a 400 with a message that is not text, problem returns the message 7/,
  ],
  [
    "sends no key",
    make({ auth: () => Auth.header("x-key", Redacted.make("canary-other-9876")) }),
    "sentKey",
    /The headers x-key of auth contain no setting/,
  ],
]

describe("the contract suite, on a broken walk", () => {
  it.each(broken)("fails an adapter that %s", async (_what, adapter, check, pattern) => {
    await expect(run(check, await subjectOf(adapter))).rejects.toThrow(pattern)
  })

  it("fails an adapter that moves its offset by the page size instead of the items received", async () => {
    const { at, tick, delay } = list.time
    const byOffset = {
      pagination: Pagination.offset({ offset: "offset", size: "size" }),
      time: { at, tick, delay, walk: "pages" },
    }
    const sound = withList(byOffset)
    const folder = await recordedBy(sound(settings as never))
    const walks = (await loadFixtures(folder)).filter(({ name }) => name === "walk")
    const walked = (adapter: AdapterUnderTest) =>
      run("walkOnce", makeSubject({ adapter, fixtures: folder }, walks))
    await expect(walked(sound)).resolves.toBeUndefined()
    const rounding = withList({
      ...byOffset,
      request: ({ params }: { readonly params: { offset: number; size: number } }) => ({
        method: "GET",
        path: "/rows",
        query: { ...params, offset: Math.ceil(params.offset / params.size) * params.size },
      }),
    })
    await expect(walked(rounding)).rejects.toThrow(
      /walk\.json does not answer[^]*offset is \d instead of \d/,
    )
  })

  it("fails an adapter that sets the lower time bound too high", async () => {
    const adapter = withList({
      time: { ...list.time, after: (since: number) => ({ since: since + 360_000 }) },
    })
    const subject = await subjectOf(adapter, await recordedBy(adapter(settings as never)))
    await expect(run("filterEquivalence", subject)).rejects.toThrow(
      /range\.json gave .* missing \["row-/,
    )
  })
})
