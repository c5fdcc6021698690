import { describe, expect, it } from "vitest"
import { type AdapterError, createClient, type LogQuery } from "../src/index.js"
import { fingerprint } from "../src/model/Fingerprint.js"
import { pagesByOffset, sampleFetch, shapes, windowsByNumber } from "./SampleProvider.js"

const rows = Array.from({ length: 20 }, (_, index) => ({
  id: `row-${index}`,
  at: 1_700_000_000_000 + index * 1000,
}))
const key = { apiKey: "canary-sample-1" }
const query: LogQuery = { pageSize: 5, status: ["succeeded", "failed"] }
const fetch = sampleFetch({ rows })

const shop = createClient(windowsByNumber(key), { name: "shop", fetch })

const cursorOf = async (): Promise<string> => {
  const { next } = await shop.page(query)
  if (next === null) throw new Error("the first page was expected to have a next")
  return next
}

const rejection = async (page: Promise<unknown>): Promise<AdapterError> =>
  page.then(
    () => Promise.reject(new Error("the cursor was expected to be rejected")),
    (error: AdapterError) => error,
  )

describe("a cursor", () => {
  it("contains only characters that a URL takes unescaped", async () => {
    expect(await cursorOf()).toMatch(/^[\w.-]+$/)
  })

  it("resumes in another client with the same settings", async () => {
    const again = createClient(windowsByNumber(key), { name: "shop", fetch })
    const page = await again.page(query, await cursorOf())
    expect(page.executions.map(({ id }) => id)).toEqual(["row-14", "row-13", "row-12", "row-11"])
  })

  it("resumes after the key was rotated", async () => {
    const rotated = createClient(windowsByNumber({ apiKey: "canary-sample-2" }), {
      name: "shop",
      fetch,
    })
    await expect(rotated.page(query, await cursorOf())).resolves.toBeDefined()
  })

  it("resumes when a filter is written in another way with the same meaning", async () => {
    const { next } = await shop.page({ ...query, since: "1970-01-01" })
    const same: LogQuery = {
      since: new Date(0),
      status: ["failed", "succeeded", "failed"],
      pageSize: 5,
      order: "newest",
    }
    await expect(shop.page(same, next)).resolves.toBeDefined()
  })

  it.each([
    ["another connection", "shop-2", {}, query, "other_connection"],
    ["another server", "shop", { baseUrl: "https://other.example/api" }, query, "other_server"],
    ["another filter", "shop", {}, { ...query, workflowId: "a" }, "other_query"],
    ["another page size", "shop", {}, { ...query, pageSize: 6 }, "other_query"],
    ["another include", "shop", {}, { ...query, include: ["raw"] as const }, "other_query"],
  ])("rejects a cursor of %s, and says so", async (_, name, settings, other, cursorFault) => {
    const client = createClient(windowsByNumber({ ...key, ...settings }), { name, fetch })
    const error = await rejection(client.page(other, await cursorOf()))
    expect(error).toMatchObject({ reason: "InvalidQuery", cursorFault })
  })

  it("rejects a cursor of another provider, and names both providers", async () => {
    const cursor = await cursorOf()
    const [, body = ""] = cursor.split(".")
    expect(atob(body)).toContain('"provider":"sample"')
    const other = createClient(
      { ...pagesByOffset(key), provider: "other" },
      { name: "shop", fetch },
    )
    const error = await rejection(other.page(query, cursor))
    expect(error.cursorFault).toBe("other_provider")
    expect(error.message).toContain("belongs to sample, and this connection to other")
  })

  it("rejects a cursor that was altered at any character", async () => {
    const cursor = await cursorOf()
    for (let place = 0; place < cursor.length; place++) {
      const letter = cursor[place] === "A" ? "B" : "A"
      const altered = cursor.slice(0, place) + letter + cursor.slice(place + 1)
      const error = await rejection(shop.page(query, altered))
      expect(error.reason).toBe("InvalidQuery")
    }
  })

  it.each([
    ["", "malformed"],
    ["x", "malformed"],
    ["1..", "altered"],
    ["next", "malformed"],
    ["1.e30.AAAAAAAAAAA", "altered"],
    ["2.e30.AAAAAAAAAAA", "other_version"],
    ["log1.e30.AAAAAAAAAAA", "other_kind"],
  ])("rejects %j, which is not a cursor, as %s", async (text, cursorFault) => {
    const error = await rejection(shop.page(query, text))
    expect(error.reason).toBe("InvalidQuery")
    expect(error.message).toMatch(/^The cursor /)
    expect(error).toMatchObject({
      cursorFault,
      subject: { kind: "option", name: "cursor" },
      hint: { code: "start_over" },
    })
  })

  it.each<{ readonly position?: object; readonly paging?: object }>([
    ...[9e15, -9e15, 8.65e15, 1e300].flatMap((time) => [
      { position: { key: { at: time, ids: [] } } },
      { position: { givenAt: time } },
      { position: { rereadFrom: time } },
      { paging: { window: { edge: time } } },
    ]),
    ...["place", "rowsRead", "size", "mostGiven", "leastGiven", "longestPage"].flatMap((name) =>
      [-1, 0.5, 2 ** 53, 1e15, 1e300].map((value) => ({ paging: { [name]: value } })),
    ),
    { position: { partlyRead: [["a", 1e300]] } },
  ])("rejects a forged cursor with %j out of range", async ({ position, paging }) => {
    const [version, body = ""] = (await cursorOf()).split(".")
    const content: { readonly walk: { readonly position: object; readonly paging: object } } =
      JSON.parse(atob(body))
    const walk = {
      ...content.walk,
      position: { ...content.walk.position, ...position },
      paging: { ...content.walk.paging, ...paging },
    }
    const text = JSON.stringify({ ...content, walk })
    const written = btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
    const error = await rejection(shop.page(query, `${version}.${written}.${fingerprint(text)}`))
    expect(error.reason).toBe("InvalidQuery")
    expect(error.cursorFault).toBe("malformed")
  })

  it.each([
    ["pagesByOffset", "pagesByCursor"],
    ["pagesByCursor", "pagesByOffset"],
  ] as const)("resumes a cursor of %s when a newer adapter pages as %s", async (one, other) => {
    // More than the largest page holds.
    const many = Array.from({ length: 120 }, (_, index) => ({
      id: `row-${index}`,
      at: 1e12 + index,
    }))
    const over = sampleFetch({ rows: many })
    const clientOf = (shape: keyof typeof shapes) =>
      createClient(shapes[shape](key), { name: "shop", fetch: over })
    const first = await clientOf(one).page({ pageSize: 5 })
    const ids = first.executions.map(({ id }) => id)
    const rest = clientOf(other).executions({ pageSize: 5 }, { cursor: first.next })
    for await (const { id } of rest) ids.push(id)
    expect(ids).toEqual(many.map(({ id }) => id).toReversed())
  })

  it("rejects a cursor that is not a text", async () => {
    const error = await rejection(shop.page(query, 5 as never))
    expect(error).toMatchObject({
      cursorFault: "malformed",
      message: "The cursor is malformed: it is not a text.",
    })
  })

  it.each([
    ["within its checksum", -4, "altered"],
    ["before its checksum", -20, "malformed"],
  ])("rejects a cursor that was cut off %s", async (_, end, cursorFault) => {
    const error = await rejection(shop.page(query, (await cursorOf()).slice(0, end)))
    expect(error.cursorFault).toBe(cursorFault)
  })

  it("contains neither the key nor an id in plain text", async () => {
    const [, body = ""] = (await cursorOf()).split(".")
    expect(atob(body)).not.toMatch(/sample-key|row-/)
  })
})

describe("client.server", () => {
  const serverOf = (settings: Parameters<typeof windowsByNumber>[0], name?: string) =>
    createClient(windowsByNumber(settings), { name, fetch }).server

  it("depends on the address and the settings, but not on the key or the connection's name", () => {
    const { server } = shop
    expect(server).toMatch(/^\S{8,}$/)
    expect(serverOf({ ...key, apiKey: "canary-sample-2" }, "other")).toBe(server)
    expect(serverOf({ ...key, baseUrl: "https://other.example/api" })).not.toBe(server)
  })

  it("contains neither the key nor the address", () => {
    expect(shop.server).not.toMatch(/canary|sample/)
  })
})
