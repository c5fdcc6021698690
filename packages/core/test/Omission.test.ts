import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, Setting } from "../src/adapter.js"
import { createClient, type ExecutionStatus, type LogQuery } from "../src/index.js"

const rows = [
  { number: 3, state: "going" },
  { number: 2, state: "bad" },
  { number: 1, state: "ok" },
]

const omits = {
  statuses: ["queued", "running"],
  note: "it lists running executions only where nothing else is asked for.",
} as const

/** A provider that lists running executions only when filtered by that status. */
const connect = (declared: "words" | "here") =>
  Adapter.make({
    id: "sample",
    title: "Sample",
    settings: {
      apiKey: Setting.secret("The key"),
      baseUrl: Setting.ownUrl("Address of the API", { example: "https://own.example/api" }),
    },
    baseUrl: (config) => config.baseUrl,
    auth: (config) => Auth.bearer(config.apiKey),
    statuses: { going: "running", ok: "succeeded", bad: "failed", new: "queued" },
    list: {
      route: "GET /rows",
      pagination: Pagination.cursor({ cursor: "cursor", size: "size", keyset: true }),
      maxPageSize: 50,
      time: { at: (row) => row.number, isSequence: true, walk: "pages" },
      filters: () => ({
        status:
          declared === "here"
            ? Filter.here
            : Filter.words(["going", "ok", "bad"], ([word = "", ...more]) =>
                more.length === 0 ? { state: word } : null,
              ),
      }),
      omits,
      request: ({ params }) => ({ method: "GET", path: "/rows", query: params }),
      page: Schema.Struct({ rows: Schema.Array(Schema.Unknown) }),
      info: (page) => ({ items: page.rows, more: false }),
      item: Schema.Struct({ number: Schema.Finite, state: Schema.String }),
      itemId: (row) => String(row.number),
      toExecution: (row) => ({
        id: String(row.number),
        providerStatus: row.state,
        startedAt: null,
        finishedAt: null,
      }),
    },
  })({ apiKey: "canary-omits-1", baseUrl: "https://sample.example/api" })

const clientOf = (declared: "words" | "here", knowsState = true) => {
  const asked: Array<string> = []
  const client = createClient(connect(declared), {
    fetch: async (input) => {
      asked.push(String(input))
      const state = knowsState ? new URL(String(input)).searchParams.get("state") : null
      return Response.json({
        rows: rows.filter((row) => (state === null ? row.state !== "going" : row.state === state)),
      })
    },
  })
  const statuses = async (query: LogQuery) =>
    (await client.page(query)).executions.map(({ status }) => status)
  return { client, asked, statuses }
}

describe("a list that omits running executions unless they are requested", () => {
  it("notes the omission in the plan of a query without a status, and of no other", () => {
    const { client } = clientOf("words")
    expect(client.explain({}).notes).toContainEqual({
      code: "omits_statuses",
      text: "GET /rows omits queued, running executions: it lists running executions only where nothing else is asked for.",
    })
    for (const status of ["failed", "running"] as const) {
      expect(client.explain({ status: [status] }).notes.map(({ code }) => code)).not.toContain(
        "omits_statuses",
      )
    }
    expect(client.explain({}).omits).toEqual(["queued", "running"])
    expect(client.explain({ status: ["failed"] }).omits).toEqual([])
  })

  it("returns running executions when the provider can filter by that status", async () => {
    const { statuses } = clientOf("words")
    expect(await statuses({})).toEqual(["failed", "succeeded"])
    expect(await statuses({ status: ["running"] })).toEqual(["running"])
  })

  it("filters in execlog when the list contains the requested statuses", async () => {
    const { statuses } = clientOf("words")
    expect(await statuses({ status: ["failed", "canceled"] })).toEqual(["failed"])
  })

  it.each<["words" | "here", ReadonlyArray<ExecutionStatus>]>([
    ["words", ["queued"]],
    ["words", ["failed", "running"]],
    ["words", ["running", "unknown"]],
    ["here", ["running"]],
  ])(
    "fails with Unsupported rather than omit executions, with the filter %s for %j",
    async (declared, status) => {
      const { client, asked } = clientOf(declared)
      await expect(client.page({ status })).rejects.toMatchObject({
        reason: "Unsupported",
        message: `Sample cannot filter by status: ${omits.note}`,
      })
      expect(asked).toEqual([])
    },
  )

  it.each<[ReadonlyArray<ExecutionStatus>, string]>([
    [["failed", "running", "canceled"], "The list returns only canceled, failed."],
    [["queued"], "Leave it out; explain() shows what is supported."],
  ])("says which of the statuses %j can be requested", async (status, hint) => {
    await expect(clientOf("words").client.page({ status })).rejects.toMatchObject({
      subject: { kind: "query", name: "status" },
      hint: { text: hint },
    })
  })

  it("warns that executions may be missing when the server ignores the requested status", async () => {
    const { client } = clientOf("words", false)
    const page = await client.page({ status: ["running"] })
    expect(page.executions).toEqual([])
    expect(page.warnings).toContainEqual({
      code: "executions_omitted",
      subject: { kind: "query", name: "status" },
      about: ["GET /rows"],
      text: `Executions that match the query may be missing: ${omits.note}`,
    })
    const other = await client.page({ status: ["failed"] })
    expect(other.warnings).toHaveLength(1)
  })
})

describe("a setting for the address of one's own server", () => {
  const make = (baseUrl: unknown) => {
    const adapter = Adapter.make({
      id: "own",
      title: "Own",
      settings: { baseUrl: Setting.ownUrl("Address", { example: "https://own.example/api" }) },
      baseUrl: (config) => config.baseUrl,
      auth: () => ({ headers: {} }),
      statuses: {},
      list: {
        route: "GET /rows",
        pagination: Pagination.single(),
        maxPageSize: 1,
        time: { at: () => 0, isSequence: true, walk: "pages" },
        filters: () => ({}),
        request: () => ({ method: "GET", path: "/rows" }),
        page: Schema.Unknown,
        info: () => ({ items: [] }),
        item: Schema.Unknown,
        itemId: () => "",
        toExecution: () => ({ id: "", providerStatus: null, startedAt: null, finishedAt: null }),
      },
    })
    // Plain JavaScript may pass anything.
    return { adapter, connection: () => adapter({ baseUrl } as never) }
  }

  it("requires the address, and has no default", () => {
    const { adapter, connection } = make(undefined)
    expect(adapter.settings).toMatchObject([{ kind: "url", required: true, default: null }])
    expect(connection).toThrow('The setting "baseUrl" of own is missing.')
  })

  it("checks the address, and shows an example when it is not a URL", () => {
    expect(make("own").connection).toThrow(
      /is not a URL\. Write the full URL, such as https:\/\/own/,
    )
    expect(make("https://a.example/api/").connection().baseUrl).toBe("https://a.example/api")
  })
})
