import type { Execution } from "@execlog/core"
import { makeStatistics, statisticRow } from "@execlog/core/statistics"
import { openStore } from "@execlog/store"
import { beforeAll, afterAll, describe, expect, it } from "vitest"
import { connection, type Served, served } from "./Served.js"

interface Page {
  readonly executions: ReadonlyArray<{ readonly id: string; readonly status: string }>
  readonly next: string | null
}

describe("a server of executions", () => {
  let site: Served
  let kept: ReadonlyArray<Execution>

  beforeAll(async () => {
    site = await served({}, 120)
    const store = await openStore(site.store, { access: "read" })
    const found: Array<Execution> = []
    for await (const execution of store.executions()) found.push(execution)
    kept = found
    await store.close()
  })
  afterAll(() => site[Symbol.asyncDispose]())

  const page = async (query: string) => (await site.read(`/api/executions${query}`)) as Page
  const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

  it("lists what the store has, the newest first, 50 a page", async () => {
    const { executions, next } = await page("")
    expect(executions).toEqual(json(kept.slice(0, 50)))
    expect(next).toEqual(expect.any(String))
  })

  it("gives every execution once when its pages are followed to the end", async () => {
    const found: Array<string> = []
    let cursor = ""
    for (;;) {
      const { executions, next } = await page(`?limit=7${cursor}`)
      found.push(...executions.map(({ id }) => id))
      if (next === null) break
      cursor = `&cursor=${next}`
    }
    expect(found).toEqual(kept.map(({ id }) => id))
  })

  it("says that nothing follows when the last page is full", async () => {
    expect((await page("?limit=120")).next).toBeNull()
  })

  it.each([
    ["?status=failed", ({ status }: Execution) => status === "failed"],
    [
      "?status=failed&status=canceled",
      ({ status }: Execution) => status === "failed" || status === "canceled",
    ],
    [
      "?since=2026-11-21T07:30:00Z&until=2026-11-21T07:50:00Z",
      ({ timestamp }: Execution) =>
        timestamp !== null &&
        timestamp >= new Date("2026-11-21T07:30:00Z") &&
        timestamp < new Date("2026-11-21T07:50:00Z"),
    ],
    [
      "?since=90m",
      ({ timestamp }: Execution) =>
        (timestamp?.getTime() ?? 0) >= Date.parse("2026-11-21T07:30:00Z"),
    ],
    [`?connection=${connection}`, () => true],
    ["?connection=other", () => false],
    [
      "?attribute=triggered_from%3Dwebhook",
      ({ attributes }: Execution) => attributes["triggered_from"] === "webhook",
    ],
    ["?order=oldest", null],
  ])("answers the query %s", async (query, matches) => {
    const separator = query.includes("?") ? "&" : "?"
    const { executions } = await page(`${query}${separator}limit=500`)
    const expected = matches === null ? kept.toReversed() : kept.filter(matches)
    expect(executions.map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
  })

  it("streams all of them, one a line, when NDJSON is asked for", async () => {
    const response = await site.ask("/api/executions", {
      headers: { accept: "application/x-ndjson" },
    })
    expect(response.headers.get("content-type")).toBe("application/x-ndjson")
    const lines = (await response.text()).trimEnd().split("\n")
    expect(lines.map((line) => JSON.parse(line))).toEqual(json(kept))
  })

  it("shows one execution with its history in the store", async () => {
    const [execution] = kept
    expect(await site.read(`/api/executions/${connection}/${execution?.id}`)).toMatchObject({
      execution: json(execution),
      isDetailed: false,
      goneAt: null,
      changes: [],
    })
  })

  it("counts what the store has, by the dimensions that are asked for", async () => {
    const statistics = makeStatistics(["hour"])
    for (const execution of kept) statistics.add(statisticRow(execution))
    const { overall, groups } = statistics.summary()
    expect(await site.read("/api/statistics?by=hour")).toMatchObject(
      json({ overall, groups }) as object,
    )
    expect(await site.read("/api/workflows")).toMatchObject({
      workflows: [{ connection, count: kept.length }],
      total: 1,
    })
  })

  it.each([
    ["/api/executions?status=failedd", 400, "InvalidQuery", "status"],
    ["/api/executions?since=yesterday-ish", 400, "InvalidQuery", "since"],
    ["/api/executions?limit=0", 400, "InvalidQuery", "limit"],
    ["/api/executions?limit=501", 400, "InvalidQuery", "limit"],
    ["/api/executions?attribute=state_name", 400, "InvalidQuery", "attribute"],
    ["/api/executions?stauts=failed", 400, "InvalidQuery", "stauts"],
    ["/api/executions?cursor=none", 400, "InvalidQuery", "cursor"],
    ["/api/executions?include=inputs", 403, "not_shown", "include"],
    ["/api/statistics?by=weekday", 400, "InvalidQuery", "by"],
    ["/api/statistics?buckets=1", 400, "InvalidQuery", "buckets"],
    ["/api/rejected?cursor=none", 400, "InvalidQuery", "cursor"],
    ["/api/changes?after=-1", 400, "InvalidQuery", "after"],
  ])("rejects %s with %i, %s and the part that is wrong", async (path, status, code, name) => {
    const response = await site.ask(path)
    expect(response.status).toBe(status)
    expect(response.headers.get("content-type")).toBe("application/problem+json")
    expect(await response.json()).toMatchObject({ status, code, subject: { name } })
  })

  it.each([
    [`/api/executions/${connection}/none`],
    ["/api/executions/other/none"],
    ["/api/nothing"],
    ["/nothing"],
  ])("answers %s with a problem that says what is not found", async (path) => {
    const response = await site.ask(path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ status: 404, code: "NotFound" })
  })

  it("answers a method that a path does not take with those that it takes", async () => {
    const response = await site.ask("/api/executions", { method: "DELETE" })
    expect(response.status).toBe(405)
    expect(response.headers.get("allow")).toBe("GET, HEAD")
    expect(await response.json()).toMatchObject({ status: 405, code: "MethodNotAllowed" })
  })

  it("answers HEAD as GET, without a body", async () => {
    const response = await site.ask("/api/executions", { method: "HEAD" })
    expect([response.status, await response.text()]).toEqual([200, ""])
  })
})

describe("a server that is told to show inputs and outputs", () => {
  it("gives them where they are asked for", async () => {
    await using site = await served({ show: ["inputs", "outputs", "raw"] })
    const response = await site.ask("/api/executions?include=inputs&limit=1")
    expect(response.status).toBe(200)
  })
})
