import type { Json } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { n8n } from "../src/index.js"
import { began, given, items, looped, node, run } from "./GivenItem.js"

describe("the steps of an execution", () => {
  it("returns each node's run as a step, with its input and output", async () => {
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

  it("returns the node's id, type and times in each step", async () => {
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

  it("omits inputs and outputs of steps that were not requested", async () => {
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
  ])("computes the end of a step from %j", async (times, expected) => {
    const run = { executionStatus: "success", ...times }
    const client = given({ id: "1", data: { resultData: { runData: { A: [run] } } } })
    expect((await client.get("1")).steps).toMatchObject([expected])
  })

  it("orders steps of one instant by n8n's execution index", async () => {
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

  it("returns unknown for a step without a status, and no end while it runs", async () => {
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
  it.each([
    [{ finished: true, stoppedAt: "2026-11-21T07:00:01.000Z" }, "succeeded"],
    [{ finished: false, stoppedAt: "2026-11-21T07:00:01.000Z" }, "failed"],
    [{ finished: false }, "running"],
    [{ finished: false, waitTill: "2026-11-22T07:00:00.000Z" }, "waiting"],
    [
      {
        finished: false,
        waitTill: "2026-11-22T07:00:00.000Z",
        stoppedAt: "2026-11-21T07:00:01.000Z",
      },
      "failed",
    ],
    [{}, "unknown"],
  ])("has the status that follows from %j if its server returns none", async (told, status) => {
    const item = { id: "7", startedAt: "2026-11-21T07:00:00.000Z", ...told }
    expect((await given(item).get("7")).status).toBe(status)
  })

  it("returns the output of the last node, not of the node that ran last, and none without data", async () => {
    const output = (value: string) => ({ data: { main: [items(value)] } })
    const runData = { A: [run(began, 0, output("a"))], B: [run(began + 9, 1, output("b"))] }
    const item = { id: "7", data: { resultData: { lastNodeExecuted: "A", runData } } }
    expect((await given(item).get("7")).outputs).toEqual({ main: [items("a")] })
    expect((await given({ id: "7", data: {} }).get("7")).outputs).toBeNull()
    expect((await given({ id: "7", data: { resultData: {} } }).get("7")).outputs).toBeNull()
  })

  it("reads ids given as numbers", async () => {
    expect(await given(looped).get("7")).toMatchObject({
      id: "7",
      retryOf: "3",
      workflow: { id: "12", name: "Mailing", version: null },
      attributes: { retrySuccessId: "9", customData: { order: "1" }, lastNodeExecuted: "Send" },
    })
  })

  it("returns the error's message and type, and the failed step", async () => {
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
    ["https://a.example/api/v10", "https://a.example/workflow/12/executions/7"],
    ["https://a.example/api/v1/own", "https://a.example/api/v1/own/workflow/12/executions/7"],
  ])("links an execution of %s to %s", async (baseUrl, url) => {
    expect((await given(looped, baseUrl).page()).executions[0]?.url).toBe(url)
  })

  it("returns no URL without a workflow id", async () => {
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
  ])("maps the mode %s to the trigger %s", async (mode, kind) => {
    const { executions } = await given({ ...looped, mode }).page()
    expect(executions[0]?.trigger).toEqual({ kind, providerKind: mode })
  })

  it("reads from the data whether a trigger was an event or a schedule", async () => {
    const { data: _data, workflowData: _workflowData, ...plain } = looped
    expect((await given(plain).get("7")).trigger.kind).toBe("unknown")
    expect((await given(looped).get("7")).trigger.kind).toBe("event")
    for (const type of ["scheduleTrigger", "cron", "interval"]) {
      const nodes = [node("Mail", `n8n-nodes-base.${type}`)]
      const { trigger } = await given({ ...looped, workflowData: { nodes } }).get("7")
      expect(trigger).toEqual({ kind: "schedule", providerKind: "trigger" })
    }
  })

  it("reads the trigger from the first node without input", async () => {
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

  it("prefers the version in the execution's workflow data over the active one", async () => {
    const version = async (versions: { readonly [name: string]: Json }) =>
      (await given({ ...looped, workflowData: { nodes: [], ...versions } }).get("7")).workflow
        .version
    expect(await version({ activeVersionId: "active", versionId: "own" })).toBe("own")
    expect(await version({ activeVersionId: "active", versionId: null })).toBe("active")
  })

  it("returns the name of an error without a message", async () => {
    const message = async (error: { readonly [name: string]: Json }) =>
      (await given({ ...looped, data: { resultData: { error } } }).get("7")).error?.message
    expect(await message({ name: "WorkflowCrashedError" })).toBe("WorkflowCrashedError")
    expect(await message({})).toBe("n8n does not say what went wrong.")
  })

  it("returns an execution whose ids contain a lone surrogate", async () => {
    const { executions } = await given({ ...looped, workflowId: "a\ud800" }).page()
    expect(executions[0]?.url).toBe("https://n8n.example.com/workflow/a%EF%BF%BD/executions/7")
  })
})

it("declares maxQueueTime as tuning", () => {
  const { tuning } = n8n({ apiKey: "canary-sample-1", baseUrl: "https://n8n.example.com/api/v1" })
  expect(tuning).toEqual(["maxQueueTime"])
})
