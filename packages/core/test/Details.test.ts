import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, Setting, Wire } from "../src/adapter.js"
import { type Warning, createClient } from "../src/index.js"

const Row = Schema.Struct({
  id: Wire.id,
  state: Schema.String,
  why: Wire.maybe(Schema.String),
  name: Wire.maybe(Schema.String),
})
const toExecution = (row: typeof Row.Type) => ({
  id: row.id,
  providerStatus: row.state,
  workflow: { name: row.name ?? null },
  startedAt: new Date(1e12),
  finishedAt: row.state === "going" ? null : new Date(1e12 + 1),
  error: row.why ? { message: row.why } : null,
})

const declaration = {
  id: "sample",
  title: "Sample",
  settings: { apiKey: Setting.secret("The key") },
  baseUrl: () => "https://sample.example/api",
  statuses: { ok: "succeeded", bad: "failed", late: "timed_out", going: "running" },
  auth: () => Auth.none,
  list: {
    route: "GET /rows",
    pagination: Pagination.offset({ offset: "skip", size: "size" }),
    maxPageSize: 4,
    time: { at: ({ id }: typeof Row.Type) => 1e12 - 1000 * Number(id), walk: "pages" as const },
    filters: () => ({ status: Filter.here }),
    page: Schema.Array(Schema.Unknown),
    info: (items: ReadonlyArray<unknown>) => ({ items }),
    item: Row,
    itemId: (row: typeof Row.Type) => row.id,
    toExecution,
    request: ({ params }: { readonly params: object }) => ({
      method: "GET" as const,
      path: "/rows",
      query: { ...params },
    }),
  },
} as const

const whole = Adapter.make({
  ...declaration,
  get: {
    route: "GET /rows/{id}",
    request: ({ id }) => ({ method: "GET", path: `/rows/${id}` }),
    item: Row,
    toExecution,
  },
})
const listOnly = Adapter.make(declaration)

/** A server whose list has no names, and rarely the reason of a failure. */
const server = (hidden: ReadonlyArray<string> = []) => {
  const asked: Array<string> = []
  const rows = [
    { id: "1", state: "ok" },
    { id: "2", state: "bad" },
    { id: "3", state: "late" },
    { id: "4", state: "bad", why: "it is told already" },
    { id: "5", state: "going" },
    { id: "6", state: "bad" },
  ]
  const fetch: typeof globalThis.fetch = async (input) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const row = rows.find(({ id }) => url.pathname.endsWith(`/${id}`))
    if (row === undefined) {
      const skip = Number(url.searchParams.get("skip") ?? 0)
      return Response.json(rows.slice(skip, skip + Number(url.searchParams.get("size"))))
    }
    asked.push(row.id)
    return hidden.includes(row.id)
      ? Response.json({}, { status: 404 })
      : Response.json({
          why: row.state === "ok" ? null : `because of ${row.id}`,
          ...row,
          name: "Refunds",
        })
  }
  return { fetch, asked }
}

const apiKey = "canary-sample-1"

const read = async (
  adapter: typeof whole,
  { fetch }: ReturnType<typeof server>,
  options: NonNullable<Parameters<ReturnType<typeof createClient>["executions"]>[1]>,
) => {
  const warnings: Array<string> = []
  const found = []
  const onWarning = ({ text }: Warning) => void warnings.push(text)
  for await (const one of createClient(adapter({ apiKey }), { fetch }).executions(
    {},
    { ...options, onWarning },
  )) {
    found.push(one)
  }
  return { found, warnings }
}

describe("the option details", () => {
  it("reads the details of failed executions for which the list gives no reason", async () => {
    const sample = server()
    const { found, warnings } = await read(whole, sample, { details: "failed" })
    expect(
      found.map(({ id, error, workflow }) => [id, error?.message ?? null, workflow.name]),
    ).toEqual([
      ["1", null, null],
      ["2", "because of 2", "Refunds"],
      ["3", "because of 3", "Refunds"],
      ["4", "it is told already", null],
      ["5", null, null],
      ["6", "because of 6", "Refunds"],
    ])
    expect(sample.asked.toSorted()).toEqual(["2", "3", "6"])
    expect(warnings).toEqual([])
  })

  it("reads the details of all that ended, or of nothing, as the option says", async () => {
    const all = server()
    await read(whole, all, { details: "all" })
    expect(all.asked.toSorted()).toEqual(["1", "2", "3", "4", "6"])
    const none = server()
    await read(whole, none, {})
    expect(none.asked).toEqual([])
    const limited = server()
    await read(whole, limited, { details: "failed", limit: 2 })
    expect(limited.asked).toEqual(["2"])
  })

  it("leaves raw as the list sent it", async () => {
    const client = createClient(whole({ apiKey }), { fetch: server().fetch })
    const asked = client.executions({ include: ["raw"] }, { details: "all" })
    for await (const { raw, workflow } of asked) {
      expect(raw).not.toHaveProperty("name")
      if (workflow.name !== null) return
    }
    throw new Error("None was completed")
  })

  it("returns the page, with one warning, when details cannot be read", async () => {
    const { found, warnings } = await read(whole, server(["2", "3"]), { details: "failed" })
    expect(found).toHaveLength(6)
    expect(found[1]).toMatchObject({ id: "2", status: "failed", error: null })
    expect(found[5]).toMatchObject({ error: { message: "because of 6" } })
    expect(warnings).toEqual([
      expect.stringMatching(/^The details of 2 executions, such as 2, could not be read: /),
    ])
  })

  it("reads no details when the provider has no endpoint for one execution, and says so in the plan", async () => {
    const sample = server()
    const { found, warnings } = await read(listOnly, sample, { details: "failed" })
    expect(found).toHaveLength(6)
    expect(warnings).toEqual([])
    expect(createClient(listOnly({ apiKey })).explain().notes).toContainEqual({
      code: "no_get",
      text: "Sample has no endpoint for a single execution: the list contains everything that is known about a failure.",
    })
  })
})
