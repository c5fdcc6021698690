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
    ["a text", { error: "no stock" }, { message: "no stock", type: null }],
    ["an object with a message", { error: { message: "no stock" } }, { message: "no stock" }],
    ["another object", { error: { stock: 0 } }, { message: '{"stock":0}' }],
    ["an object whose message is no text", { error: { message: 7 } }, { message: '{"message":7}' }],
    ["a list", { error: ["no stock"] }, { message: '["no stock"]' }],
    ["an item's error", { data: [[{ error: "no stock" }]] }, { message: "no stock" }],
    ["an item's error in no batch", { data: [{ error: "no stock" }] }, { message: "no stock" }],
    [
      "a status code",
      { data: [[{ statusCode: 400 }]] },
      { message: "status code 400", type: "400" },
    ],
    ["the first of several", { data: [[{ statusCode: 500 }, { error: "b" }]] }, { type: "500" }],
  ])("has failed by %s", async (_what, more, expected) => {
    const { step, execution } = await detailed({ results: [{ ...result, ...Object(more) }] })
    expect(step?.status).toBe("failed")
    expect(step?.error).toMatchObject(Object(expected))
    expect(execution?.error).toMatchObject({ ...Object(expected), stepId: "shop" })
  })

  it.each<[string, Json]>([
    ["without an error", {}],
    ["with an error that is null", { error: null }],
    ["with a status code below 400", { data: [[{ statusCode: 399 }]] }],
    ["with a status code that is a text", { data: [[{ statusCode: "500" }]] }],
    ["with data that is no list", { data: "500" }],
    ["with items that are no objects", { data: ["error", [null, 400]] }],
  ])("has succeeded %s", async (_what, more) => {
    const { step, execution } = await detailed({ results: [{ ...result, ...Object(more) }] })
    expect(step).toMatchObject({ status: "succeeded", error: null, durationMs: 2000 })
    expect(execution?.error).toBeNull()
  })

  it("runs until it has stopped, and has no duration then", async () => {
    const { step } = await detailed({ results: [{ ...result, stoppedAt: null }] })
    expect(step).toMatchObject({ status: "running", finishedAt: null, durationMs: null })
  })

  it.each([
    ["that ended as it began lasted 0 ms", at(1), 0],
    ["that ended before it began has no duration", at(0), null],
  ])("%s", async (_what, stoppedAt, durationMs) => {
    const { step } = await detailed({ results: [{ ...result, stoppedAt }] })
    expect(step?.durationMs).toBe(durationMs)
  })

  it("without a start has no duration", async () => {
    const { step } = await detailed({ results: [{ ...result, startedAt: null }] })
    expect(step).toMatchObject({ startedAt: null, durationMs: null, status: "succeeded" })
  })

  it("whose inputs are not what Alloy sends costs its execution, and no other", async () => {
    const { rejected } = await detailed({ results: [result], inputs: [{ connectorId: 7 }] })
    expect(rejected).toHaveLength(1)
  })
})

describe("an execution that has failed", () => {
  it("has no error where no step tells of one", async () => {
    const { execution } = await detailed({ results: [result] })
    expect(execution).toMatchObject({ status: "failed", error: null })
  })

  it("and yet finished has succeeded, whatever its steps say", async () => {
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
  ])("%s is the first: %s, the last: %s", (message, isFirst, isLast) => {
    expect(fold?.isFirst(read({ message }))).toBe(isFirst)
    expect(fold?.isLast(read({ message }))).toBe(isLast)
  })

  it("tells how far back its execution's events reach, where it says the start", () => {
    expect(fold?.startedAt(read({ startedAt: at(5) }))).toBe(Date.parse(at(5)))
    expect(fold?.startedAt(read({ startedAt: null }))).toBeNull()
    expect(fold?.startedAt(read({}))).toBeNull()
  })

  it("is read without a total too, and a total is a number", async () => {
    const data = { executionUuid: "execution-000000000001" }
    const event = { message: "executionFinished", data, createdAt: at(0) }
    const bare = answeredWith({ notifications: [event] })
    expect((await bare.client.page()).executions).toHaveLength(1)
    const wrong = answeredWith({ notifications: [event], pagination: { totalItems: "one" } })
    await expect(wrong.client.page()).rejects.toMatchObject({ reason: "Decode" })
  })

  it("whose integration is not what Alloy sends is rejected", () => {
    const data = { executionUuid: "execution-000000000001" }
    const event = { message: "executionStarted", data, createdAt: at(0) }
    const forgeWorkflow = { name: "Orders", integrationId: { _id: 7 } }
    expect(connection.list.item({ ...event, forgeWorkflow }).ok).toBe(false)
  })
})

describe("what Alloy says of an error", () => {
  it.each<[Json, string | null]>([
    [{ message: "no such log" }, "no such log"],
    [{ error: "no such log" }, "no such log"],
    [{ message: { message: "no such log" } }, "no such log"],
    [{ error: { message: "no such log" } }, "no such log"],
    [{ message: "no such log", error: "Not Found" }, "no such log"],
    [{ code: 7 }, null],
  ])("is read from %j", async (body, providerMessage) => {
    const { client } = answeredWith(body, 400)
    await expect(client.page()).rejects.toMatchObject({ reason: "InvalidQuery", providerMessage })
  })
})

describe("the detailed log of a workflow", () => {
  const { client } = answeredWith({ data: [] })
  const endpointOf = (query: LogQuery) => client.explain(query).endpoint

  it("is asked where a workflow is named and more than the summary wanted", () => {
    expect(endpointOf({ workflowId: "w", include: ["steps"] })).toBe("detail")
    expect(endpointOf({ workflowId: "w", include: ["raw", "outputs"] })).toBe("detail")
    expect(endpointOf({ workflowId: "w", include: ["raw"] })).toBe("list")
    expect(endpointOf({ workflowId: "w" })).toBe("list")
    expect(endpointOf({ include: ["steps"] })).toBe("list")
  })

  it("ends at the upper bound of time where the oldest come first", async () => {
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

it("is of the same connection when a setting changes that only tunes it", () => {
  expect(connection.tuning).toEqual(["apiVersion", "maxDuration"])
})
