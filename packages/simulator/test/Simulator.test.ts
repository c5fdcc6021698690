import { PassThrough } from "node:stream"
import { describe, expect, it } from "vitest"
import { startSimulator } from "../src/index.js"
import { serve } from "../src/ServeCommand.js"
import {
  alloyLogs,
  alloyWorkflowLogs,
  condition,
  difyLogs,
  difyRun,
  filters,
  prefectCount,
  prefectGet,
  prefectItems,
  prefectRuns,
} from "./Requests.js"

describe("startSimulator", () => {
  it("records each request", async () => {
    await using simulator = await startSimulator()
    await difyLogs(simulator, { page: 2 })
    await difyLogs(simulator, { page: 0 })
    await alloyLogs(simulator)
    await prefectRuns(simulator, { limit: 3 })
    expect(simulator.requests).toEqual([
      { provider: "dify", method: "GET", path: "/v1/workflows/logs?page=2", status: 200 },
      { provider: "dify", method: "GET", path: "/v1/workflows/logs?page=0", status: 400 },
      { provider: "alloy", method: "GET", path: "/alloy/logs", status: 200 },
      {
        provider: "prefect",
        method: "POST",
        path: "/prefect/api/flow_runs/filter",
        body: '{"limit":3}',
        status: 200,
      },
    ])
    simulator.clearRequests()
    expect(simulator.requests).toEqual([])
  })

  it("returns the interceptor's answer when it gives one", async () => {
    await using simulator = await startSimulator()
    let left = 1
    const remove = simulator.intercept(({ provider }) => {
      if (provider !== "dify" || left === 0) return undefined
      left -= 1
      return { status: 429, headers: { "retry-after": "2" }, body: { message: "slow down" } }
    })
    const rejected = await difyLogs(simulator)
    expect(rejected.status).toBe(429)
    expect(rejected.headers.get("retry-after")).toBe("2")
    expect(rejected.body).toEqual({ message: "slow down" })
    expect((await difyLogs(simulator)).status).toBe(200)
    left = 1
    expect((await alloyLogs(simulator)).status).toBe(200)
    remove()
    expect((await difyLogs(simulator)).status).toBe(200)
    expect(simulator.requests.map((request) => request.status)).toEqual([429, 200, 200, 200])
  })

  it("breaks the connection when the interceptor returns disconnect", async () => {
    await using simulator = await startSimulator()
    simulator.intercept(() => "disconnect")
    await expect(difyLogs(simulator)).rejects.toThrow("fetch failed")
    expect(simulator.requests[0]?.status).toBe(0)
  })

  it("lists a row that the interceptor inserts between two requests", async () => {
    await using simulator = await startSimulator({ dify: { executions: 10 } })
    simulator.intercept(({ path }) => {
      if (path.includes("page=2")) simulator.dify.insert()
      return undefined
    })
    const first = (await difyLogs(simulator, { limit: 5, page: 1 })).body.data
    const second = (await difyLogs(simulator, { limit: 5, page: 2 })).body.data
    expect(second[0]).toEqual(first[4])
  })

  it("passes the body of a request to the interceptor", async () => {
    await using simulator = await startSimulator({ prefect: { executions: 10 } })
    simulator.intercept(({ body }) => {
      if (body.includes('"offset":5')) simulator.prefect.insert()
      return undefined
    })
    const body = { sort: "EXPECTED_START_TIME_DESC", limit: 5 }
    const first = await prefectRuns(simulator, { ...body, offset: 0 })
    const second = await prefectRuns(simulator, { ...body, offset: 5 })
    expect(second[0]).toEqual(first[4])
  })

  it("reads the body of a request over HTTP", async () => {
    await using simulator = await startSimulator({ prefect: { executions: 10 } })
    const url = `${simulator.prefect.baseUrl}/flow_runs/filter`
    const answer = await fetch(url, { method: "POST", body: '{"limit":3}' })
    expect(await answer.json()).toHaveLength(3)
    const empty = await fetch(`${url}/`, { method: "POST" })
    expect(empty.redirected).toBe(true)
    expect(await empty.json()).toHaveLength(10)
  })

  it("closes its port on stop, and ignores a second stop", async () => {
    const simulator = await startSimulator({ latencyMs: 1 })
    expect((await difyLogs(simulator)).status).toBe(200)
    await simulator.stop()
    await simulator.stop()
    await expect(difyLogs(simulator)).rejects.toThrow("fetch failed")
  })

  it("answers 404 when a path is outside of its bases", async () => {
    await using simulator = await startSimulator()
    expect((await fetch(`${simulator.url}/`)).status).toBe(404)
    expect((await fetch(`${simulator.url}/v2/workflows/logs`)).status).toBe(404)
    expect((await fetch(`${simulator.alloy.baseUrl}/nothing`)).status).toBe(404)
    expect((await fetch(`${simulator.prefect.baseUrl}/nothing`)).status).toBe(404)
    expect((await fetch(`${simulator.url}/prefects`)).status).toBe(404)
    expect((await fetch(`${simulator.n8n.baseUrl}/nothing`)).status).toBe(404)
    expect((await fetch(`${simulator.url}/n8n/executions`)).status).toBe(404)
    const posted = await fetch(`${simulator.dify.baseUrl}/workflows/logs`, {
      method: "POST",
      body: "{}",
    })
    expect(posted.status).toBe(405)
  })
})

describe("a million executions", () => {
  const executions = 1_000_000

  it("lists Dify's rows, deep and filtered, when there are a million", async () => {
    await using simulator = await startSimulator({ dify: { executions } })
    const first = (await difyLogs(simulator)).body
    expect(first).toMatchObject({ total: executions, has_more: true })
    const deep = (await difyLogs(simulator, { page: 10_000, limit: 100 })).body
    expect(deep).toMatchObject({ total: executions, has_more: false })
    expect(deep.data).toHaveLength(100)
    const bound = new Date((deep.data[0]?.created_at ?? 0) * 1000 + 999).toISOString()
    const window = (
      await difyLogs(simulator, {
        created_at__before: bound.replace("999Z", "999999Z"),
        limit: 100,
      })
    ).body
    expect(window.data.map((row) => row.id)).toContain(deep.data[0]?.id)
    expect(window.total).toBeLessThan(2000)
    const failed = (await difyLogs(simulator, { status: "failed", page: 500, limit: 100 })).body
    expect(failed.total).toBeGreaterThan(90_000)
    expect(failed.data.every((row) => row.workflow_run?.status === "failed")).toBe(true)
    const runId = deep.data.at(-1)?.workflow_run?.id ?? ""
    expect((await difyRun(simulator, runId)).body["id"]).toBe(runId)
  })

  it("lists Alloy's events, deep and filtered, when there are a million executions", async () => {
    await using simulator = await startSimulator({ alloy: { executions } })
    const { totalItems } = (await alloyLogs(simulator)).body.pagination
    expect(totalItems).toBeGreaterThan(1_900_000)
    const deep = (await alloyLogs(simulator, { skip: totalItems - 10 })).body.notifications
    expect(deep).toHaveLength(10)
    const middle = (await alloyLogs(simulator, { skip: 1_000_000, limit: 1000 })).body.notifications
    const times = middle.map((event) => event.createdAt)
    expect(times).toEqual(times.toSorted().toReversed())
    const errors = await alloyLogs(simulator, {
      filters: filters(condition("message", "equals", "executionError")),
    })
    expect(errors.body.pagination.totalItems).toBeGreaterThan(50_000)
    expect(errors.body.notifications.every((event) => event.message === "executionError")).toBe(
      true,
    )
    const [workflowId = ""] = simulator.alloy.workflowIds
    expect(
      (await alloyWorkflowLogs(simulator, workflowId, { page: 10_000, limit: 30 })).body.data,
    ).toHaveLength(30)
  })
})

describe("a million flow runs", () => {
  it("lists Prefect's flow runs, deep, filtered and by windows, when there are a million", async () => {
    const executions = 1_000_000
    await using simulator = await startSimulator({ prefect: { executions } })
    const sort = "EXPECTED_START_TIME_DESC"
    expect(await prefectCount(simulator, "flow_runs/count")).toBe(executions)
    const deep = await prefectRuns(simulator, { sort, offset: executions - 100 })
    expect(deep).toHaveLength(100)
    const before_ = deep[0]?.expected_start_time
    const window = { expected_start_time: { before_ } }
    const left = await prefectCount(simulator, "flow_runs/count", { flow_runs: window })
    expect(left).toBeGreaterThanOrEqual(100)
    expect(left).toBeLessThan(200)
    const state = { type: { any_: ["FAILED"] } }
    const failed = { flow_runs: { state } }
    expect(await prefectCount(simulator, "flow_runs/count", failed)).toBeGreaterThan(100_000)
    const page = await prefectRuns(simulator, { ...failed, sort: "ID_DESC", offset: 50_000 })
    expect(page).toHaveLength(200)
    expect(page.every((run) => run.state_type === "FAILED")).toBe(true)
    const any_ = page.map((run) => run.id)
    expect(any_).toEqual(any_.toSorted().toReversed())
    const tasks = await prefectItems(simulator, "task_runs/filter", { flow_runs: { id: { any_ } } })
    expect(tasks).toHaveLength(200)
    const last = deep.at(-1)?.id
    expect((await prefectGet(simulator, `flow_runs/${last}`)).body).toMatchObject({ id: last })
  })
})

describe("serve", () => {
  it("prints one line of JSON, and stops when its input closes", async () => {
    const input = new PassThrough()
    const output = new PassThrough().setEncoding("utf8")
    const args = [
      "--dify-executions",
      "7",
      "--alloy-workflows",
      "2",
      "--prefect-executions",
      "9",
      "--prefect-flows",
      "3",
      "--prefect-ties",
      "shuffled",
      "--n8n-executions",
      "9",
      "--n8n-workflows",
      "1",
      "--until-stdin-closes",
      "--port",
      "0",
    ]
    const simulator = await serve(args, input, output)
    const text = String(output.read())
    expect(text).toMatch(/^\{.*\}\n$/)
    if (simulator === null) throw new Error("not started")
    const { dify, alloy, prefect, n8n } = simulator
    expect([...n8n.truth()]).toHaveLength(9)
    expect(JSON.parse(text)).toMatchObject({
      dify: { baseUrl: dify.baseUrl, apiKey: "app-simulator-key" },
      alloy: {
        baseUrl: alloy.baseUrl,
        apiKey: "alloy-simulator-key",
        workflowIds: alloy.workflowIds,
      },
      prefect: {
        baseUrl: prefect.baseUrl,
        apiKey: null,
        authString: null,
        flowIds: prefect.flowIds,
      },
      n8n: {
        baseUrl: n8n.baseUrl,
        apiKey: "n8n-simulator-key",
        workflowIds: [expect.stringMatching(/^[A-Za-z\d]{16}$/)],
      },
    })
    expect(prefect.flowIds).toHaveLength(3)
    expect(await prefectRuns(simulator)).toHaveLength(9)
    expect((await difyLogs(simulator)).body.total).toBe(7)
    const closed = new Promise((resolve) => input.once("close", resolve))
    input.destroy()
    await closed
    await expect(difyLogs(simulator)).rejects.toThrow("fetch failed")
  })

  it("rejects an option that is unknown or has a value that is not valid", async () => {
    const output = new PassThrough()
    await expect(serve(["--dify-executions", "many"], new PassThrough(), output)).rejects.toThrow(
      /--dify-executions/,
    )
    await expect(serve(["--dify-version", "2"], new PassThrough(), output)).rejects.toThrow(
      /--dify-version/,
    )
    await expect(serve(["--prefect-ties", "loose"], new PassThrough(), output)).rejects.toThrow(
      /--prefect-ties/,
    )
    await expect(serve(["--bogus"], new PassThrough(), output)).rejects.toThrow(/bogus/)
    expect(await serve(["--help"], new PassThrough(), output)).toBeNull()
  })
})

describe("the options of startSimulator", () => {
  it("names the option when its Date is not a time", async () => {
    const now = new Date("yesterday")
    await expect(startSimulator({ dify: { now } })).rejects.toThrow("dify.now must be a Date")
    await expect(startSimulator({ alloy: { now } })).rejects.toThrow("alloy.now must be a Date")
    await expect(startSimulator({ prefect: { now } })).rejects.toThrow("prefect.now must be a Date")
    await expect(startSimulator({ n8n: { now } })).rejects.toThrow("n8n.now must be a Date")
  })
})
