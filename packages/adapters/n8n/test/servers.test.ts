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

describe("on n8n 2", () => {
  it("finds what crashed before it started in the period of its end, by status or without", async () => {
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

describe("on an older n8n", () => {
  it("tells the status of rows that have none", async () => {
    const { api, read } = await started({ tellsStatus: false })
    const { executions } = await read()
    const words = new Map([...api.truth()].map(({ id, status }) => [id, status]))
    for (const { id, status, providerStatus } of executions) {
      expect(providerStatus).toBeNull()
      expect(status).toBe(words.get(id) === "success" ? "succeeded" : "failed")
    }
  })

  it("filters here by a word that the server refuses", async () => {
    const { api, read } = await started({ words: ["error", "success"] })
    const id = api.insert({ status: "canceled" })
    const { ids, warnings } = await read({ status: ["canceled"] })
    expect(ids).toContain(id)
    expect(warnings.join()).toContain("rejected status")
  })

  it("asks for smaller pages where the server refuses its own", async () => {
    const { read } = await started({ maxPageSize: 20 })
    const { ids, warnings } = await read()
    expect(ids).toEqual((await (await started()).read()).ids)
    expect(warnings.join()).toContain("rejected a page size of 250")
  })
})

describe("on any n8n", () => {
  it("reads a recent period without the history below it", async () => {
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

  it("gives an execution whose data break its page without them, and all others with theirs", async () => {
    const { read } = await started({ spoiled: ["20"] })
    const { executions, warnings } = await read({ include: ["steps"] })
    expect(executions.filter(({ steps }) => steps === undefined).map(({ id }) => id)).toEqual([
      "20",
    ])
    expect(executions.length).toBeGreaterThan(10)
    expect(warnings.join()).toContain("20")
  })

  it("says NotFound of one that ran and whose success was not saved", async () => {
    const { api, client } = await started({ savesSuccesses: false })
    const id = api.insert()
    expect((await client.get(id)).status).toBe("running")
    api.finish(id, "success")
    await expect(client.get(id)).rejects.toMatchObject({ reason: "NotFound" })
  })
})
