import { createClient, type Execution, type Json, type LogQuery } from "@execlog/core"
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

/** A client of a server that answers everything with one item, or with a page of it. */
const given = (item: { readonly [name: string]: Json }, baseUrl?: string) =>
  createClient(
    n8n({ apiKey: "canary-n8n-1", baseUrl: baseUrl ?? "https://n8n.example.com/api/v1" }),
    {
      fetch: async (input) =>
        Response.json(
          new URL(String(input)).pathname.endsWith("/executions")
            ? { data: [item], nextCursor: null }
            : item,
        ),
    },
  )

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
    "are given as n8n lists them, the newest first, in pages of %s",
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

  it("are asked for in pages of 250, the most that n8n gives", async () => {
    const { client, asked } = await start()
    await collect(client.executions())
    expect(asked().map(({ searchParams }) => searchParams.get("limit"))).toEqual(["250", "250"])
    await expect(client.page({ pageSize: 251 })).rejects.toMatchObject({ reason: "InvalidQuery" })
  })

  it("are each given once while the one that a cursor names is deleted", async () => {
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
    { startedAfter: "2026-11-21T07:30:00Z" },
    { startedBefore: "2026-11-21T07:30:00Z", status: ["failed"] },
    { startedAfter: "2026-11-21T07:00Z", startedBefore: "2026-11-21T07:40Z" },
  ])("%j is answered as filtering in memory would", async (query) => {
    const { simulator, client, truth } = await start()
    for (const workflowId of [undefined, simulator.n8n.workflowIds[1]]) {
      const after = Date.parse(String(query.startedAfter ?? "1970-01-01"))
      const before = Date.parse(String(query.startedBefore ?? "2999-01-01"))
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
    [{ status: ["failed"] }, "status=error"],
    [{ status: ["succeeded"] }, "status=success"],
    [{ status: ["canceled"] }, "status=canceled"],
    [{ workflowId: "w 1" }, "workflowId=w+1"],
  ])("%j is asked of n8n", async (query, parameter) => {
    const { client, asked } = await start({ executions: 3 })
    await collect(client.executions(query))
    expect(asked()[0]?.search.slice(1).split("&")).toContain(parameter)
  })

  it("goes to n8n with every page, since cursors do not carry it", async () => {
    const { client, asked } = await start()
    await collect(client.executions({ status: ["failed"], include: ["steps"], pageSize: 5 }))
    expect(asked().length).toBeGreaterThan(3)
    for (const { searchParams } of asked()) {
      expect(searchParams.get("status")).toBe("error")
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
  ])("%j is Unsupported, since n8n cannot answer it", async (query) => {
    const { client, asked } = await start({ executions: 3 })
    await expect(client.page(query)).rejects.toMatchObject({ reason: "Unsupported" })
    expect(asked()).toEqual([])
  })

  it("without a status leaves out what runs and waits, and its plan says so", async () => {
    const { client } = await start({ executions: 3 })
    expect(client.explain({}).notes).toEqual([
      expect.stringContaining("GET /executions leaves out what is queued or running or waiting"),
    ])
    expect(client.explain({ status: ["running"] })).toMatchObject({
      notes: [],
      filters: [{ answer: "provider", sent: { status: "running" } }],
    })
  })

  it("asks for the data of executions only where it includes a part of that", async () => {
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
    "is given while it is %s, which no list shows",
    async (status) => {
      const { simulator, client } = await start({ executions: 3 })
      const id = simulator.n8n.insert({ status })
      expect(await client.get(id)).toMatchObject({ id, status: statusOf[status], durationMs: null })
    },
  )

  it("that n8n does not have is NotFound", async () => {
    const { client } = await start({ executions: 3 })
    await expect(client.get("4")).rejects.toMatchObject({ reason: "NotFound", status: 404 })
  })

  it.each(["abc", "1/retry", "-1", "1.5", "１"])("that is %s is refused unasked", async (id) => {
    const { client, asked } = await start({ executions: 3 })
    await expect(client.get(id)).rejects.toMatchObject({ reason: "InvalidQuery" })
    expect(asked()).toEqual([])
  })

  it("says what its data says", async () => {
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
  it("names what it repeats, and is named by it", async () => {
    const { simulator, client } = await start({ executions: 0 })
    const failed = simulator.n8n.insert({ status: "error" })
    const retry = simulator.n8n.insert({ status: "success", retryOf: failed })
    expect(await client.get(retry)).toMatchObject({ retryOf: failed, trigger: { kind: "retry" } })
    expect((await client.get(failed)).attributes).toMatchObject({ retrySuccessId: retry })
  })

  it("gives its steps in the order in which they ran, not in that of their numbers", async () => {
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

const node = (name: string, type: string) => ({ id: `id of ${name}`, name, type })
const run = (
  startTime: number,
  executionIndex: number,
  more: { readonly [name: string]: Json },
) => ({
  startTime,
  executionTime: 5,
  executionIndex,
  executionStatus: "success",
  source: [],
  ...more,
})
const items = (...values: ReadonlyArray<string>) => values.map((json) => ({ json }))
const began = Date.parse("2026-11-21T07:00:00Z")

/** A loop over two branches, whose nodes stand in another order than that in which they ran. */
const looped = {
  id: 7,
  status: "error",
  mode: "trigger",
  startedAt: "2026-11-21T07:00:00.000Z",
  stoppedAt: "2026-11-21T07:00:01.000Z",
  workflowId: 12,
  retryOf: 3,
  retrySuccessId: 9,
  customData: { order: "1" },
  data: {
    resultData: {
      lastNodeExecuted: "Send",
      error: { name: "NodeApiError", message: "", description: "The server refused." },
      runData: {
        Send: [
          run(began + 20, 2, {
            source: [{ previousNode: "Loop", previousNodeOutput: 1 }],
            data: { main: [items("sent 1")] },
          }),
          run(began + 40, 4, {
            executionStatus: "error",
            source: [{ previousNode: "Loop", previousNodeOutput: 1, previousNodeRun: 1 }, null],
            error: { description: "The server refused." },
          }),
        ],
        Mail: [run(began, 0, { data: { main: [items("mail")] } })],
        Loop: [
          run(began + 20, 1, {
            source: [{ previousNode: "Mail" }],
            data: { main: [[], items("first")] },
          }),
          run(began + 30, 3, {
            source: [{ previousNode: "Send" }],
            inputOverride: { main: [items("by hand")] },
            data: { main: [[], items("second")] },
          }),
        ],
      },
    },
  },
  workflowData: {
    name: "Mailing",
    nodes: [
      node("Mail", "n8n-nodes-base.emailReadImap"),
      node("Loop", "n8n-nodes-base.splitInBatches"),
      node("Send", "n8n-nodes-base.httpRequest"),
    ],
  },
}

describe("the steps of an execution", () => {
  it("are the runs of its nodes, each with what it was given and what it gave", async () => {
    const { steps, inputs, outputs } = await given(looped).get("7")
    expect(steps?.map((step) => [step.name, step.status, step.inputs, step.outputs])).toEqual([
      ["Mail", "succeeded", null, { main: [items("mail")] }],
      ["Loop", "succeeded", { main: [items("mail")] }, { main: [[], items("first")] }],
      ["Send", "succeeded", { main: [items("first")] }, { main: [items("sent 1")] }],
      ["Loop", "succeeded", { main: [items("by hand")] }, { main: [[], items("second")] }],
      ["Send", "failed", { main: [items("second"), null] }, null],
    ])
    expect(inputs).toEqual({ main: [items("mail")] })
    expect(outputs).toBeNull()
  })

  it("have the ids and types of their nodes, and their times", async () => {
    const { steps } = await given(looped).get("7")
    expect(steps?.at(-1)).toMatchObject({
      id: "id of Send",
      type: "n8n-nodes-base.httpRequest",
      providerStatus: "error",
      startedAt: new Date(began + 40),
      finishedAt: new Date(began + 45),
      durationMs: 5,
      error: { message: "The server refused.", type: null },
      attributes: { executionIndex: 4 },
    })
  })

  it("hold no inputs and outputs that were not asked for", async () => {
    const { executions } = await given(looped).page({ include: ["steps"] })
    expect(JSON.stringify(executions[0]?.steps)).not.toMatch(/"(inputs|outputs)"/)
  })

  it.each([
    [{ executionTime: 5 }, { startedAt: null, finishedAt: null, durationMs: 5 }],
    [{ startTime: began }, { finishedAt: null, durationMs: null }],
    [
      { startTime: began, executionTime: null },
      { finishedAt: null, durationMs: null },
    ],
    [
      { startTime: null, executionTime: 5 },
      { startedAt: null, finishedAt: null },
    ],
    [
      { startTime: began, executionTime: -1 },
      { finishedAt: null, durationMs: null },
    ],
    [
      { startTime: began, executionTime: 0 },
      { finishedAt: new Date(began), durationMs: 0 },
    ],
  ])("that n8n tells as %j have the end that follows from it", async (times, expected) => {
    const run = { executionStatus: "success", ...times }
    const client = given({ id: "1", data: { resultData: { runData: { A: [run] } } } })
    expect((await client.get("1")).steps).toMatchObject([expected])
  })

  it("of one instant come in the order in which n8n counted them", async () => {
    const run = { startTime: began, executionTime: 1, executionStatus: "success" }
    const runData = {
      B: [{ ...run, executionIndex: 2 }],
      A: [{ ...run, executionIndex: 1 }],
      C: [run],
    }
    const client = given({ id: "1", data: { resultData: { runData } } })
    const names = (await client.get("1")).steps?.map(({ name }) => name)
    expect(names).toEqual(["C", "A", "B"])
  })

  it("are unknown where n8n says no status, and have no end while they run", async () => {
    const run = { startTime: began, executionTime: 5 }
    const running = { ...run, startTime: began + 1, executionStatus: "running" }
    const client = given({
      id: "1",
      data: { resultData: { runData: { A: [run], B: [running] } } },
    })
    const { steps } = await client.get("1")
    expect(steps).toMatchObject([
      { id: null, name: "A", status: "unknown", providerStatus: null, durationMs: 5 },
      { name: "B", status: "running", finishedAt: null, durationMs: null },
    ])
  })
})

describe("an item of n8n", () => {
  it("may give its ids as numbers", async () => {
    expect(await given(looped).get("7")).toMatchObject({
      id: "7",
      retryOf: "3",
      workflow: { id: "12", name: "Mailing", version: null },
      attributes: { retrySuccessId: "9", customData: { order: "1" }, lastNodeExecuted: "Send" },
    })
  })

  it("tells what went wrong, in the words that it has, and in which step", async () => {
    expect((await given(looped).get("7")).error).toEqual({
      message: "The server refused.",
      type: "NodeApiError",
      stepId: "id of Send",
    })
  })

  it.each([
    ["https://n8n.example.com/api/v1", "https://n8n.example.com/workflow/12/executions/7"],
    ["https://a.example/n8n/api/v1/", "https://a.example/n8n/workflow/12/executions/7"],
    ["https://proxy.example/own", "https://proxy.example/own/workflow/12/executions/7"],
  ])("of %s is looked at under %s", async (baseUrl, url) => {
    expect((await given(looped, baseUrl).page()).executions[0]?.url).toBe(url)
  })

  it("has no address without its workflow", async () => {
    expect((await given({ ...looped, workflowId: null }).get("7")).url).toBeNull()
  })

  it.each([
    ["webhook", "webhook"],
    ["manual", "manual"],
    ["retry", "retry"],
    ["integrated", "subworkflow"],
    ["error", "event"],
    ["chat", "event"],
    ["cli", "manual"],
    ["evaluation", "manual"],
    ["internal", "unknown"],
  ])("of mode %s was set off by: %s", async (mode, kind) => {
    const { executions } = await given({ ...looped, mode }).page()
    expect(executions[0]?.trigger).toEqual({ kind, providerKind: mode })
  })

  it("of a trigger was set off by an event or a schedule, which only its data tells", async () => {
    const { data: _data, workflowData: _workflowData, ...plain } = looped
    expect((await given(plain).get("7")).trigger.kind).toBe("unknown")
    expect((await given(looped).get("7")).trigger.kind).toBe("event")
    for (const type of ["scheduleTrigger", "cron", "interval"]) {
      const nodes = [node("Mail", `n8n-nodes-base.${type}`)]
      const { trigger } = await given({ ...looped, workflowData: { nodes } }).get("7")
      expect(trigger).toEqual({ kind: "schedule", providerKind: "trigger" })
    }
  })

  it("was set off by the first node that had no input, where several had none", async () => {
    const runData = {
      Memory: [run(began + 1, 1, { data: { main: [items("remembered")] } })],
      Mail: [run(began, 0, { data: { main: [items("mail")] } })],
    }
    const nodes = [node("Mail", "n8n-nodes-base.cron"), node("Memory", "n8n-nodes-base.memory")]
    const item = { ...looped, data: { resultData: { runData } }, workflowData: { nodes } }
    const { inputs, trigger } = await given(item).get("7")
    expect(inputs).toEqual({ main: [items("mail")] })
    expect(trigger.kind).toBe("schedule")
  })

  it("is of the version that its own workflow data names, before the active one", async () => {
    const version = async (versions: { readonly [name: string]: Json }) =>
      (await given({ ...looped, workflowData: { nodes: [], ...versions } }).get("7")).workflow
        .version
    expect(await version({ activeVersionId: "active", versionId: "own" })).toBe("own")
    expect(await version({ activeVersionId: "active", versionId: null })).toBe("active")
  })

  it("that failed without a message tells the name of its error", async () => {
    const message = async (error: { readonly [name: string]: Json }) =>
      (await given({ ...looped, data: { resultData: { error } } }).get("7")).error?.message
    expect(await message({ name: "WorkflowCrashedError" })).toBe("WorkflowCrashedError")
    expect(await message({})).toBe("n8n does not say what went wrong.")
  })

  it("whose ids hold half a character is given all the same", async () => {
    const { executions } = await given({ ...looped, workflowId: "a\ud800" }).page()
    expect(executions[0]?.url).toBe("https://n8n.example.com/workflow/a%EF%BF%BD/executions/7")
  })
})

describe("the settings", () => {
  it("need the address: each n8n has its own", () => {
    const settings = { apiKey: "canary-n8n-1" } as Parameters<typeof n8n>[0]
    expect(() => n8n(settings)).toThrow('The setting "baseUrl" of n8n is missing.')
  })
})
