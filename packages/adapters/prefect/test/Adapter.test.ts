import {
  AdapterError,
  createClient,
  type Execution,
  type LogQuery,
  type Warning,
} from "@execlog/core"
import { type PrefectOptions, type Simulator, startSimulator } from "@execlog/simulator"
import { afterEach, describe, expect, it } from "vitest"
import { prefect } from "../src/index.js"

const simulators: Array<Simulator> = []
afterEach(async () => {
  for (const simulator of simulators.splice(0)) await simulator.stop()
})

const start = async (options: PrefectOptions = {}, apiKey?: string) => {
  const simulator = await startSimulator({ port: null, prefect: { executions: 300, ...options } })
  simulators.push(simulator)
  const { baseUrl } = simulator.prefect
  const client = createClient(prefect({ apiKey, baseUrl }), { fetch: simulator.fetch })
  return { simulator, client }
}

const collect = async (iterable: AsyncIterable<Execution>): Promise<Array<Execution>> => {
  const executions: Array<Execution> = []
  for await (const execution of iterable) executions.push(execution)
  return executions
}

const ids = (executions: ReadonlyArray<{ readonly id: string }>) =>
  executions.map(({ id }) => id).toSorted()

describe("a Prefect server", () => {
  it("returns each flow run once, the last expected first", async () => {
    const { simulator, client } = await start()
    const executions = await collect(client.executions({ pageSize: 25 }))
    expect(ids(executions)).toEqual(ids([...simulator.prefect.truth()]))
    const listed = executions.map(({ listedAt }) => listedAt?.getTime() ?? 0)
    expect(listed).toEqual(listed.toSorted((a, b) => b - a))
  })

  it.each<LogQuery>([
    { status: ["failed"] },
    { status: ["timed_out"] },
    { status: ["failed", "timed_out"] },
    { status: ["timed_out", "succeeded"] },
    { status: ["running"] },
    { status: ["queued", "waiting", "canceled"] },
    { status: ["unknown"] },
    { since: "2026-11-21T07:00:00Z" },
    { until: "2026-11-21T07:00:00Z" },
    { status: ["failed", "canceled"], since: "2026-11-21T07:00:00Z" },
    { status: ["succeeded"], since: "2026-11-21T07:00:00Z", until: "2026-11-21T07:30:00Z" },
    { since: "2026-11-21T06:30:00.001Z", until: "2026-11-21T07:30:00.001Z" },
  ])("returns for %j what filtering in memory would", async (query) => {
    const { client } = await start()
    const after = new Date(query.since ?? "1970-01-01")
    const before = new Date(query.until ?? "2999-01-01")
    const expected = (await collect(client.executions())).filter(
      ({ status, timestamp }) =>
        (query.status === undefined || query.status.includes(status)) &&
        timestamp !== null &&
        timestamp >= after &&
        timestamp < before,
    )
    expect(ids(await collect(client.executions(query)))).toEqual(ids(expected))
  })

  it("sends one request for a page that is not full", async () => {
    const { simulator, client } = await start({ executions: 30 })
    await collect(client.executions({ planned: true }))
    expect(simulator.requests.map(({ path }) => path.split("/").slice(-2).join("/"))).toEqual([
      "flow_runs/filter",
      "flows/filter",
      // Of the parents of those that are subflows.
      "task_runs/filter",
    ])
  })

  it("returns the flow's name and the calling flow run", async () => {
    const { simulator, client } = await start({ executions: 0 })
    const { flowNames, flowIds } = simulator.prefect
    const parent = simulator.prefect.insert({ flow: 1 })
    const child = simulator.prefect.insert({ flow: 2, parent })
    const [first, second] = await collect(client.executions())
    expect(first).toMatchObject({
      id: child,
      parentId: parent,
      workflow: { id: flowIds[2], name: flowNames[2] },
      trigger: { kind: "subworkflow" },
    })
    expect(second).toMatchObject({ id: parent, parentId: null, workflow: { name: flowNames[1] } })
    expect(await client.get(child)).toMatchObject({ parentId: parent })
  })

  it("returns task runs as steps, ordered by start, in lists and by get", async () => {
    const { client } = await start({ executions: 60 })
    const listed = await collect(client.executions({ include: ["steps"] }))
    expect(listed.some(({ steps }) => (steps?.length ?? 0) > 1)).toBe(true)
    for (const { id, steps } of listed.slice(0, 10)) {
      const begun = steps?.flatMap(({ startedAt }) => startedAt?.getTime() ?? []) ?? []
      expect(begun).toEqual(begun.toSorted((a, b) => a - b))
      expect((await client.get(id)).steps).toEqual(steps)
    }
    const [without] = (await client.page()).executions
    expect(without).not.toHaveProperty("steps")
    expect(without).not.toHaveProperty("inputs")
  })

  it("returns a flow run that is retried after its end in its current state, under its id", async () => {
    const { simulator, client } = await start({ executions: 0 })
    const id = simulator.prefect.insert({ state: "FAILED" })
    expect(await client.get(id)).toMatchObject({ status: "failed" })
    simulator.prefect.setState(id, { type: "SCHEDULED", name: "AwaitingRetry" })
    expect(await client.get(id)).toMatchObject({
      status: "waiting",
      providerStatus: "AwaitingRetry",
      finishedAt: null,
      durationMs: null,
      error: null,
    })
    simulator.prefect.setState(id, { type: "RUNNING" })
    simulator.prefect.setState(id, { type: "COMPLETED" })
    expect(await client.get(id)).toMatchObject({ status: "succeeded" })
  })

  it("sends the key as Basic when it is user:password, else as Bearer", async () => {
    const basic = await start({ authString: "user:canary-1" }, "user:canary-1")
    expect((await basic.client.page()).executions).not.toHaveLength(0)
    const bearer = await start({ apiKey: "canary-key-1" }, "canary-key-1")
    expect((await bearer.client.page()).executions).not.toHaveLength(0)
    const none = await start({ apiKey: "canary-key-1" })
    const error = await none.client.page().catch((cause: unknown) => cause)
    expect(AdapterError.is(error) && error.reason).toBe("Authentication")
  })

  const uuid = "0aa00000-0000-4000-8000-000000000001"
  const noIds = ["orders", `x${uuid}`, `${uuid}0`, `${uuid}/set_state`]

  it.each(noIds)("rejects the workflow %s without a request", async (id) => {
    const { simulator, client } = await start({ executions: 5 })
    expect(await collect(client.executions({ workflowId: id }))).toEqual([])
    expect(simulator.requests.every(({ body }) => body?.includes(id) !== true)).toBe(true)
  })

  it.each(noIds)("rejects the flow run id %s without a request", async (id) => {
    const { simulator, client } = await start({ executions: 5 })
    await expect(client.get(id)).rejects.toMatchObject({ reason: "InvalidQuery" })
    expect(simulator.requests).toEqual([])
  })

  it("requests smaller pages when the server rejects the size, and warns with its message", async () => {
    const { client } = await start({ maxPageSize: 50 })
    const warnings: Array<string> = []
    const options = { onWarning: ({ text }: Warning) => void warnings.push(text) }
    expect(await collect(client.executions({}, options))).toHaveLength(300)
    expect(warnings).toEqual([
      expect.stringMatching(/at most 50 .*Invalid limit: must be less than or equal to 50\./),
    ])
    expect(await collect(client.executions({ pageSize: 50, include: ["steps"] }))).toHaveLength(300)
  })
})

it.each([
  ["http://127.0.0.1:4200/api", "http://127.0.0.1:4200/runs/flow-run/"],
  ["https://prefect.example.com/api/", "https://prefect.example.com/runs/flow-run/"],
  ["https://api.example.com/api/accounts/a/workspaces/w", null],
])("links an execution of %s to %s", async (baseUrl, page) => {
  const { simulator } = await start({ executions: 1 })
  const origin = new URL(simulator.prefect.baseUrl)
  const client = createClient(prefect({ baseUrl }), {
    fetch: (input, init) => {
      const { pathname } = new URL(String(input))
      const path = pathname.slice(new URL(baseUrl).pathname.replace(/\/$/, "").length)
      return simulator.fetch(`${origin.href}${path}`, init)
    },
  })
  const [execution] = (await client.page()).executions
  expect(execution?.url).toBe(page === null ? null : `${page}${execution?.id}`)
})
