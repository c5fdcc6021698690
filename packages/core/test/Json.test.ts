import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, parseJson, Setting, Wire } from "../src/adapter.js"
import { createClient } from "../src/index.js"

describe("an integer beyond 2^53", () => {
  it.each([
    ["9007199254740993", "9007199254740993"],
    ["-9007199254740993", "-9007199254740993"],
    ["9007199254740992", "9007199254740992"],
    ["1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890"],
    [" 9007199254740993\n", "9007199254740993"],
    ["[9007199254740993,1]", ["9007199254740993", 1]],
    ["[1,\t-9007199254740993]", [1, "-9007199254740993"]],
    ['{"a" : 9007199254740993 , "b":0}', { a: "9007199254740993", b: 0 }],
    [
      String.raw`{"a\\":9007199254740993,"\\\"":[":9007199254740993",9007199254740993]}`,
      { "a\\": "9007199254740993", '\\"': [":9007199254740993", "9007199254740993"] },
    ],
  ])("returns the digits of an integer beyond 2^53 as a text in %s", (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })

  it("returns the digits of an integer as a text however many there are", () => {
    const digits = "9".repeat(400)
    expect(parseJson(`[${digits}]`)).toEqual([digits])
  })

  it("reads large integers in JSON of any depth and length", () => {
    const depth = 100_000
    const deep = `${"[".repeat(depth)}9007199254740993${"]".repeat(depth)}`
    expect(parseJson(deep)).toBeDefined()
    const escapes = JSON.stringify('\\"'.repeat(1_000_000))
    expect(parseJson(`[${escapes},9007199254740993]`)).toEqual([
      '\\"'.repeat(1_000_000),
      "9007199254740993",
    ])
  })
})

describe("other JSON", () => {
  it.each([
    "9007199254740991",
    "-9007199254740991",
    "[1234567890123456,0]",
    "[0.1234567890123456789,1234567890123456789.5,-12345678901234567890.25]",
    "[1e400,1234567890123456789e3,1234567890123456789E-3,1e-1234567890123456]",
    '["9007199254740993",": 9007199254740993","\\"9007199254740993",9]',
    '{"9007199254740993":1,"a":[": 9007199254740993"]}',
    '{"a":"[9007199254740993]"}',
  ])("parses like JSON.parse: %s", (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  it.each([
    "",
    "9007199254740993,",
    "09007199254740993",
    "[09007199254740993]",
    "[+9007199254740993]",
    "[--9007199254740993]",
    "[9007199254740993x]",
    "[.9007199254740993]",
    "[9007199254740993.]",
    "[1 9007199254740993]",
    "{9007199254740993:1}",
    "{9007199254740993 : 1}",
    '{"a":9007199254740993',
    '["9007199254740993, 9007199254740993]',
    String.raw`["a\", 9007199254740993]`,
  ])("returns undefined for broken JSON: %s", (text) => {
    expect(parseJson(text)).toBeUndefined()
  })

  it("rejects long broken JSON in time proportional to its length", () => {
    for (const piece of ['"', String.raw`\"`, "9007199254740993 ", ":9", "[9007199254740993,"]) {
      expect(parseJson(`[9007199254740993,"${piece.repeat(200_000)}`)).toBeUndefined()
    }
  })
})

const numbered = Adapter.make({
  id: "numbered",
  title: "Numbered",
  settings: { baseUrl: Setting.url("Where it is", { default: "https://numbered.example" }) },
  baseUrl: ({ baseUrl }) => baseUrl,
  auth: () => Auth.none,
  statuses: { ok: "succeeded" },
  list: {
    route: "GET /rows",
    pagination: Pagination.single(),
    maxPageSize: 10,
    time: { at: () => 1e12, walk: "pages" },
    filters: () => ({ status: Filter.here }),
    request: () => ({ method: "GET", path: "/rows" }),
    page: Schema.Array(Schema.Unknown),
    info: (page) => ({ items: page }),
    item: Schema.Struct({ id: Wire.idOrNumber, inputs: Wire.json }),
    itemId: ({ id }) => String(id),
    toExecution: ({ id, inputs }) => ({
      id: String(id),
      providerStatus: "ok",
      startedAt: new Date(1e12),
      finishedAt: null,
      inputs,
      attributes: { inputs },
    }),
  },
  get: {
    route: "GET /rows/{id}",
    request: ({ id }) => ({ method: "GET", path: `/rows/${id}` }),
    item: Schema.Struct({ id: Wire.idOrNumber, inputs: Wire.json }),
    toExecution: ({ id, inputs }) => ({
      id: String(id),
      providerStatus: "ok",
      startedAt: new Date(1e12),
      finishedAt: null,
      inputs,
    }),
  },
})

describe("a provider with numbers beyond 2^53", () => {
  const row =
    '{"id":9007199254740993,"inputs":{"order":[12345678901234567891],"rate":0.30000000000000004,"big":1e300}}'
  const asked: Array<string> = []
  const client = createClient(numbered({}), {
    fetch: async (input) => {
      const { pathname } = new URL(new Request(input).url)
      asked.push(pathname)
      return new Response(pathname === "/rows" ? `[${row}]` : row)
    },
  })
  const inputs = { order: ["12345678901234567891"], rate: 0.30000000000000004, big: 1e300 }

  it("lists executions with all the digits of their numbers", async () => {
    const { executions, rejected } = await client.page({ include: ["inputs", "raw"] })
    expect(rejected).toEqual([])
    expect(executions[0]).toMatchObject({
      id: "9007199254740993",
      inputs,
      attributes: { inputs },
      raw: { id: "9007199254740993", inputs },
    })
  })

  it("gets an execution by an id beyond 2^53 from the list", async () => {
    const [listed] = (await client.page()).executions
    const execution = await client.get(listed?.id ?? "", { include: ["raw"] })
    expect(asked.at(-1)).toBe("/rows/9007199254740993")
    expect(execution).toMatchObject({ id: "9007199254740993", inputs, raw: { inputs } })
  })
})
