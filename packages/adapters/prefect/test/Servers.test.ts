import { createClient, type Execution, type LogQuery } from "@execlog/core"
import { type PrefectOptions, startSimulator } from "@execlog/simulator"
import { describe, expect, it } from "vitest"
import { prefect } from "../src/index.js"

const started = async (options: PrefectOptions = {}) => {
  const simulator = await startSimulator({
    port: null,
    prefect: { executions: 60, ...options },
  })
  const client = createClient(prefect({ baseUrl: simulator.prefect.baseUrl }), {
    name: "etl",
    fetch: simulator.fetch,
    transport: { retries: 0 },
  })
  const read = async (query: LogQuery = {}) => {
    const executions: Array<Execution> = []
    const warnings: Array<string> = []
    const rejected: Array<string> = []
    for await (const page of client.pages(query)) {
      executions.push(...page.executions)
      warnings.push(...page.warnings.map(({ text }) => text))
      rejected.push(...page.rejected.map(({ reason }) => reason))
    }
    return { executions, warnings, rejected, ids: executions.map(({ id }) => id) }
  }
  return { client, read, api: simulator.prefect }
}

const now = Date.parse("2026-11-21T07:00:00Z")

describe("any Prefect", () => {
  it("finds flow runs that crashed or were canceled before they started", async () => {
    const { api, read } = await started({ executions: 0 })
    const crashed = api.insert({
      expectedStartTime: now - 60_000,
      state: "CRASHED",
      startTime: null,
    })
    const canceled = api.insert({ expectedStartTime: now - 90_000, state: "PENDING" })
    api.setState(canceled, { type: "CANCELLED", unstarted: true, at: now - 80_000 })
    const since = new Date(now - 100_000)
    expect((await read({ since })).ids.toSorted()).toEqual([crashed, canceled].toSorted())
    expect((await read({ since, status: ["failed"] })).ids).toEqual([crashed])
    const [execution] = (await read({ status: ["canceled"] })).executions
    expect(execution).toMatchObject({ startedAt: null, timestamp: new Date(now - 80_000) })
  })

  it("omits planned flow runs unless the query asks for them", async () => {
    const { api, read } = await started({ executions: 0 })
    const later = api.insert({
      expectedStartTime: Date.parse("2150-01-01T00:00:00Z"),
      state: "SCHEDULED",
    })
    const done = api.insert({ expectedStartTime: now })
    expect((await read()).ids).toEqual([done])
    expect((await read({ planned: true })).ids).toEqual([later, done])
  })

  it("rejects only the flow run that breaks its page", async () => {
    const { api, read } = await started()
    const all = (await read({ planned: true })).ids
    api.spoil(all[11] ?? "")
    const { ids, rejected } = await read({ planned: true })
    expect(ids).toEqual(all.filter((_, index) => index !== 11))
    expect(rejected).toHaveLength(1)
  })
})

describe("a key without all permissions", () => {
  it("returns every flow run without names, calls and steps, and warns once", async () => {
    const { api, client, read } = await started({ denied: ["flows", "task_runs"] })
    const { executions, warnings } = await read({ planned: true, include: ["steps"], pageSize: 20 })
    expect(executions).toHaveLength([...api.truth()].length)
    for (const { workflow, steps } of executions) {
      expect(workflow).toMatchObject({ id: expect.any(String), name: null })
      expect(steps).toBeUndefined()
    }
    const ofFlows = warnings.filter((warning) => warning.includes("the data of POST /flows/filter"))
    expect(ofFlows).toHaveLength(1)
    const got = await client.get(executions[0]?.id ?? "", { onWarning: () => undefined })
    expect(got.workflow.name).toBeNull()
  })
})
