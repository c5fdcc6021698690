import { createClient, type Execution, type LogQuery } from "@execlog/core"
import { type N8nOptions, type Simulator, startSimulator } from "@execlog/simulator"
import { afterEach, describe, expect, it } from "vitest"
import { n8n } from "../src/index.js"

const simulators: Array<Simulator> = []
afterEach(async () => {
  for (const simulator of simulators.splice(0)) await simulator.stop()
})

const start = async (options: N8nOptions = {}) => {
  const simulator = await startSimulator({ n8n: { executions: 300, seed: 3, ...options } })
  simulators.push(simulator)
  const { baseUrl, apiKey } = simulator.n8n
  const client = createClient(n8n({ apiKey, baseUrl }), { name: "shop" })
  const asked = () => simulator.requests.map(({ path }) => new URL(path, simulator.url))
  return { simulator, client, asked, truth: [...simulator.n8n.truth()] }
}

const collect = async (iterable: AsyncIterable<Execution>): Promise<Array<Execution>> => {
  const executions: Array<Execution> = []
  for await (const execution of iterable) executions.push(execution)
  return executions
}

const idsOf = (executions: ReadonlyArray<{ readonly id: string }>) => executions.map(({ id }) => id)

const statusOf: Readonly<Record<string, string>> = {
  canceled: "canceled",
  crashed: "failed",
  error: "failed",
  new: "queued",
  running: "running",
  success: "succeeded",
  unknown: "unknown",
  waiting: "waiting",
}

describe("the executions of n8n", () => {
  it.each([7, 100, undefined])(
    "returns executions as n8n lists them, newest first, in pages of %s",
    async (pageSize) => {
      const { client, truth } = await start()
      const listed = truth.filter(({ status }) => !["new", "running", "waiting"].includes(status))
      const executions = await collect(client.executions({ pageSize }))
      expect(executions.map(({ id, status, startedAt }) => ({ id, status, startedAt }))).toEqual(
        listed.map(({ id, status, startedAt }) => ({
          id,
          status: statusOf[status],
          startedAt: new Date(String(startedAt)),
        })),
      )
    },
  )

  it("requests pages of 250, n8n's maximum", async () => {
    const { client, asked } = await start()
    await collect(client.executions())
    expect(asked().map(({ searchParams }) => searchParams.get("limit"))).toEqual(["250", "250"])
    await expect(client.page({ pageSize: 251 })).rejects.toMatchObject({ reason: "InvalidQuery" })
  })

  it("returns each execution once while the one that a cursor names is deleted", async () => {
    const { simulator, client } = await start({ executions: 60 })
    const all = idsOf(await collect(client.executions()))
    const found: Array<string> = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await client.page({ pageSize: 10 }, cursor)
      found.push(...idsOf(page.executions))
      simulator.n8n.delete(found.at(-1) ?? "")
      simulator.n8n.insert({ status: "success" })
      cursor = page.next
    }
    expect(found).toEqual(all)
  })
})

describe("a query", () => {
  it.each<LogQuery>([
    { status: ["failed"] },
    { status: ["succeeded"] },
    { status: ["canceled"] },
    { status: ["running"] },
    { status: ["failed", "canceled"] },
    { status: ["partial", "timed_out"] },
    { status: ["unknown"] },
    { since: "2026-11-21T07:30:00Z" },
    { until: "2026-11-21T07:30:00Z", status: ["failed"] },
    { since: "2026-11-21T07:00Z", until: "2026-11-21T07:40Z" },
  ])("returns for %j what filtering in memory would", async (query) => {
    const { simulator, client, truth } = await start()
    for (const workflowId of [undefined, simulator.n8n.workflowIds[1]]) {
      const after = Date.parse(String(query.since ?? "1970-01-01"))
      const before = Date.parse(String(query.until ?? "2999-01-01"))
      const expected = truth.filter((row) => {
        const startedAt = Date.parse(row.startedAt ?? "")
        const status = statusOf[row.status]
        return (
          (workflowId === undefined || row.workflowId === workflowId) &&
          (query.status === undefined
            ? status !== "running" && status !== "waiting"
            : query.status.some((one) => one === status)) &&
          startedAt >= after &&
          startedAt < before
        )
      })
      const found = await collect(client.executions({ ...query, workflowId, pageSize: 20 }))
      expect(idsOf(found)).toEqual(idsOf(expected))
    }
  })

  it.each<[LogQuery, string]>([
    [{ status: ["succeeded"] }, "status=success"],
    [{ status: ["canceled"] }, "status=canceled"],
    [{ workflowId: "w 1" }, "workflowId=w+1"],
  ])("sends %j to n8n", async (query, parameter) => {
    const { client, asked } = await start({ executions: 3 })
    await collect(client.executions(query))
    expect(asked()[0]?.search.slice(1).split("&")).toContain(parameter)
  })

  it("does not send the status failed, since n8n 2 omits crashed executions from error", async () => {
    const { client, asked } = await start({ executions: 3 })
    await collect(client.executions({ status: ["failed"] }))
    expect(asked()[0]?.searchParams.has("status")).toBe(false)
  })

  it("sends the query with every page, since cursors do not contain it", async () => {
    const { client, asked } = await start()
    await collect(client.executions({ status: ["succeeded"], include: ["steps"], pageSize: 5 }))
    expect(asked().length).toBeGreaterThan(3)
    for (const { searchParams } of asked()) {
      expect(searchParams.get("status")).toBe("success")
      expect(searchParams.get("includeData")).toBe("true")
    }
  })

  it.each<LogQuery>([
    { status: ["waiting"] },
    { status: ["queued"] },
    { status: ["running", "failed"] },
    { actorId: "somebody" },
    { search: "order" },
    { order: "oldest" },
  ])("rejects %j as unsupported without a request", async (query) => {
    const { client, asked } = await start({ executions: 3 })
    await expect(client.page(query)).rejects.toMatchObject({ reason: "Unsupported" })
    expect(asked()).toEqual([])
  })

  it("omits running and waiting executions without a status filter, and says so in the plan", async () => {
    const { client } = await start({ executions: 3 })
    expect(client.explain({}).notes).toEqual([
      {
        code: "omits_statuses",
        text: expect.stringContaining("GET /executions omits queued, running, waiting executions"),
      },
    ])
    expect(client.explain({ status: ["running"] })).toMatchObject({
      notes: [],
      filters: [{ answer: "provider", sent: { status: "running" } }],
    })
  })

  it("requests execution data only when a part of it is included", async () => {
    const { client, asked } = await start({ executions: 3 })
    await client.page()
    await client.page({ include: ["raw"] })
    expect(asked().map(({ searchParams }) => searchParams.has("includeData"))).toEqual([
      false,
      false,
    ])
    const [plain] = (await client.page()).executions
    expect(plain).not.toHaveProperty("steps")
    for (const part of ["steps", "inputs", "outputs"] as const) {
      const { executions } = await client.page({ include: [part] })
      const given = Object.keys(executions[0] ?? {})
      expect(given.filter((name) => /^(steps|inputs|outputs)$/.test(name))).toEqual([part])
    }
  })
})

describe("an execution by its id", () => {
  it.each(["new", "running", "waiting"] as const)(
    "returns by id an execution that is %s, which no list shows",
    async (status) => {
      const { simulator, client } = await start({ executions: 3 })
      const id = simulator.n8n.insert({ status })
      expect(await client.get(id)).toMatchObject({ id, status: statusOf[status], durationMs: null })
    },
  )

  it("fails with NotFound when n8n does not have the execution", async () => {
    const { client } = await start({ executions: 3 })
    await expect(client.get("4")).rejects.toMatchObject({ reason: "NotFound", status: 404 })
  })

  it.each(["abc", "1/retry", "-1", "1.5", "１"])(
    "rejects the id %s without a request",
    async (id) => {
      const { client, asked } = await start({ executions: 3 })
      await expect(client.get(id)).rejects.toMatchObject({ reason: "InvalidQuery" })
      expect(asked()).toEqual([])
    },
  )

  it("returns by id what the execution's data contains", async () => {
    const { simulator, client } = await start({ executions: 0 })
    const parent = simulator.n8n.insert({ status: "success" })
    const child = simulator.n8n.insert({ status: "error", workflow: 2 })
    expect(await client.get(child)).toMatchObject({
      parentId: parent,
      trigger: { kind: "subworkflow", providerKind: "integrated" },
      workflow: { id: simulator.n8n.workflowIds[2], name: "Refund" },
      error: { type: "NodeOperationError", message: "Card declined for order 2" },
    })
    const scheduled = simulator.n8n.insert({ status: "success", workflow: 1 })
    expect((await client.get(scheduled)).trigger).toEqual({
      kind: "schedule",
      providerKind: "trigger",
    })
  })
})

describe("a retry", () => {
  it("links a retry and its original execution both ways", async () => {
    const { simulator, client } = await start({ executions: 0 })
    const failed = simulator.n8n.insert({ status: "error" })
    const retry = simulator.n8n.insert({ status: "success", retryOf: failed })
    expect(await client.get(retry)).toMatchObject({ retryOf: failed, trigger: { kind: "retry" } })
    expect((await client.get(failed)).attributes).toMatchObject({ retrySuccessId: retry })
  })

  it("orders the steps of a retry by when they ran, not by their numbers", async () => {
    const { simulator, client } = await start({ executions: 0 })
    const retry = simulator.n8n.insert({ status: "error", retryOf: "1" })
    const { steps, error } = await client.get(retry)
    expect(steps?.map(({ name, attributes }) => [name, attributes["executionIndex"]])).toEqual([
      ["Webhook", 0],
      ["Shape order", 1],
      ["Charge card", 0],
    ])
    expect(error?.stepId).toBe(steps?.[2]?.id)
  })
})

describe("the settings", () => {
  it("requires a baseUrl", () => {
    const settings = { apiKey: "canary-n8n-1" } as Parameters<typeof n8n>[0]
    expect(() => n8n(settings)).toThrow('The setting "baseUrl" of n8n is missing.')
  })
})

describe("an execution whose data n8n cannot write out", () => {
  it("returns an execution with broken data without steps, and all others with theirs", async () => {
    const { simulator, client: sound } = await start({ executions: 400 })
    const listed = idsOf(await collect(sound.executions()))
    // The second stands where only a cursor leads, which holds a limit of its own.
    const broken = listed.filter((_, index) => index === 30 || index === 270)
    expect(broken).toHaveLength(2)
    const { baseUrl, apiKey } = simulator.n8n
    const client = createClient(n8n({ apiKey, baseUrl }), {
      transport: { retries: 0 },
      fetch: async (input, init) => {
        const response = await fetch(input, init)
        const text = await response.text()
        const isBroken =
          new URL(String(input)).searchParams.has("includeData") &&
          broken.some((id) => text.includes(`{"id":"${id}"`) || text.includes(`{"id":${id},`))
        return isBroken
          ? Response.json({ message: "Internal server error" }, { status: 500 })
          : new Response(text, response)
      },
    })
    const warnings: Array<string> = []
    const given = await collect(
      client.executions({ include: ["steps"] }, { onWarning: ({ text }) => warnings.push(text) }),
    )
    expect(idsOf(given)).toEqual(listed)
    const without = idsOf(given.filter(({ steps }) => steps === undefined))
    expect(without).toEqual(broken)
    for (const id of without) expect(warnings.join()).toMatch(new RegExp(`\\b${id}\\b`))
  })
})
