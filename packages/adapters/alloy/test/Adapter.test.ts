import { createClient, type Execution, type LogQuery } from "@execlog/core"
import { type AlloyOptions, type Simulator, startSimulator } from "@execlog/simulator"
import { afterEach, describe, expect, it } from "vitest"
import { alloy } from "../src/index.js"
import { served } from "./Served.js"

const simulators: Array<Simulator> = []
afterEach(async () => {
  for (const simulator of simulators.splice(0)) await simulator.stop()
})

const start = async (
  options: AlloyOptions = {},
  settings: Partial<Parameters<typeof alloy>[0]> = {},
) => {
  const simulator = await startSimulator({ alloy: { executions: 150, ...options } })
  simulators.push(simulator)
  const { baseUrl, apiKey, workflowIds, userIds } = simulator.alloy
  const client = createClient(alloy({ apiKey, baseUrl, ...settings }), { name: "production" })
  const [workflowId = ""] = workflowIds
  const [userId = ""] = userIds
  return { simulator, client, workflowId, userId }
}

const collect = async (iterable: AsyncIterable<Execution>): Promise<Array<Execution>> => {
  const executions: Array<Execution> = []
  for await (const execution of iterable) executions.push(execution)
  return executions
}

const ids = (executions: ReadonlyArray<Execution>) => executions.map(({ id }) => id).toSorted()
const shown = (executions: ReadonlyArray<Execution>) =>
  executions.map(({ id, status }) => `${id} ${status}`).toSorted()

const statusOf: Readonly<Record<string, string>> = {
  executionStarted: "running",
  executionFinished: "succeeded",
  executionError: "failed",
}

describe("the events of Alloy", () => {
  it.each([2, 7, 100])("folds events into one execution each, in pages of %i", async (pageSize) => {
    const { simulator, client } = await start()
    const truth = [...simulator.alloy.truth()].map(
      ({ executionId, message }) => `${executionId} ${statusOf[message]}`,
    )
    expect(shown(await collect(client.executions({ pageSize })))).toEqual(truth.toSorted())
  })

  it("reads the same executions when the server returns smaller pages than requested", async () => {
    const { simulator, client } = await start({ maxPageSize: 10 })
    const executions = await collect(client.executions())
    expect(executions).toHaveLength([...simulator.alloy.truth()].length)
  })

  it("returns the same executions when events arrive during the walk", async () => {
    const { simulator, client } = await start()
    const before = [...simulator.alloy.truth()].map(({ executionId }) => executionId)
    const found: Array<Execution> = []
    for await (const page of client.pages({ pageSize: 10 })) {
      found.push(...page.executions)
      simulator.alloy.finish(simulator.alloy.start({}), "ok")
    }
    expect(new Set(ids(found)).size).toBe(found.length)
    expect(ids(found).filter((id) => before.includes(id))).toEqual(before.toSorted())
  })
})

describe.each(["list", "detail"] as const)("a query on the %s endpoint", (endpoint) => {
  const queries = (workflowId: string, userId: string): ReadonlyArray<LogQuery> => [
    { workflowId, status: ["failed"] },
    { workflowId, status: ["failed", "succeeded"] },
    { workflowId, status: ["running"] },
    { workflowId, status: ["canceled"] },
    { workflowId, actorId: userId },
    { workflowId, since: "2026-11-21T07:30:00Z" },
    { workflowId, until: "2026-11-21T07:30:00Z", status: ["running", "failed"] },
    { workflowId, since: "2026-11-21T07:00Z", until: "2026-11-21T07:40Z" },
  ]

  it("returns what filtering in memory would", async () => {
    const { simulator, client, workflowId, userId } = await start({ executions: 300 })
    const truth = [...simulator.alloy.truth()]
    const include = endpoint === "detail" ? { include: ["steps"] as const } : {}
    for (const query of queries(workflowId, userId)) {
      const after = Date.parse(String(query.since ?? "1970-01-01"))
      const before = Date.parse(String(query.until ?? "2999-01-01"))
      const expected = truth.filter((execution) => {
        const startedAt = Date.parse(execution.startedAt ?? "")
        const status: string | undefined = statusOf[execution.message]
        return (
          execution.workflowId === workflowId &&
          (query.actorId === undefined || execution.userId === query.actorId) &&
          (query.status === undefined || query.status.some((word) => word === status)) &&
          startedAt >= after &&
          startedAt < before
        )
      })
      expect(client.explain({ ...query, ...include }).endpoint).toBe(endpoint)
      const executions = await collect(client.executions({ ...query, ...include, pageSize: 20 }))
      expect(ids(executions), JSON.stringify(query)).toEqual(
        expected.map(({ executionId }) => executionId).toSorted(),
      )
    }
  })
})

describe("until", () => {
  const query = { until: "2026-11-21T07:30:00Z" }

  it("sends until to Alloy when maxDuration is set", async () => {
    const { client } = await start({}, { maxDuration: "1h" })
    const [filter] = client.explain(query).filters
    expect(filter).toMatchObject({ filter: "until", answer: "both" })
  })

  it("never returns a finished execution as running, with or without maxDuration", async () => {
    const { simulator, client } = await start()
    const bounded = createClient(
      alloy({
        apiKey: simulator.alloy.apiKey,
        baseUrl: simulator.alloy.baseUrl,
        maxDuration: "24h",
      }),
      { name: "production" },
    )
    const expected = await collect(client.executions(query))
    expect(shown(await collect(bounded.executions(query)))).toEqual(shown(expected))
    expect(client.explain(query).filters[0]?.answer).toBe("execlog")
  })
})

describe("the log of one workflow", () => {
  it("returns steps with the requested inputs and outputs", async () => {
    const { client, workflowId } = await start()
    const include = ["steps", "inputs", "outputs"] as const
    const executions = await collect(
      client.executions({ workflowId, status: ["failed"], include }, { limit: 1 }),
    )
    const [execution] = executions
    const failed = execution?.steps?.find(({ status }) => status === "failed")
    expect(failed?.error?.message).toBeTruthy()
    expect(execution?.error).toMatchObject({ stepId: failed?.id })
    expect(execution?.outputs).toEqual(execution?.steps?.at(-1)?.outputs)
    expect(execution?.inputs).toEqual(execution?.steps?.[0]?.inputs)
  })

  it("omits inputs and outputs that were not requested", async () => {
    const { client, workflowId } = await start()
    const executions = await collect(client.executions({ workflowId, include: ["steps"] }))
    expect(JSON.stringify(executions)).not.toMatch(/"(inputs|outputs)"/)
  })

  it("returns the same executions in both orders", async () => {
    const { client, workflowId } = await start({ executions: 200 })
    const query = { workflowId, include: ["steps"] } as const
    const newest = await collect(client.executions({ ...query, order: "newest" }))
    const oldest = await collect(client.executions({ ...query, order: "oldest" }))
    expect(newest.length).toBeGreaterThan(30)
    expect(ids(oldest)).toEqual(ids(newest))
    const times = oldest.map(({ startedAt }) => startedAt?.getTime() ?? 0)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  it("assigns the inputs of a connector that ran twice in turn", async () => {
    const result = (stoppedAt: string, data: unknown) => ({
      connectorId: "loop",
      startedAt: "2026-11-21T07:00:00.000Z",
      stoppedAt,
      data: [[data]],
    })
    const log = {
      executionId: "execution-000000000001",
      startedAt: "2026-11-21T07:00:00.000Z",
      stoppedAt: "2026-11-21T07:00:02.000Z",
      finished: true,
      results: [
        result("2026-11-21T07:00:01.000Z", { json: 1 }),
        result("2026-11-21T07:00:02.000Z", { json: 2 }),
      ],
      inputs: [
        { connectorId: "loop", data: "first" },
        { connectorId: "loop", data: "second" },
      ],
    }
    const client = createClient(alloy({ apiKey: "canary-sample-1" }), {
      fetch: async (input) =>
        Response.json({ data: String(input).includes("page=1") ? [log] : [] }),
    })
    const include = ["steps", "inputs"] as const
    const [execution] = await collect(client.executions({ workflowId: "w", include }))
    expect(execution?.steps?.map(({ inputs, durationMs }) => [inputs, durationMs])).toEqual([
      ["first", 1000],
      ["second", 2000],
    ])
  })
})

describe("unsupported queries of Alloy", () => {
  it("rejects filters by fields that the workflow log lacks", async () => {
    const { client, workflowId } = await start()
    for (const filter of [
      { providerStatus: "executionError" },
      { attributes: { workflowVersion: "2" } },
    ]) {
      await expect(client.page({ workflowId, ...filter })).resolves.toBeDefined()
      await expect(
        client.page({ workflowId, include: ["steps"], ...filter }),
      ).rejects.toMatchObject({ reason: "Unsupported" })
    }
  })

  it("rejects the order oldest on events", async () => {
    const { client } = await start()
    await expect(client.page({ order: "oldest" })).rejects.toMatchObject({ reason: "Unsupported" })
  })

  it("rejects a search", async () => {
    const { client } = await start()
    await expect(client.page({ search: "x" })).rejects.toMatchObject({ reason: "Unsupported" })
  })
})

describe("the version of the API", () => {
  it("sends the API version with every request, and takes it from the setting", async () => {
    const versions: Array<string | null> = []
    const fetch: typeof globalThis.fetch = async (_, init) => {
      versions.push(new Headers(init?.headers).get("x-api-version"))
      return Response.json({ notifications: [], data: [], pagination: { totalItems: 0 } })
    }
    await createClient(alloy({ apiKey: "canary-sample-1" }), { fetch }).page()
    await createClient(alloy({ apiKey: "canary-sample-1", apiVersion: "2026-01" }), {
      fetch,
    }).page()
    expect(versions).toEqual(["2025-09", "2026-01"])
  })
})

describe("the numbered pages of a workflow log", () => {
  const execution = {
    startedAt: Date.UTC(2026, 10, 21, 7),
    durationMs: 0,
    outcome: "succeeded",
    delayMs: 0,
    workflow: 0,
    actor: 0,
  } as const

  /** Reads seven executions of one instant while changes befall them, and tells which are missing. */
  const missing = async (changes: { readonly delete: number; readonly insert: number }) => {
    await using server = await served.start(
      Array.from({ length: 7 }, () => execution),
      {
        listen: false,
      },
    )
    const deleted = server.ids[2] ?? ""
    let requests = 0
    const fetch: typeof globalThis.fetch = (input, init) => {
      requests += 1
      if (requests === changes.delete) server.delete(deleted)
      if (requests === changes.insert) server.insert(execution)
      const url = new URL(String(input))
      url.searchParams.set("limit", String(Math.min(6, Number(url.searchParams.get("limit")))))
      return server.fetch(url, init)
    }
    // The settings of a server are what its adapter takes.
    const client = createClient(alloy(server.settings as never), { fetch })
    const query = { workflowId: server.workflowId(0), include: ["steps"], pageSize: 3 } as const
    expect(client.explain(query).consistency).toBe("bestEffort")
    const found = ids(await collect(client.executions(query)))
    return server.ids.filter((id) => id !== deleted && !found.includes(id)).length
  }

  it("loses no execution when others are deleted or inserted", async () => {
    expect(await missing({ delete: 5, insert: 0 })).toBe(0)
    expect(await missing({ delete: 0, insert: 6 })).toBe(0)
  })

  it("loses one execution when another is deleted and a third inserted between the last requests", async () => {
    expect(await missing({ delete: 5, insert: 6 })).toBe(1)
  })
})

describe("one execution of Alloy", () => {
  it("returns an execution by its executionId, with steps and error", async () => {
    const { client } = await start()
    const [failed] = await collect(client.executions({ status: ["failed"] }, { limit: 1 }))
    const id = failed === undefined ? null : client.idToGet(failed)
    expect(id).toBe(failed?.attributes["executionId"])
    const got = await client.get(id ?? "")
    expect(got.id).toBe(failed?.id)
    expect(got.error?.message).toBeTruthy()
    expect(got.steps?.length).toBeGreaterThan(0)
    await expect(client.get(failed?.id ?? "")).rejects.toMatchObject({
      reason: "NotFound",
      hint: {
        code: "check_id",
        text: "The executionId is one of the execution's attributes, and not its id.",
      },
    })
  })

  it("returns many executions by id, without deleted ones", async () => {
    const { client, simulator } = await start()
    const some = await collect(client.executions({}, { limit: 5 }))
    const asked = some.map((execution) => client.idToGet(execution) ?? "")
    simulator.alloy.delete(some[2]?.id ?? "")
    const { executions, absent } = await client.getMany(asked)
    expect(ids(executions)).toEqual(ids(some.filter((_, index) => index !== 2)))
    expect(absent).toEqual([asked[2]])
  })
})

describe("failed executions of Alloy", () => {
  const silent = (executions: ReadonlyArray<Execution>) =>
    executions.filter(({ error }) => error === null)

  /** Counts what is asked of the logs of workflows. */
  const counted = async () => {
    const started = await start()
    let asked = 0
    started.simulator.intercept(({ path }) => {
      if (path.includes("/workflows/")) asked += 1
      return undefined
    })
    return { ...started, logs: () => asked }
  }

  it("completes failed executions from the workflow log, read once per workflow", async () => {
    const { client, logs } = await counted()
    const failed = await collect(client.executions({ status: ["failed"] }))
    expect(silent(failed)).toHaveLength(failed.length)
    const { executions, completed, incomplete } = await client.complete(failed)
    expect(silent(executions)).toEqual([])
    expect([completed.length, incomplete]).toEqual([failed.length, []])
    const workflows = new Set(failed.map(({ workflow }) => workflow.id))
    expect(logs()).toBeGreaterThanOrEqual(workflows.size)
    expect(logs()).toBeLessThan(failed.length)
  })

  it("gives up on an execution more than 10 pages down the workflow log", async () => {
    const { client, simulator, logs, workflowId } = await counted()
    const begun = Date.parse("2026-11-01T00:00:00Z")
    const old = simulator.alloy.start({ workflow: 0, startedAt: begun })
    simulator.alloy.finish(old, "error", begun + 1000)
    for (let place = 1; place <= 310; place++) {
      const startedAt = begun + place * 60_000
      simulator.alloy.start({ workflow: 0, startedAt, completedAt: startedAt + 1000 })
    }
    const all = await collect(client.executions({ workflowId, status: ["failed"] }))
    const listed = all.filter(({ id }) => id === old)
    const { executions, incomplete } = await client.complete(listed)
    expect(executions).toEqual(listed)
    expect(incomplete).toMatchObject([{ id: old, error: { reason: "NotFound" } }])
    expect(logs()).toBe(10)
    // Older events are not searched again.
    await client.complete(listed)
    expect(logs()).toBe(10)
  })

  it("reports a failed execution with its error to followers", async () => {
    const now = new Date()
    const { client, simulator } = await start({ now })
    const running = simulator.alloy.start({ startedAt: now })
    let asked = 0
    simulator.intercept(() => {
      asked += 1
      if (asked === 3) simulator.alloy.finish(running, "error", now)
      return undefined
    })
    const reported: Array<Execution> = []
    for await (const { execution } of client.follow({}, { intervalMs: 1 })) {
      reported.push(execution)
      if (execution.status === "failed") break
    }
    expect(reported.at(-1)).toMatchObject({ id: running, status: "failed" })
    expect(reported.at(-1)?.error?.message).toBeTruthy()
  })
})
