import { createClient, type Execution, type LogQuery } from "@execlog/core"
import { type N8nOptions, startSimulator } from "@execlog/simulator"
import { describe, expect, it } from "vitest"
import { n8n } from "../src/index.js"

const started = async (options: N8nOptions = {}) => {
  const simulator = await startSimulator({ port: null, n8n: { executions: 40, ...options } })
  const { baseUrl, apiKey } = simulator.n8n
  const client = createClient(n8n({ apiKey, baseUrl }), {
    name: "shop",
    fetch: simulator.fetch,
    transport: { retries: 0 },
  })
  const read = async (query: LogQuery = {}) => {
    const executions: Array<Execution> = []
    const warnings: Array<string> = []
    for await (const page of client.pages(query)) {
      executions.push(...page.executions)
      warnings.push(...page.warnings.map(({ text }) => text))
    }
    return { executions, warnings, ids: executions.map(({ id }) => id) }
  }
  return { simulator, client, read, api: simulator.n8n }
}

const at = Date.parse("2026-11-21T07:30:00Z")
const period = { since: new Date(at - 1000), until: new Date(at + 1000) }
const active = ["new", "running", "waiting"]

describe("n8n 2", () => {
  it("finds executions that crashed before they started by their end, with or without a status filter", async () => {
    const { api, read } = await started({ startTimes: true })
    const id = api.insert({ startedAt: null, status: "crashed", stoppedAt: at })
    for (const query of [period, { ...period, status: ["failed"] }] satisfies Array<LogQuery>)
      expect((await read(query)).ids).toContain(id)
  })

  it("lists and gets executions whose ids are UUIDs", async () => {
    const { api, client, read } = await started({ engine: 2 })
    const listed = [...api.truth()].filter(({ status }) => !active.includes(status))
    const { ids } = await read({ pageSize: 7 })
    expect(ids.toSorted()).toEqual(listed.map(({ id }) => id).toSorted())
    expect((await client.get(ids[0] ?? "")).id).toBe(ids[0])
  })
})

describe("an older n8n", () => {
  it("derives the status of rows without one", async () => {
    const { api, read } = await started({ tellsStatus: false })
    const { executions } = await read()
    const words = new Map([...api.truth()].map(({ id, status }) => [id, status]))
    for (const { id, status, providerStatus } of executions) {
      expect(providerStatus).toBeNull()
      expect(status).toBe(words.get(id) === "success" ? "succeeded" : "failed")
    }
  })

  it("filters in core by a status word that the server rejects", async () => {
    const { api, read } = await started({ words: ["error", "success"] })
    const id = api.insert({ status: "canceled" })
    const { ids, warnings } = await read({ status: ["canceled"] })
    expect(ids).toContain(id)
    expect(warnings.join()).toContain("rejected status")
  })

  it("requests smaller pages when the server rejects the default size", async () => {
    const { read } = await started({ maxPageSize: 20 })
    const { ids, warnings } = await read()
    expect(ids).toEqual((await (await started()).read()).ids)
    expect(warnings.join()).toContain("rejected a page size of 250")
  })
})

describe("any n8n", () => {
  it("reads a recent period without the older history", async () => {
    const { simulator, api, read } = await started({ executions: 8000, perHour: 120 })
    const since = new Date("2026-11-21T07:00:00Z")
    const { ids } = await read({ since })
    const recent = [...api.truth()].filter(
      ({ status, startedAt }) => !active.includes(status) && Date.parse(startedAt ?? "") >= +since,
    )
    expect(ids).toEqual(recent.map(({ id }) => id))
    // Those of the hour, and of the day that what waited in the queue may be older: 13 pages of 32.
    expect(simulator.requests.length).toBeLessThan(14)
  })

  it("returns an execution whose data break its page without the data, and all others with it", async () => {
    const { read } = await started({ spoiled: ["20"] })
    const { executions, warnings } = await read({ include: ["steps"] })
    expect(executions.filter(({ steps }) => steps === undefined).map(({ id }) => id)).toEqual([
      "20",
    ])
    expect(executions.length).toBeGreaterThan(10)
    expect(warnings.join()).toContain("20")
  })

  it("fails with NotFound when a successful execution was not saved", async () => {
    const { api, client } = await started({ savesSuccesses: false })
    const id = api.insert()
    expect((await client.get(id)).status).toBe("running")
    api.finish(id, "success")
    await expect(client.get(id)).rejects.toMatchObject({ reason: "NotFound" })
  })
})
