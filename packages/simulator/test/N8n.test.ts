import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { type N8nWireExecution, type Simulator, startSimulator } from "../src/index.js"
import type { N8nWireData } from "../src/n8n/Wire.js"

interface N8nPage {
  data: Array<N8nWireExecution & Partial<N8nWireData>>
  nextCursor: string | null
}

type Parameters = Record<string, string | number | boolean>

const ask = async <A>(
  simulator: Simulator,
  path: string,
  parameters: Parameters = {},
  key: string | null = simulator.n8n.apiKey,
): Promise<{ status: number; type: string | null; body: A }> => {
  const query = new URLSearchParams(
    Object.entries(parameters).map(([name, value]) => [name, String(value)]),
  )
  const response = await simulator.fetch(`${simulator.n8n.baseUrl}${path}?${query}`, {
    headers: key === null ? {} : { "x-n8n-api-key": key },
  })
  // The tests' one JSON boundary: an answer of another shape fails the expectations that follow.
  const body = (await response.json()) as A
  return { status: response.status, type: response.headers.get("content-type"), body }
}

const list = (simulator: Simulator, parameters: Parameters = {}) =>
  ask<N8nPage>(simulator, "/executions", parameters)

const everything = async (simulator: Simulator, parameters: Parameters = {}) => {
  const rows: N8nPage["data"] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const named = cursor === undefined ? {} : { cursor }
    const { body }: { body: N8nPage } = await list(simulator, { ...parameters, ...named })
    rows.push(...body.data)
    cursor = body.nextCursor
  }
  return rows
}

const idsOf = (rows: ReadonlyArray<{ id: string }>) => rows.map(({ id }) => id)

const active = ["new", "running", "waiting"]

describe("n8n's list", () => {
  it("lists the executions that have ended, by descending ids over all pages", async () => {
    await using simulator = await startSimulator({ port: null, n8n: { executions: 300 } })
    const truth = [...simulator.n8n.truth()]
    const listed = truth.filter(({ status }) => !active.includes(status))
    expect(truth).toHaveLength(300)
    expect(listed.length).toBeLessThan(300)
    for (const limit of [1, 7, 250]) {
      const rows = await everything(simulator, { limit })
      expect(rows).toEqual(listed)
    }
    const ids = listed.map(({ id }) => Number(id))
    expect(ids).toEqual(ids.toSorted((a, b) => b - a))
  })

  it("keeps the limit of the first page when a cursor is followed", async () => {
    await using simulator = await startSimulator({ port: null })
    const { body } = await list(simulator, { limit: 10 })
    const last = body.data.at(-1)?.id
    expect(atob(body.nextCursor ?? "")).toBe(`{"lastId":"${last}","limit":10}`)
    const next = await list(simulator, { cursor: body.nextCursor ?? "", limit: 3 })
    expect(next.body.data).toHaveLength(10)
  })

  it("returns no cursor with the last page, even when it is full", async () => {
    await using simulator = await startSimulator({ port: null, n8n: { executions: 0 } })
    expect((await list(simulator)).body).toEqual({ data: [], nextCursor: null })
    for (let count = 0; count < 4; count += 1) simulator.n8n.insert({ status: "success" })
    const { body } = await list(simulator, { limit: 2 })
    const next = await list(simulator, { cursor: body.nextCursor ?? "" })
    expect(next.body).toMatchObject({ data: [{ id: "2" }, { id: "1" }], nextCursor: null })
  })

  it.each([
    ["canceled", ["canceled"]],
    ["error", ["error", "crashed"]],
    ["running", ["running"]],
    ["success", ["success"]],
    ["waiting", []],
  ])("lists executions when the status is %s: %j", async (status, found) => {
    await using simulator = await startSimulator({ port: null, n8n: { executions: 300 } })
    for (const other of ["new", "running", "waiting"] as const)
      simulator.n8n.insert({ status: other })
    const expected = [...simulator.n8n.truth()].filter((row) =>
      found.some((word) => word === row.status),
    )
    expect(idsOf(await everything(simulator, { status, limit: 9 }))).toEqual(idsOf(expected))
  })

  it("lists the executions of one workflow, and none when the workflow is unknown", async () => {
    await using simulator = await startSimulator({ port: null })
    const [, workflowId = ""] = simulator.n8n.workflowIds
    const rows = await everything(simulator, { workflowId, limit: 20 })
    expect(rows.length).toBeGreaterThan(20)
    expect(new Set(rows.map((row) => row.workflowId))).toEqual(new Set([workflowId]))
    expect((await list(simulator, { workflowId: "other" })).body.data).toEqual([])
  })

  it("continues below the last id when its execution was deleted and others were inserted", async () => {
    await using simulator = await startSimulator({ port: null, n8n: { executions: 40 } })
    const all = idsOf(await everything(simulator))
    const { body } = await list(simulator, { limit: 5 })
    simulator.n8n.delete(body.data.at(-1)?.id ?? "")
    simulator.n8n.insert({ status: "success" })
    const next = await list(simulator, { cursor: body.nextCursor ?? "" })
    expect(idsOf(next.body.data)).toEqual(all.slice(5, 10))
  })

  it("lists an execution under its old id when it has ended", async () => {
    await using simulator = await startSimulator({ port: null, n8n: { executions: 0 } })
    const id = simulator.n8n.insert()
    simulator.n8n.insert({ status: "success" })
    expect(idsOf((await list(simulator)).body.data)).toEqual(["2"])
    expect(idsOf((await list(simulator, { status: "running" })).body.data)).toEqual([id])
    simulator.n8n.finish(id, "error", new Date("2026-11-21T09:00:00Z"))
    expect((await list(simulator)).body.data[1]).toMatchObject({
      id,
      status: "error",
      finished: false,
      stoppedAt: "2026-11-21T09:00:00.000Z",
    })
  })
})

describe("the data of n8n's executions", () => {
  it("returns the same data by list and by id when includeData is true", async () => {
    await using simulator = await startSimulator({ port: null, n8n: { executions: 60 } })
    const plain = (await list(simulator)).body.data
    const full = (await list(simulator, { includeData: true })).body.data
    for (const [index, { data, workflowData, customData, ...row }] of full.entries()) {
      expect(row).toEqual(plain[index])
      const { body } = await ask(simulator, `/executions/${row.id}`, { includeData: true })
      expect(body).toMatchObject({ ...row, data, workflowData, customData, deletedAt: null })
      const { body: bare } = await ask<object>(simulator, `/executions/${row.id}`)
      expect(bare).not.toHaveProperty("data")
    }
  })

  it("returns the error of the last node when an execution failed", async () => {
    await using simulator = await startSimulator({ port: null })
    const { body } = await list(simulator, { status: "error", includeData: true })
    for (const { data } of body.data) {
      const { runData, lastNodeExecuted = "", error } = data?.resultData ?? { runData: {} }
      expect(error?.message).toMatch(/^Card declined/)
      expect(runData[lastNodeExecuted]?.[0]?.error).toEqual(error)
    }
  })

  it("keeps the earlier steps of the repeated execution, and numbers its own from 0, when it is a retry", async () => {
    await using simulator = await startSimulator({ port: null, n8n: { executions: 0 } })
    const failed = simulator.n8n.insert({ status: "error" })
    const retry = simulator.n8n.insert({ status: "success", retryOf: failed })
    const { body } = await list(simulator, { includeData: true })
    const [row, repeated] = body.data
    expect(row).toMatchObject({ id: retry, mode: "retry", retryOf: failed })
    expect(repeated).toMatchObject({ id: failed, retrySuccessId: retry })
    const runs = Object.values(row?.data?.resultData.runData ?? {}).flat()
    expect(runs.map(({ executionIndex }) => executionIndex)).toEqual([0, 1, 0])
    const started = Date.parse(row?.startedAt ?? "")
    expect(runs.map(({ startTime }) => startTime < started)).toEqual([true, true, false])
  })

  it("makes retries, children and every status of an end when the seed makes the history", async () => {
    await using simulator = await startSimulator({ port: null, n8n: { executions: 2000 } })
    const rows = await everything(simulator, { limit: 250, includeData: true })
    const seen = new Set(rows.flatMap(({ status, mode }) => [status, mode]))
    expect([...seen].toSorted()).toEqual(
      ["canceled", "crashed", "error", "integrated", "manual"].concat([
        "retry",
        "success",
        "trigger",
        "webhook",
      ]),
    )
    const succeeded = rows.filter(({ retrySuccessId }) => retrySuccessId !== null)
    expect(succeeded.length).toBeGreaterThan(3)
    for (const { id, retrySuccessId } of succeeded)
      expect(rows.find((row) => row.id === retrySuccessId)).toMatchObject({ retryOf: id })
    expect(rows.some(({ data }) => data?.parentExecution !== undefined)).toBe(true)
  })
})

describe("n8n's errors", () => {
  it.each<[string, Parameters, number, string]>([
    ["/executions", { limit: 251 }, 400, "request/query/limit must be <= 250"],
    ["/executions", { limit: "abc" }, 400, "request/query/limit must be number"],
    ["/executions", { limit: "" }, 400, "request/query/limit must be number"],
    ["/executions", { includeData: "yes" }, 400, "request/query/includeData must be boolean"],
    ["/executions", { since: "today" }, 400, "Unknown query parameter 'since'"],
    ["/executions", { cursor: btoa("{}") }, 400, "An invalid cursor was provided"],
    ["/executions", { cursor: btoa("null") }, 400, "An invalid cursor was provided"],
    ["/executions/0", {}, 404, "Not Found"],
    ["/executions/1e3", {}, 404, "Not Found"],
    ["/other", {}, 404, "not found"],
  ])("rejects %s %j with %i", async (path, parameters, status, message) => {
    await using simulator = await startSimulator({ port: null })
    expect(await ask(simulator, path, parameters)).toMatchObject({ status, body: { message } })
  })

  it("answers 405 when the method is not GET", async () => {
    await using simulator = await startSimulator({ port: null })
    const posted = await simulator.fetch(`${simulator.n8n.baseUrl}/executions`, { method: "POST" })
    expect(posted.status).toBe(405)
  })
})

interface Exchange {
  path: string
  reqheaders: Record<string, string>
  status: number
  response: unknown
  rawHeaders: Array<string>
}

const folder = new URL("../../../fixtures/n8n/", import.meta.url)
const recorded = readdirSync(folder)
  .map((name) => {
    const fixture: { provenance: { kind: string; what: string }; exchanges: Array<Exchange> } =
      JSON.parse(readFileSync(new URL(name, folder), "utf8"))
    return { name, ...fixture }
  })
  // The answer to a POST is not comparable with one to a GET.
  .filter(({ name, provenance }) => provenance.kind === "recorded" && !name.includes("retried"))

const shapeOf = (value: unknown): Array<string> =>
  typeof value === "object" && value !== null ? Object.keys(value) : []

const firstOf = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "data" in value && Array.isArray(value.data)
    ? value.data[0]
    : value

describe("the recorded fixtures of n8n", () => {
  it("has recordings of a real n8n 1.123.0 to compare", () => {
    expect(recorded.length).toBeGreaterThan(15)
  })

  it.each(recorded)("answers as in the recording of $name", async ({ provenance, exchanges }) => {
    await using simulator = await startSimulator({
      port: null,
      n8n: { history: Array.from({ length: 45 }, (_, at) => history(at)) },
    })
    const [, workflowId = ""] = simulator.n8n.workflowIds
    for (const { path, reqheaders, status, response, rawHeaders } of exchanges) {
      const own = path.replace("/api/v1", "").replace("bUbDF0JKjHEpFGqB", workflowId)
      const url = new URL(own, "http://n8n.example")
      const isStranger = provenance.what === "wrong key"
      const answer = await ask(
        simulator,
        url.pathname,
        Object.fromEntries(url.searchParams),
        "x-n8n-api-key" in reqheaders ? (isStranger ? "canary-other" : undefined) : null,
      )
      expect(answer.status).toBe(status)
      expect(answer.type).toBe(rawHeaders[1])
      if (status !== 200) expect(answer.body).toEqual(response)
      expect(shapeOf(answer.body)).toEqual(shapeOf(response))
      expect(shapeOf(firstOf(answer.body))).toEqual(shapeOf(firstOf(response)))
    }
  })

  const history = (at: number) => ({
    startedAt: Date.parse("2026-11-21T06:00:00Z") + at * 1000,
    status: at % 5 === 3 ? ("error" as const) : ("success" as const),
    workflow: at % 5 === 3 ? 1 : 0,
  })
})

describe("a million executions of n8n", () => {
  it("lists n8n's executions, deep and filtered, when there are a million", async () => {
    await using simulator = await startSimulator({ port: null, n8n: { executions: 1_000_000 } })
    const cursor = btoa('{"lastId":"500000","limit":250}')
    const { body } = await list(simulator, { cursor, status: "error" })
    expect(body.data).toHaveLength(250)
    expect(Number(body.data[0]?.id)).toBeLessThan(500_000)
  })
})
