import * as Schema from "effect/Schema"
import { expect, it } from "vitest"
import { Adapter, Auth, Filter, Pagination, Setting } from "../src/adapter.js"
import { createClient } from "../src/index.js"

const guarded = Adapter.make({
  id: "guarded",
  title: "Guarded",
  settings: { apiKey: Setting.optionalSecret("user:password") },
  baseUrl: () => "http://127.0.0.1:9",
  auth: ({ apiKey }) => Auth.basicOrBearer(apiKey),
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

it("sends user and password as Basic authorization, and removes the password from errors", async () => {
  const seen: Array<string | null> = []
  const connection = guarded({ apiKey: "user:canary-pass" })
  const client = createClient(connection, { fetch: answering("not canary-pass, please", seen) })
  const error = await client.page().catch((cause: unknown) => cause)
  expect(seen).toEqual([`Basic ${btoa("user:canary-pass")}`])
  expect(error).toMatchObject({ providerMessage: "not <redacted>, please" })
})

it("sends a key without a colon as Bearer authorization", async () => {
  const seen: Array<string | null> = []
  const connection = guarded({ apiKey: "canary-key" })
  const client = createClient(connection, { fetch: answering("not canary-key, please", seen) })
  const error = await client.page().catch((cause: unknown) => cause)
  expect(seen).toEqual(["Bearer canary-key"])
  expect(error).toMatchObject({ providerMessage: "not <redacted>, please" })
})

it("sends no authorization to a server that needs none", async () => {
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
])("reports the message in the gateway's response %j", async (body, said) => {
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
])(
  "reports the original error when the adapter fails to read an error response",
  async (problem) => {
    const broken = { ...guarded({}), problem }
    const client = createClient(broken, { fetch: async () => Response.json({}, { status: 400 }) })
    await expect(client.page()).rejects.toMatchObject({
      reason: "InvalidQuery",
      providerMessage: null,
    })
  },
)
