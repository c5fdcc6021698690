import * as Schema from "effect/Schema"
import { describe, expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, Setting, Wire } from "../src/adapter.js"
import { createClient } from "../src/index.js"
import { failure } from "./Failure.js"

const Row = Schema.Struct({ id: Wire.id, at: Schema.Finite, inputs: Wire.maybe(Wire.json) })
const toExecution = (row: typeof Row.Type) => ({
  id: row.id,
  providerStatus: "ok",
  startedAt: new Date(row.at),
  finishedAt: new Date(row.at),
  inputs: row.inputs ?? null,
})

const declaration = {
  id: "sample",
  title: "Sample",
  settings: { apiKey: Setting.secret("The key") },
  baseUrl: () => "https://sample.example/api",
  statuses: { ok: "succeeded" },
  auth: () => Auth.none,
} as const

const list = {
  route: "GET /rows",
  pagination: Pagination.offset({ offset: "skip", size: "size" }),
  maxPageSize: 50,
  gives: ["inputs"] as const,
  time: { at: (row: typeof Row.Type) => row.at, walk: "pages" as const },
  filters: () => ({ status: Filter.here }),
  page: Schema.Array(Schema.Unknown),
  info: (items: ReadonlyArray<unknown>) => ({ items }),
  item: Row,
  itemId: (row: typeof Row.Type) => row.id,
  toExecution,
  request: ({ params }: { readonly params: Record<string, never> | object }) => ({
    method: "GET" as const,
    path: "/rows",
    query: { ...params },
  }),
}

const get = {
  route: "GET /rows/{id}",
  gives: ["inputs"] as const,
  request: ({ id }: { readonly id: string }) => ({ method: "GET" as const, path: `/rows/${id}` }),
  item: Row,
  toExecution,
}

const byIds = { most: 20, params: (ids: ReadonlyArray<string>) => ({ ids: ids.join(",") }) }
const bySets = Adapter.make({ ...declaration, list: { ...list, byIds }, get, reopens: true })
const oneByOne = Adapter.make({ ...declaration, list, get })
const neither = Adapter.make({ ...declaration, list })

/** A server with the rows 0 to 49, except the deleted ones. */
const server = ({
  mostIds = 50,
  mostRows = 50,
  ignoresIds = false,
  broken = [],
}: {
  readonly mostIds?: number
  readonly mostRows?: number
  readonly ignoresIds?: boolean
  readonly broken?: ReadonlyArray<string>
} = {}) => {
  const asked: Array<string> = []
  const deleted = ["7", "31"]
  const rows = Array.from({ length: 50 }, (_, index) => ({
    id: String(index),
    at: broken.includes(String(index)) ? "soon" : 1_000_000 + index,
    inputs: { index },
  })).filter(({ id }) => !deleted.includes(id))
  const fetch: typeof globalThis.fetch = async (input) => {
    const url = new URL(input instanceof Request ? input.url : input)
    asked.push(`${url.pathname}${url.search}`)
    const ids = url.searchParams.get("ids")?.split(",")
    if (ids === undefined) {
      const row = rows.find(({ id }) => url.pathname.endsWith(`/${id}`))
      return row === undefined ? Response.json({}, { status: 404 }) : Response.json(row)
    }
    if (ids.length > mostIds) return Response.json({ message: "too many ids" }, { status: 422 })
    const found = rows.filter(({ id }) => ignoresIds || ids.includes(id))
    return Response.json(found.slice(0, mostRows))
  }
  return { fetch, asked }
}

const apiKey = "canary-sample-1"
const some = Array.from({ length: 45 }, (_, index) => String(index))
const there = some.filter((id) => id !== "7" && id !== "31")

describe("client.getMany", () => {
  it.each([
    ["in few requests when the list takes ids", bySets, {}, 5],
    ["when the server returns fewer rows than the ids requested", bySets, { mostRows: 5 }, 12],
    ["when the server takes fewer ids per request", bySets, { mostIds: 6 }, 20],
    ["one by one when the list takes no ids", oneByOne, {}, 45],
    ["one by one when the server ignores the ids", bySets, { ignoresIds: true }, 48],
  ] as const)(
    "returns the executions, and the ids that are absent, %s",
    async (_, adapter, how, most) => {
      const { fetch, asked } = server(how)
      const got = await createClient(adapter({ apiKey }), { fetch }).getMany([...some, "7"])
      expect(got.executions.map(({ id }) => id).toSorted()).toEqual(there.toSorted())
      expect([...got.absent].toSorted()).toEqual(["31", "7"])
      expect(got.failures).toEqual([])
      expect(got.executions.some(({ inputs }) => inputs !== undefined)).toBe(false)
      expect(asked.length).toBeLessThanOrEqual(most)
    },
  )

  it("returns the included parts in whichever way executions are requested", async () => {
    for (const adapter of [bySets, oneByOne]) {
      const client = createClient(adapter({ apiKey }), { fetch: server().fetch })
      const { executions } = await client.getMany(["3"], { include: ["inputs"] })
      expect(executions).toMatchObject([{ id: "3", inputs: { index: 3 } }])
    }
  })

  it("shares maxBodyBytes among parallel requests, and repeats alone what exceeds its share", async () => {
    const sizes: { readonly [id: string]: number } = {
      "1": 10,
      "2": 300_000,
      "3": 900_000,
      "4": 700_000,
    }
    const asked: Array<string> = []
    const fetch: typeof globalThis.fetch = async (input) => {
      const url = input instanceof Request ? input.url : String(input)
      const id = url.split("/").at(-1) ?? ""
      asked.push(id)
      return Response.json({ id, at: 1, inputs: "x".repeat(sizes[id] ?? 0) })
    }
    const transport = { maxBodyBytes: 800_000, retries: 0 }
    const client = createClient(oneByOne({ apiKey }), { fetch, transport })
    const got = await client.getMany(["1", "2", "3", "4"])
    expect(got.executions.map(({ id }) => id).toSorted()).toEqual(["1", "2", "4"])
    expect(got.failures).toMatchObject([{ id: "3", error: { reason: "TooLarge" } }])
    expect(asked.toSorted()).toEqual(["1", "2", "2", "3", "3", "4", "4"])
  })

  it("fails only the executions that cannot be read", async () => {
    for (const adapter of [bySets, oneByOne]) {
      const { fetch } = server({ broken: ["3"] })
      const got = await createClient(adapter({ apiKey }), { fetch }).getMany(["2", "3", "7"])
      expect(got.executions.map(({ id }) => id)).toEqual(["2"])
      expect(got.absent).toEqual(["7"])
      expect(got.failures).toMatchObject([{ id: "3", error: { reason: "Decode" } }])
    }
  })

  it.each([
    ["one by one", oneByOne, [3, 1]],
    ["by their ids in the list", bySets, [3, 2]],
  ] as const)(
    "stops requesting %s when everything requested so far failed",
    async (_, adapter, [asks, others]) => {
      for (const answer of [
        () => new Response("down", { status: 503 }),
        () => {
          throw new TypeError("fetch failed")
        },
      ]) {
        const asked: Array<string> = []
        const fetch: typeof globalThis.fetch = async (input) => {
          asked.push(input instanceof Request ? input.url : String(input))
          return answer()
        }
        const got = await createClient(adapter({ apiKey }), {
          fetch,
          transport: { retries: 0 },
        }).getMany(some)
        expect(asked.length).toBeLessThan(asks + others)
        expect(got.failures).toHaveLength(asks)
        expect(got.unasked).toHaveLength(some.length - asks)
      }
    },
  )

  it("fails only the executions on which the server fails every time", async () => {
    for (const adapter of [bySets, oneByOne]) {
      const { fetch: sound } = server()
      const fetch: typeof globalThis.fetch = async (input, init) => {
        const { searchParams, pathname } = new URL(input instanceof Request ? input.url : input)
        const ids = searchParams.get("ids")?.split(",") ?? [pathname.split("/").at(-1)]
        return ids.some((id) => id === "0" || id === "1" || id === "5")
          ? new Response("it broke", { status: 500 })
          : sound(input, init)
      }
      const client = createClient(adapter({ apiKey }), { fetch, transport: { retries: 0 } })
      const got = await client.getMany(some)
      expect(got.failures.map(({ id }) => id).toSorted()).toEqual(["0", "1", "5"])
      expect(got.executions).toHaveLength(there.length - 3)
      expect(got.unasked).toEqual([])
    }
  })

  it("returns nothing for no ids, and fails with Unsupported when no endpoint gives executions by their id", async () => {
    const { fetch, asked } = server()
    const nothing = { executions: [], absent: [], failures: [], unasked: [] }
    expect(await createClient(bySets({ apiKey }), { fetch }).getMany([])).toEqual(nothing)
    expect(asked).toEqual([])
    const error = await failure(createClient(neither({ apiKey }), { fetch }).getMany(["1"]))
    expect(error.reason).toBe("Unsupported")
  })

  it("takes client.reopens from the adapter", () => {
    expect(createClient(bySets({ apiKey })).reopens).toBe(true)
    expect(createClient(oneByOne({ apiKey })).reopens).toBe(false)
  })
})
