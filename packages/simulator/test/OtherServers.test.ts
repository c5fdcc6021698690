import { PassThrough } from "node:stream"
import { describe, expect, it } from "vitest"
import { startSimulator } from "../src/index.js"
import { serve } from "../src/ServeCommand.js"
import {
  alloyLogs,
  alloyWorkflowLogs,
  difyLogs,
  difyRun,
  prefectGet,
  prefectRuns,
} from "./Requests.js"

const none = { executions: 0 }
const at = Date.parse("2026-11-21T07:00:00Z")

describe("an execution that ends before it starts", () => {
  it("gives a Prefect flow run that ended before it started an end and no start", async () => {
    await using simulator = await startSimulator({ port: null, prefect: none })
    const given = simulator.prefect.insert({ state: "CRASHED", startTime: null })
    const moved = simulator.prefect.insert({ state: "PENDING" })
    simulator.prefect.setState(moved, { type: "CANCELLED", unstarted: true })
    for (const id of [given, moved]) {
      const { body } = await prefectGet(simulator, `flow_runs/${id}`)
      expect(body).toMatchObject({ start_time: null, end_time: expect.any(String), run_count: 0 })
    }
  })

  it("gives an Alloy execution that ended before it started one event, without a start", async () => {
    await using simulator = await startSimulator({ alloy: none })
    const id = simulator.alloy.start({
      startedAt: at,
      completedAt: at + 50,
      failed: true,
      unstarted: true,
    })
    const { body } = await alloyLogs(simulator)
    expect(body.notifications).toHaveLength(1)
    expect(body.notifications[0]).toMatchObject({
      message: "executionError",
      data: { executionUuid: id },
      completedAt: new Date(at + 50).toISOString(),
    })
    expect(body.notifications[0]).not.toHaveProperty("startedAt")
    expect([...simulator.alloy.truth()]).toMatchObject([{ executionId: id, startedAt: null }])
    const [workflowId = ""] = simulator.alloy.workflowIds
    expect((await alloyWorkflowLogs(simulator, workflowId)).body.data).toEqual([])
  })
})

describe("spoil", () => {
  it("answers 500 for each provider's pages with the spoiled execution, and not for smaller pages", async () => {
    await using simulator = await startSimulator()
    const { dify, alloy, prefect } = simulator
    const logs = (await difyLogs(simulator, { limit: 4 })).body.data
    const run = logs[3]?.workflow_run?.id ?? ""
    dify.spoil(run)
    expect((await difyLogs(simulator, { limit: 4 })).status).toBe(500)
    expect((await difyRun(simulator, run)).status).toBe(500)
    expect((await difyLogs(simulator, { limit: 3 })).body.data).toHaveLength(3)

    const events = (await alloyLogs(simulator, { limit: 4 })).body.notifications
    const last = events[3]
    const place = events.findIndex((event) => event.data.executionUuid === last?.data.executionUuid)
    alloy.spoil(last?.data.executionUuid ?? "")
    expect((await alloyLogs(simulator, { limit: 4 })).status).toBe(500)
    expect((await alloyLogs(simulator, { limit: Math.max(1, place) })).status).toBe(
      place === 0 ? 500 : 200,
    )

    const runs = await prefectRuns(simulator, { limit: 3 })
    prefect.spoil(runs[2]?.id ?? "")
    await expect(prefectRuns(simulator, { limit: 3 })).rejects.toThrow(/^500 .*Internal Server/)
    expect(await prefectRuns(simulator, { limit: 2 })).toHaveLength(2)
    expect((await prefectGet(simulator, `flow_runs/${runs[2]?.id}`)).status).toBe(500)
  })
})

describe("maxPageSize and rejectsAbove", () => {
  it("rejects a page that is too large with the error of each provider", async () => {
    await using simulator = await startSimulator({
      dify: { maxPageSize: 10 },
      alloy: { rejectsAbove: 10 },
      prefect: { maxPageSize: 10 },
    })
    const [workflowId = ""] = simulator.alloy.workflowIds
    expect((await difyLogs(simulator, { limit: 11 })).status).toBe(400)
    expect((await alloyLogs(simulator, { limit: 11 })).status).toBe(400)
    expect((await alloyWorkflowLogs(simulator, workflowId, { limit: 11 })).status).toBe(400)
    await expect(prefectRuns(simulator, { limit: 11 })).rejects.toThrow(
      /^422 .*must be less than or equal to 10/,
    )
    expect((await difyLogs(simulator, { limit: 10 })).status).toBe(200)
    expect((await alloyLogs(simulator, { limit: 10 })).status).toBe(200)
    expect(await prefectRuns(simulator, { limit: 10 })).toHaveLength(10)
  })
})

describe("denied of Prefect", () => {
  it("answers 403 when the key is denied flows and task runs, and lists flow runs", async () => {
    await using simulator = await startSimulator({
      port: null,
      prefect: { denied: ["flows", "task_runs"] },
    })
    for (const kind of ["flows", "task_runs"]) {
      const response = await simulator.fetch(`${simulator.prefect.baseUrl}/${kind}/filter`, {
        method: "POST",
      })
      expect(response.status).toBe(403)
      expect(await response.json()).toEqual({ detail: "Forbidden" })
    }
    expect((await prefectRuns(simulator)).length).toBeGreaterThan(0)
  })
})

describe("runTimes of Dify", () => {
  it("writes the times of a run as text, and 0 for no time, when runTimes is text", async () => {
    await using simulator = await startSimulator({ dify: { ...none, runTimes: "text" } })
    const ended = simulator.dify.insert({ startedAt: at, finishedAt: at + 1000 })
    const running = simulator.dify.insert({ startedAt: at, status: "running" })
    expect((await difyRun(simulator, ended.runId)).body).toMatchObject({
      created_at: "Sat, 21 Nov 2026 07:00:00 -0000",
      finished_at: "Sat, 21 Nov 2026 07:00:01 -0000",
    })
    expect((await difyRun(simulator, running.runId)).body).toMatchObject({ finished_at: 0 })
    expect((await difyLogs(simulator)).body.data[0]?.workflow_run?.created_at).toBe(at / 1000)
  })
})

describe("serve", () => {
  it("starts servers of other versions when its options say so", async () => {
    const args = [
      "--dify-max-page-size",
      "5",
      "--dify-run-times",
      "text",
      "--alloy-rejects-above",
      "6",
    ]
    args.push(
      "--prefect-max-page-size",
      "7",
      "--prefect-denied",
      "flows",
      "--n8n-max-page-size",
      "8",
    )
    args.push("--n8n-words", "error,success", "--n8n-start-times", "--n8n-engine", "2")
    args.push("--n8n-without-status", "--n8n-without-successes")
    const simulator = await serve(args, new PassThrough(), new PassThrough())
    if (simulator === null) throw new Error("not started")
    await using served = simulator
    const n8n = async (query: string) => {
      const headers = { "x-n8n-api-key": served.n8n.apiKey }
      const response = await served.fetch(`${served.n8n.baseUrl}/executions?${query}`, { headers })
      return { status: response.status, text: await response.text() }
    }
    expect((await difyLogs(served, { limit: 6 })).status).toBe(400)
    const [row] = (await difyLogs(served, { limit: 1 })).body.data
    const { body } = await difyRun(served, row?.workflow_run?.id ?? "")
    expect(body["created_at"]).toMatch(/-0000$/)
    expect((await alloyLogs(served, { limit: 7 })).status).toBe(400)
    await expect(prefectRuns(served, { limit: 8 })).rejects.toThrow(/^422/)
    const flows = await served.fetch(`${served.prefect.baseUrl}/flows/filter`, { method: "POST" })
    expect(flows.status).toBe(403)
    expect((await n8n("limit=9")).status).toBe(400)
    expect((await n8n("status=waiting")).status).toBe(400)
    expect((await n8n("startedAfter=2026-11-21T00:00:00Z&limit=8")).status).toBe(200)
    const { text } = await n8n("limit=8")
    expect(text).not.toContain('"status"')
    expect(text).not.toContain('"finished":true')
    expect([...served.n8n.truth()][0]?.id).toMatch(/^[\da-f-]{36}$/)
  })

  it.each([
    ["--prefect-denied", "flows,runs"],
    ["--n8n-words", "error,lost"],
    ["--n8n-engine", "3"],
    ["--dify-run-times", "minutes"],
  ])("lists the words of %s when its value is %s", async (option, value) => {
    await expect(serve([option, value], new PassThrough(), new PassThrough())).rejects.toThrow(
      `${option} takes `,
    )
  })
})
