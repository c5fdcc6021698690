import type { Json } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { n8n } from "../src/index.js"
import { began, given, items, looped, node, run } from "./GivenItem.js"

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

it("is of the same connection when the setting changes that only tunes it", () => {
  const { tuning } = n8n({ apiKey: "canary-sample-1", baseUrl: "https://n8n.example.com/api/v1" })
  expect(tuning).toEqual(["maxQueueTime"])
})
