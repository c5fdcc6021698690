import { createClient } from "@execlog/core"
import { startSimulator } from "@execlog/simulator"
import { describe, expect, it } from "vitest"
import { n8n } from "../src/index.js"
import { listPositionOf, resized } from "../src/request.js"

describe("a cursor of n8n", () => {
  const cursorOf = (content: unknown) => btoa(JSON.stringify(content))

  it("keeps its last id when its page size changes", () => {
    const cursor = resized(cursorOf({ lastId: "12", limit: 250 }), 100)
    expect(JSON.parse(atob(cursor))).toEqual({ lastId: "12", limit: 100 })
  })

  it.each([
    ["of the same page size", cursorOf({ limit: 100, lastId: "12" })],
    ["without a page size", cursorOf({ lastId: "12" })],
    ["whose page size is not a number", cursorOf({ lastId: "12", limit: "250" })],
    ["that is not an object", cursorOf(250)],
    ["that is not JSON", btoa("12")],
  ])("is sent as it is when it is one %s", (_, cursor) => {
    expect(resized(cursor, 100)).toBe(cursor)
  })
})

describe("the position of an execution in the list of n8n", () => {
  const early = "019ac000-0000-7000-8000-000000000001"
  const late = "019ac001-0000-7fff-bfff-ffffffffffff"

  it("grows with its number, and with the time in the UUID of engine 2", () => {
    expect(listPositionOf("12")).toBe(12)
    expect(listPositionOf(late) - listPositionOf(early)).toBe(0x1_0000)
  })

  it("comes before every number if it is a UUID, and stays exact", () => {
    expect(listPositionOf(late)).toBeLessThan(listPositionOf("1"))
    expect(Number.isSafeInteger(listPositionOf(early))).toBe(true)
    expect(listPositionOf(early)).toBe(0x019a_c000_0000 - 2 ** 52)
  })
})

describe("a list of n8n version 2", () => {
  it("is asked for executions that started in the time range", async () => {
    await using simulator = await startSimulator({ port: null, n8n: { startTimes: true } })
    const { apiKey, baseUrl } = simulator.n8n
    const client = createClient(n8n({ apiKey, baseUrl }), { fetch: simulator.fetch })
    const since = "2026-11-21T06:00:00.000Z"
    const until = "2026-11-21T07:00:00.000Z"
    await client.page({ status: ["succeeded"], since, until })
    const [request] = simulator.requests
    const { searchParams } = new URL(request?.path ?? "", "http://localhost")
    expect(searchParams.get("startedAfter")).toBe(since)
    expect(searchParams.get("startedBefore")).toBe("2026-11-21T06:59:59.999Z")
  })
})
