import { createClient, type Execution, type LogQuery, type Warning } from "@execlog/core"
import { type DifyOptions, type Simulator, startSimulator } from "@execlog/simulator"
import { afterEach, describe, expect, it } from "vitest"
import { dify } from "../src/index.js"

const simulators: Array<Simulator> = []
afterEach(async () => {
  for (const simulator of simulators.splice(0)) await simulator.stop()
})

const start = async (
  options: DifyOptions = {},
  settings: Partial<Parameters<typeof dify>[0]> = {},
) => {
  const simulator = await startSimulator({ dify: { executions: 120, ...options } })
  simulators.push(simulator)
  const { baseUrl, apiKey } = simulator.dify
  const client = createClient(dify({ apiKey, baseUrl, ...settings }), { name: "bot" })
  return { simulator, client }
}

const collect = async (iterable: AsyncIterable<Execution>): Promise<Array<Execution>> => {
  const executions: Array<Execution> = []
  for await (const execution of iterable) executions.push(execution)
  return executions
}

const unknownId = "00000000-0000-4000-8000-000000000000"

const ids = (executions: ReadonlyArray<Execution>) => executions.map(({ id }) => id).toSorted()

describe.each(["1.12.1", "newer", "older"] as const)("a Dify server (%s)", (version) => {
  it("returns each execution once, in the order of the log", async () => {
    const { simulator, client } = await start({ version })
    const executions = await collect(client.executions({ pageSize: 25 }, { onWarning: () => {} }))
    const truth = [...simulator.dify.truth()].map((row) => row.workflow_run?.id ?? row.id)
    expect(ids(executions)).toEqual(truth.toSorted())
    const listed = executions.map(({ listedAt }) => listedAt?.getTime() ?? 0)
    expect(listed).toEqual(listed.toSorted((a, b) => b - a))
  })

  it.each<LogQuery>([
    { status: ["failed"] },
    { status: ["failed", "canceled"] },
    { status: ["running", "partial", "waiting"] },
    { status: ["unknown"] },
    { since: "2026-11-21T07:30:00Z" },
    { until: "2026-11-21T07:30:00Z" },
    { since: "2026-11-21T07:10:00Z", until: "2026-11-21T07:40:00Z" },
    { actorId: "user-2" },
    { status: ["succeeded"], actorId: "user-1", since: "2026-11-21T07:20:00Z" },
  ])("returns for %j what filtering in memory would", async (query) => {
    const { client } = await start({ version })
    const silent = { onWarning: () => {} }
    const all = await collect(client.executions({}, silent))
    const after = new Date(String(query.since ?? "1970-01-01"))
    const before = new Date(String(query.until ?? "2999-01-01"))
    const expected = all.filter(
      ({ status, actor, startedAt }) =>
        (query.status === undefined || query.status.includes(status)) &&
        (query.actorId === undefined || actor?.id === query.actorId) &&
        startedAt !== null &&
        startedAt >= after &&
        startedAt < before,
    )
    expect(ids(await collect(client.executions(query, silent)))).toEqual(ids(expected))
  })

  it("finds the executions of an account by the actor id that they show", async () => {
    const { client } = await start({ version, executions: 200 })
    const silent = { onWarning: () => {} }
    const all = await collect(client.executions({}, silent))
    const account = all.find(({ actor }) => actor?.kind === "account")?.actor
    if (account === undefined || account === null) throw new Error("no account in the history")
    const found = await collect(client.executions({ actorId: account.id }, silent))
    expect(ids(found)).toEqual(ids(all.filter(({ actor }) => actor?.id === account.id)))
    expect(found.length).toBeGreaterThan(0)
  })
})

describe("an older server, which ignores the filters of time", () => {
  it("warns when the server ignores the filters of time", async () => {
    const { client } = await start({ version: "older" })
    const warnings = new Set<string>()
    const options = { onWarning: ({ text }: Warning) => void warnings.add(text) }
    await collect(client.executions({ pageSize: 25 }, options))
    expect([...warnings].join()).toContain("ignored the upper time bound")
  })
})

describe("many rows in one second, without an order among them", () => {
  it("returns each of many rows in one second once, whatever the page size", async () => {
    const { simulator, client } = await start({
      executions: 300,
      perHour: 60_000,
      microseconds: false,
      ties: "shuffled",
    })
    const truth = [...simulator.dify.truth()].map((row) => row.workflow_run?.id ?? row.id)
    for (const pageSize of [3, 20, 100]) {
      const executions = await collect(client.executions({ pageSize }))
      expect(ids(executions)).toEqual(truth.toSorted())
    }
  })
})

describe("logDelay", () => {
  const hour = 3_600_000
  const startedAt = new Date("2026-11-20T12:00:00Z")
  const rows = [1, 20, 30].map((hours) => ({
    startedAt,
    listedAt: new Date(startedAt.getTime() + hours * hour),
    status: "succeeded" as const,
  }))
  const query = { since: "2026-11-20T11:00Z", until: "2026-11-20T13:00Z" }

  it("finds rows logged up to 24 hours late by default", async () => {
    const { client } = await start({ rows })
    expect(await collect(client.executions(query))).toHaveLength(2)
  })

  it("finds rows logged as late as logDelay says", async () => {
    const { client } = await start({ rows }, { logDelay: "2d" })
    expect(await collect(client.executions(query))).toHaveLength(3)
  })

  it("warns about a row logged later than logDelay", async () => {
    const { client } = await start({ rows }, { logDelay: "19h" })
    const page = await client.page({ until: "2026-11-21T00:00Z" })
    expect(page.warnings.map(({ text }) => text).join()).toContain(
      "listed more than 19 hours after its timestamp",
    )
  })
})

describe("an execution by its id", () => {
  it("returns inputs and outputs as JSON", async () => {
    const { client } = await start()
    const [first] = await collect(client.executions({ status: ["succeeded"] }, { limit: 1 }))
    const execution = await client.get(first?.id ?? "")
    expect(execution).toMatchObject({ id: first?.id, status: "succeeded", connection: "bot" })
    expect(execution.inputs).toHaveProperty("text")
    expect(execution.outputs).toHaveProperty("body")
    expect(execution).not.toHaveProperty("raw")
  })

  it("fails with NotFound when Dify does not know the id", async () => {
    const { client } = await start()
    await expect(client.get(unknownId)).rejects.toMatchObject({
      reason: "NotFound",
      message: `Dify has no execution ${unknownId}.`,
    })
  })

  it.each(["42", `x${unknownId}`, `${unknownId}0`])(
    "rejects the id %s, which is not a UUID, without a request",
    async (id) => {
      const { simulator, client } = await start()
      await expect(client.get(id)).rejects.toMatchObject({ reason: "InvalidQuery" })
      expect(simulator.requests).toEqual([])
    },
  )
})

describe("an execution by its id, from Dify 1.0.1", () => {
  const run = {
    id: unknownId,
    workflow_id: "workflow-1",
    status: "succeeded",
    inputs: "{}",
    outputs: null,
    elapsed_time: 0.5,
    created_at: "Wed, 12 Mar 2025 09:29:25 -0000",
    finished_at: "Wed, 12 Mar 2025 10:29:26 +0100",
  }
  const get = (run: object) =>
    createClient(dify({ apiKey: "canary-1" }), { fetch: async () => Response.json(run) }).get(
      unknownId,
    )

  it("reads times written as text as UTC", async () => {
    const { startedAt, finishedAt } = await get(run)
    expect(startedAt?.toISOString()).toBe("2025-03-12T09:29:25.000Z")
    expect(finishedAt?.toISOString()).toBe("2025-03-12T09:29:26.000Z")
  })

  it("returns no end when finished_at is 0", async () => {
    const { finishedAt, startedAt } = await get({
      ...run,
      status: "running",
      created_at: 1_741_771_765,
      finished_at: 0,
    })
    expect(finishedAt).toBeNull()
    expect(startedAt?.toISOString()).toBe("2025-03-12T09:29:25.000Z")
  })

  it("rejects an execution with a malformed time", async () => {
    await expect(get({ ...run, created_at: "last Wednesday" })).rejects.toMatchObject({
      reason: "Decode",
    })
  })
})

describe("the setting workflow", () => {
  it("names the workflow of executions and answers the workflow filter", async () => {
    const workflow = { id: "support", name: "Support" }
    const { simulator, client } = await start({ executions: 3 }, { workflow })
    const executions = await collect(client.executions({ workflowId: "support" }))
    expect(executions.map((execution) => execution.workflow)).toMatchObject([
      workflow,
      workflow,
      workflow,
    ])
    const [first] = executions
    expect((await client.get(first?.id ?? "")).workflow).toMatchObject(workflow)
    simulator.clearRequests()
    expect(await collect(client.executions({ workflowId: "sales" }))).toEqual([])
    expect(simulator.requests).toEqual([])
  })

  it("rejects the workflow filter without the setting, and names it", async () => {
    const { client } = await start()
    await expect(client.page({ workflowId: "support" })).rejects.toMatchObject({
      reason: "Unsupported",
      message: "Dify cannot filter by workflow: its log does not name the workflow.",
      hint: { code: "other", text: expect.stringContaining("Set the setting workflow") },
    })
  })

  it("explains on get that the key of a chat app lists nothing", async () => {
    const { client } = await start({ chatApp: true })
    expect((await client.page()).executions).toEqual([])
    await expect(client.get(unknownId)).rejects.toMatchObject({
      reason: "InvalidSettings",
      hint: { code: "other", text: expect.stringContaining("key of a workflow app") },
    })
  })
})

describe("a row without its run", () => {
  it("returns a row without its run under the row's id, as unknown", async () => {
    const { client } = await start({ executions: 40, nullRuns: 1 })
    const executions = await collect(client.executions())
    expect(executions).toHaveLength(40)
    expect(new Set(executions.map(({ status }) => status))).toEqual(new Set(["unknown"]))
  })
})

describe("a text to search for", () => {
  it.each(["2001", "x".repeat(30)])("sends a search to Dify: %s", async (search) => {
    const { simulator, client } = await start()
    await client.page({ search })
    expect(simulator.requests.at(-1)?.path).toContain(`keyword=${search}`)
  })

  it("rejects a search that Dify would cut", async () => {
    const { client } = await start()
    await expect(client.page({ search: "x".repeat(31) })).rejects.toMatchObject({
      reason: "Unsupported",
      message: expect.stringContaining("30 characters"),
    })
  })
})

describe("who started an execution", () => {
  const row = {
    id: "00000000-0000-4000-8000-000000000001",
    created_at: 1763600000,
    created_by_account: { id: "account-1", name: "Maria", email: "maria@example.com" },
    created_by_end_user: { id: "user-1", type: "service_api", session_id: "session-1" },
  }

  it.each([
    ["account", { kind: "account", id: "maria@example.com" }],
    ["end_user", { kind: "end_user", id: "session-1" }],
    // Older servers send no role.
    [null, { kind: "account", id: "maria@example.com" }],
  ])("reads the actor by the role %s when both are named", async (role, expected) => {
    const answer = { data: [{ ...row, created_by_role: role }], has_more: false, total: 1 }
    const client = createClient(dify({ apiKey: "app-canary-role" }), {
      fetch: async () => Response.json(answer),
    })
    const [execution] = (await client.page()).executions
    expect(execution?.actor).toMatchObject(expected)
  })

  it("sends a session to Dify, filters an account in core, and explains why in the plan", async () => {
    const { client } = await start()
    const planned = (actorId: string) => client.explain({ actorId }).filters[0]
    expect(planned("user-2")).toMatchObject({ answer: "provider" })
    expect(planned("maria@example.com")).toMatchObject({
      answer: "execlog",
      note: expect.stringContaining("may be an account or an end user"),
    })
  })
})
