import { expect, it } from "vitest"
import { createClient } from "../src/index.js"
import { Adapter, Auth, Filter, Pagination, Setting } from "../src/adapter.js"
import * as Schema from "effect/Schema"

const guarded = Adapter.make({
  id: "guarded",
  title: "Guarded",
  settings: { apiKey: Setting.optionalSecret("user:password") },
  baseUrl: () => "http://127.0.0.1:9",
  auth: ({ apiKey }) => (apiKey === null ? Auth.none : Auth.basic(apiKey)),
  statuses: {},
  list: {
    route: "GET /rows",
    pagination: Pagination.single(),
    maxPageSize: 10,
    time: { at: () => 1, walk: "pages" },
    filters: () => ({ status: Filter.here }),
    request: () => ({ method: "GET", path: "/rows" }),
    page: Schema.Array(Schema.Unknown),
    info: (page) => ({ items: page }),
    item: Schema.Struct({}),
    itemId: () => "id",
    toExecution: () => ({ id: "id", providerStatus: null, startedAt: null, finishedAt: null }),
  },
})

const answering =
  (message: string, seen: Array<string | null>): typeof globalThis.fetch =>
  async (_, init) => {
    seen.push(new Headers(init?.headers).get("authorization"))
    return Response.json({ message }, { status: 403 })
  }

it("Basic authorization holds user and password, and the password alone is kept out of errors", async () => {
  const seen: Array<string | null> = []
  const connection = guarded({ apiKey: "user:canary-pass" })
  const client = createClient(connection, { fetch: answering("not canary-pass, please", seen) })
  const error = await client.page().catch((cause: unknown) => cause)
  expect(seen).toEqual([`Basic ${btoa("user:canary-pass")}`])
  expect(error).toMatchObject({ providerMessage: "not <redacted>, please" })
})

it("a server that is open to all is asked without authorization", async () => {
  const seen: Array<string | null> = []
  await createClient(guarded({}), { fetch: answering("no", seen) })
    .page()
    .catch(() => {})
  expect(seen).toEqual([null])
})

it.each([
  [{ message: "Too many calls" }, "Too many calls"],
  [{ detail: "No such route" }, "No such route"],
  [{ error: { message: "Bad gateway" } }, "Bad gateway"],
  [{ error: "invalid_grant" }, "invalid_grant"],
  [{ something: "else" }, null],
  [["a list"], null],
])("the answer %j of a gateway is told in its own words", async (body, said) => {
  const client = createClient(guarded({}), {
    fetch: async () => Response.json(body, { status: 400 }),
  })
  await expect(client.page()).rejects.toMatchObject({ providerMessage: said })
})

it.each([
  () => ({ message: 42 as never }),
  () => {
    throw new TypeError("no such field")
  },
])("an adapter that fails on an error answer does not hide it", async (problem) => {
  const broken = { ...guarded({}), problem }
  const client = createClient(broken, { fetch: async () => Response.json({}, { status: 400 }) })
  await expect(client.page()).rejects.toMatchObject({
    reason: "InvalidQuery",
    providerMessage: null,
  })
})
