import { createClient, type Json, type LogQuery } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { alloy } from "../src/index.js"

const connection = alloy({ apiKey: "canary-sample-1" })
const at = (second: number) => `2026-11-21T07:00:${String(second).padStart(2, "0")}.000Z`

/** A client over a server that gives one page. */
const answeredWith = (body: Json, status = 200) => {
  const asked: Array<URL> = []
  const fetch: typeof globalThis.fetch = async (input) => {
    const url = new URL(String(input))
    asked.push(url)
    return asked.length === 1 || status !== 200
      ? Response.json(body, { status })
      : Response.json({ data: [], notifications: [] })
  }
  return { asked, client: createClient(connection, { fetch, transport: { retries: 0 } }) }
}

const log = {
  executionId: "execution-000000000001",
  startedAt: at(0),
  stoppedAt: at(9),
  finished: false,
}

/** One execution of the detailed log, and its first step. */
const detailed = async (
  more: { readonly [name: string]: Json },
  include: LogQuery["include"] = ["steps", "outputs"],
) => {
  const { client } = answeredWith({ data: [{ ...log, ...more }] })
  const { executions, rejected } = await client.page({ workflowId: "w", include })
  return { execution: executions[0], step: executions[0]?.steps?.[0], rejected }
}

const result = { connectorId: "shop", startedAt: at(1), stoppedAt: at(3) }

describe("a step", () => {
  it.each<[string, Json, unknown]>([
    ["an error text", { error: "no stock" }, { message: "no stock", type: null }],
    ["an error with a message", { error: { message: "no stock" } }, { message: "no stock" }],
    ["another error object", { error: { stock: 0 } }, { message: '{"stock":0}' }],
    ["an error whose message is not text", { error: { message: 7 } }, { message: '{"message":7}' }],
    ["an error list", { error: ["no stock"] }, { message: '["no stock"]' }],
    ["an item's error", { data: [[{ error: "no stock" }]] }, { message: "no stock" }],
    ["an item's error outside a batch", { data: [{ error: "no stock" }] }, { message: "no stock" }],
    [
      "a status code of 400",
      { data: [[{ statusCode: 400 }]] },
      { message: "status code 400", type: "400" },
    ],
    [
      "several errors, of which the first counts",
      { data: [[{ statusCode: 500 }, { error: "b" }]] },
      { type: "500" },
    ],
  ])("reads a step as failed when it has %s", async (_what, more, expected) => {
    const { step, execution } = await detailed({ results: [{ ...result, ...Object(more) }] })
    expect(step?.status).toBe("failed")
    expect(step?.error).toMatchObject(Object(expected))
    expect(execution?.error).toMatchObject({ ...Object(expected), stepId: "shop" })
  })

  it.each<[string, Json]>([
    ["without an error", {}],
    ["with a null error", { error: null }],
    ["with a status code below 400", { data: [[{ statusCode: 399 }]] }],
    ["with a status code as text", { data: [[{ statusCode: "500" }]] }],
    ["with data that is not a list", { data: "500" }],
    ["with items that are not objects", { data: ["error", [null, 400]] }],
  ])("reads a step as succeeded %s", async (_what, more) => {
    const { step, execution } = await detailed({ results: [{ ...result, ...Object(more) }] })
    expect(step).toMatchObject({ status: "succeeded", error: null, durationMs: 2000 })
    expect(execution?.error).toBeNull()
  })

  it("reads a step without stoppedAt as running, without a duration", async () => {
    const { step } = await detailed({ results: [{ ...result, stoppedAt: null }] })
    expect(step).toMatchObject({ status: "running", finishedAt: null, durationMs: null })
  })

  it.each([
    ["returns 0 ms for a step that ended when it started", at(1), 0],
    ["returns no duration for a step that ended before it started", at(0), null],
  ])("%s", async (_what, stoppedAt, durationMs) => {
    const { step } = await detailed({ results: [{ ...result, stoppedAt }] })
    expect(step?.durationMs).toBe(durationMs)
  })

  it("returns no duration for a step without a start", async () => {
    const { step } = await detailed({ results: [{ ...result, startedAt: null }] })
    expect(step).toMatchObject({ startedAt: null, durationMs: null, status: "succeeded" })
  })

  it("rejects only the execution whose step inputs are malformed", async () => {
    const { rejected } = await detailed({ results: [result], inputs: [{ connectorId: 7 }] })
    expect(rejected).toHaveLength(1)
  })
})

describe("a failed execution", () => {
  it("returns no error when no step has one", async () => {
    const { execution } = await detailed({ results: [result] })
    expect(execution).toMatchObject({ status: "failed", error: null })
  })

  it("reads an execution with finished: true as succeeded, whatever its steps say", async () => {
    const { execution } = await detailed({
      finished: true,
      results: [{ ...result, error: "no stock" }],
    })
    expect(execution).toMatchObject({ status: "succeeded", error: null })
  })
})

describe("an event", () => {
  const read = (event: object) => {
    const data = { executionUuid: "execution-000000000001" }
    const item = connection.list.item({
      message: "executionStarted",
      data,
      createdAt: at(0),
      ...event,
    })
    if (!item.ok) throw new Error(item.reason)
    return item.item
  }
  const { fold } = connection.list

  it.each([
    ["executionStarted", true, false],
    ["executionFinished", false, true],
    ["executionError", false, true],
    ["executionPaused", false, false],
  ])("recognizes %s as the first event: %s, as the last: %s", (message, isFirst, isLast) => {
    expect(fold?.isFirst(read({ message }))).toBe(isFirst)
    expect(fold?.isLast(read({ message }))).toBe(isLast)
  })

  it("reads from startedAt how far back an execution's events reach", () => {
    expect(fold?.startedAt(read({ startedAt: at(5) }))).toBe(Date.parse(at(5)))
    expect(fold?.startedAt(read({ startedAt: null }))).toBeNull()
    expect(fold?.startedAt(read({}))).toBeNull()
  })

  it("accepts a missing total, and rejects one that is not a number", async () => {
    const data = { executionUuid: "execution-000000000001" }
    const event = { message: "executionFinished", data, createdAt: at(0) }
    const bare = answeredWith({ notifications: [event] })
    expect((await bare.client.page()).executions).toHaveLength(1)
    const wrong = answeredWith({ notifications: [event], pagination: { totalItems: "one" } })
    await expect(wrong.client.page()).rejects.toMatchObject({ reason: "Decode" })
  })

  it("rejects an event whose integration is malformed", () => {
    const data = { executionUuid: "execution-000000000001" }
    const event = { message: "executionStarted", data, createdAt: at(0) }
    const forgeWorkflow = { name: "Orders", integrationId: { _id: 7 } }
    expect(connection.list.item({ ...event, forgeWorkflow }).ok).toBe(false)
  })
})

describe("an error response of Alloy", () => {
  it.each<[Json, string | null]>([
    [{ message: "no such log" }, "no such log"],
    [{ error: "no such log" }, "no such log"],
    [{ message: { message: "no such log" } }, "no such log"],
    [{ error: { message: "no such log" } }, "no such log"],
    [{ message: "no such log", error: "Not Found" }, "no such log"],
    [{ code: 7 }, null],
  ])("reads the provider's message from %j", async (body, providerMessage) => {
    const { client } = answeredWith(body, 400)
    await expect(client.page()).rejects.toMatchObject({ reason: "InvalidQuery", providerMessage })
  })
})

describe("the detailed log of a workflow", () => {
  const { client } = answeredWith({ data: [] })
  const endpointOf = (query: LogQuery) => client.explain(query).endpoint

  it("requests the detailed log when a workflow is named and steps or outputs are included", () => {
    expect(endpointOf({ workflowId: "w", include: ["steps"] })).toBe("detail")
    expect(endpointOf({ workflowId: "w", include: ["raw", "outputs"] })).toBe("detail")
    expect(endpointOf({ workflowId: "w", include: ["raw"] })).toBe("list")
    expect(endpointOf({ workflowId: "w" })).toBe("list")
    expect(endpointOf({ include: ["steps"] })).toBe("list")
  })

  it("ends the walk at until when the oldest come first", async () => {
    const late = { ...log, startedAt: at(30), stoppedAt: null, executionId: "late" }
    const page = Array.from({ length: 5 }, (_, index) => ({
      ...late,
      executionId: `late-${index}`,
    }))
    const { client: over, asked } = answeredWith({ data: [log, ...page] })
    const include = ["steps"] as const
    const query = { workflowId: "w", include, order: "oldest", until: at(10) } as const
    const { executions, next } = await over.page(query)
    expect(executions.map(({ id }) => id)).toEqual([log.executionId])
    expect(next).toBeNull()
    expect(asked).toHaveLength(1)
  })
})

it("declares apiVersion and maxDuration as tuning", () => {
  expect(connection.tuning).toEqual(["apiVersion", "maxDuration"])
})
