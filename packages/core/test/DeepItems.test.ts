import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, parseJson, Wire } from "../src/adapter.js"
import { createClient, type Json, redactPaths } from "../src/index.js"
import { failure } from "./Failure.js"

const Row = Schema.Struct({ id: Wire.id, at: Schema.Finite, in: Wire.maybe(Wire.json) })
type Row = typeof Row.Type

const toExecution = ({ id, at, in: inputs }: Row) => ({
  id,
  providerStatus: "ok",
  startedAt: new Date(at),
  finishedAt: new Date(at),
  // Some providers send JSON inside a text.
  inputs: typeof inputs === "string" ? parseJson(inputs) : inputs,
})

const connection = Adapter.make({
  id: "deep",
  title: "Deep",
  settings: {},
  baseUrl: () => "http://127.0.0.1:9/api",
  auth: () => Auth.none,
  statuses: { ok: "succeeded" },
  list: {
    route: "GET /rows",
    pagination: Pagination.single(),
    maxPageSize: 50,
    gives: ["inputs"],
    time: { at: (row) => row.at, walk: "pages" },
    filters: () => ({ status: Filter.here }),
    request: ({ params }) => ({ method: "GET", path: "/rows", query: params }),
    page: Schema.Array(Schema.Unknown),
    info: (page) => ({ items: page }),
    item: Row,
    itemId: ({ id }) => id,
    toExecution,
  },
  get: {
    route: "GET /rows/{id}",
    gives: ["inputs"],
    request: ({ id }) => ({ method: "GET", path: `/rows/${id}` }),
    item: Row,
    toExecution,
  },
})({})

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`
const rowText = (id: string, inputs: string) => `{"id":"${id}","at":1000,"in":${inputs}}`
const listing = (...rows: ReadonlyArray<string>) => masked(rows)
const masked = (rows: ReadonlyArray<string>, ...paths: ReadonlyArray<string>) =>
  createClient(connection, {
    ...(paths.length === 0 ? {} : { redact: redactPaths(...paths) }),
    fetch: async (input) =>
      new Response(String(input).endsWith("/rows") ? `[${rows.join()}]` : (rows[0] ?? null)),
  })
const parts = { include: ["inputs", "raw"] } as const

describe("an item nested thousands of levels deep", () => {
  it.each([1000, 5000, 100_000])(
    "rejects only the item of %d levels, and keeps its outermost fields",
    async (levels) => {
      const deep = `{"id":"deep","at":1000,"in":${nested(levels)},"key":"canary"}`
      const rows = [rowText("one", "[1]"), deep, rowText("two", "[2]")]
      const client = masked(rows, "inputs.secret", "raw.key")
      const page = await client.page(parts)
      expect(page.executions.map(({ id }) => id)).toEqual(["one", "two"])
      expect(page.rejected).toEqual([
        {
          provider: "deep",
          connection: null,
          id: "deep",
          index: 1,
          isJoined: false,
          cause: "item",
          issues: [],
          reason: "it is nested deeper than 1000 levels",
          raw: {
            id: "deep",
            at: 1000,
            in: "<it is nested deeper than 1000 levels>",
            key: "<redacted>",
          },
          places: [],
        },
      ])
      const [again] = await client.reread(page.rejected.map(({ raw }) => raw))
      expect(again).toEqual({ ok: false, reason: "it is nested deeper than 1000 levels" })
    },
  )

  it("rejects an item when a JSON text inside it is nested too deep", async () => {
    const client = listing(rowText("one", "[1]"), rowText("deep", JSON.stringify(nested(5000))))
    const page = await client.page(parts)
    expect(page.executions.map(({ id }) => id)).toEqual(["one"])
    expect(page.rejected[0]?.reason).toContain("nested deeper than 1000 levels")
  })

  it("fails get with Decode when the item is nested too deep", async () => {
    const error = await failure(listing(rowText("deep", nested(5000))).get("deep"))
    expect(error.reason).toBe("Decode")
    expect(error.message).toContain("nested deeper than 1000 levels")
  })

  it("returns an item nested 999 levels deep, which can be written as JSON", async () => {
    const client = listing(rowText("one", nested(999)))
    const { executions } = await client.page({ include: ["inputs"] })
    expect(JSON.stringify(executions[0]?.inputs)).toBe(nested(999))
  })
})

describe("an item with an id of more than 1024 characters", () => {
  it("rejects only the item, without its id, when the id is too long", async () => {
    const id = "x".repeat(200_000)
    const page = await listing(rowText("one", "[1]"), rowText(id, "[2]")).page()
    expect(page.executions.map((execution) => execution.id)).toEqual(["one"])
    const [rejected] = page.rejected
    expect(rejected?.id).toBeNull()
    expect(rejected?.reason).toBe("its id has 200000 characters; the limit is 1024")
    const raw: Json | undefined = rejected?.raw
    expect(raw).toMatchObject({ id })
  })
})
