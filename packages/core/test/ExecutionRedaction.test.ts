import { describe, expect, it } from "vitest"
import { createClient, type Redact, redactPaths, type Rejected } from "../src/index.js"
import { DecodeFault } from "../src/model/DecodeFault.js"
import { redactExecution, redactRejected } from "../src/model/Masking.js"
import { bareExecution } from "./BareExecution.js"
import { own } from "./OwnConnection.js"
import { sampleClient, sampleFetch, windowsByNumber } from "./SampleProvider.js"

const execution = bareExecution({
  connection: "shop",
  id: "execution-1",
  workflow: { id: "workflow-1", name: "Orders of Dana", version: null },
  status: "failed",
  providerStatus: "failed",
  timestamp: new Date(0),
  startedAt: new Date(0),
  finishedAt: new Date(1000),
  listedAt: new Date(0),
  durationMs: 1000,
  error: { message: "rejected for dana@example.com", type: null, stepId: null },
  trigger: { kind: "webhook", providerKind: null },
  actor: { kind: "end_user", id: "user-1", name: "Dana", email: "dana@example.com" },
  usage: { totalTokens: 3, totalSteps: 1 },
  url: "https://sample.example/execution-1?token=abc",
  attributes: { region: "north", session: "s-1" },
  steps: [
    {
      id: "step-1",
      name: "Hook",
      type: null,
      status: "failed",
      providerStatus: null,
      startedAt: null,
      finishedAt: null,
      durationMs: null,
      error: { message: "no", type: null },
      inputs: { headers: { Authorization: "Bearer abc", host: "example.com" } },
      outputs: [{ token: "abc" }, { token: null, ok: true }],
      attributes: { note: "n" },
    },
  ],
  inputs: { user: { password: "hunter2", name: "dana" }, list: [1, 2] },
  outputs: "plain text",
  raw: { data: { deep: { password: "hunter2" } } },
})

const given = (...paths: ReadonlyArray<string>) => redactExecution(redactPaths(...paths), execution)

describe("redactPaths", () => {
  it("masks the value at a path with all it holds, and nothing else", () => {
    const { inputs, ...rest } = given("inputs.user")
    expect(inputs).toEqual({ user: "<redacted>", list: [1, 2] })
    const { inputs: _, ...before } = execution
    expect(rest).toEqual(before)
  })

  it("masks values under any one name or index", () => {
    const [step] = given("steps.*.outputs.*.token").steps ?? []
    expect(step?.outputs).toEqual([{ token: "<redacted>" }, { token: null, ok: true }])
    expect(step?.inputs).toEqual(execution.steps?.[0]?.inputs)
  })

  it("masks values at any depth, whatever the case of their name", () => {
    const masked = given("**.authorization", "**.PASSWORD")
    expect(JSON.stringify(masked)).not.toMatch(/Bearer abc|hunter2/)
    expect(masked.inputs).toEqual({ user: { password: "<redacted>", name: "dana" }, list: [1, 2] })
    expect(masked.raw).toEqual({ data: { deep: { password: "<redacted>" } } })
  })

  it.each([
    ["inputs", { inputs: "<redacted>" }],
    ["outputs", { outputs: "<redacted>" }],
    ["raw.**", { raw: "<redacted>" }],
    ["url", { url: "<redacted>" }],
    ["attributes.session", { attributes: { region: "north", session: "<redacted>" } }],
    ["error.message", { error: { message: "<redacted>", type: null, stepId: null } }],
    ["workflow.name", { workflow: { id: "workflow-1", name: "<redacted>", version: null } }],
    [
      "actor.*",
      {
        actor: { kind: "end_user", id: "<redacted>", name: "<redacted>", email: "<redacted>" },
      },
    ],
    ["workflow", { workflow: { id: "workflow-1", name: "<redacted>", version: null } }],
    ["error", { error: { message: "<redacted>", type: null, stepId: null } }],
    ["attributes", { attributes: { region: "<redacted>", session: "<redacted>" } }],
    [
      "actor",
      {
        actor: { kind: "end_user", id: "<redacted>", name: "<redacted>", email: "<redacted>" },
      },
    ],
  ])("masks the path %s", (path, expected) => {
    expect(given(path)).toEqual(Object.assign({}, execution, expected))
  })

  it.each(["steps", "steps.0", "steps.*"])("masks everything that %s can hold", (path) => {
    const [step] = given(path).steps ?? []
    expect(step).toMatchObject({ name: "<redacted>", inputs: "<redacted>", outputs: "<redacted>" })
    expect(step?.status).toBe(execution.steps?.[0]?.status)
  })

  it("never masks the id, status, times and usage of an execution", () => {
    const { id, status, startedAt, listedAt, usage, workflow } = given("**")
    expect({ id, status, startedAt, listedAt, usage }).toEqual({
      id: execution.id,
      status: execution.status,
      startedAt: execution.startedAt,
      listedAt: execution.listedAt,
      usage: execution.usage,
    })
    expect(workflow.id).toBe("workflow-1")
    expect(JSON.stringify(given("**"))).not.toMatch(/hunter2|dana|abc/)
  })

  it("masks by value when redact is a function", () => {
    const redact: Redact = (_, value) => typeof value === "string" && /bearer|hunter/i.test(value)
    expect(JSON.stringify(redactExecution(redact, execution))).not.toMatch(/Bearer|hunter2/)
  })

  it("masks what is nested too deep to be searched", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}"secret word"${"}".repeat(5000)}`)
    const masked = redactExecution(
      redactPaths("inputs.b"),
      Object.assign({}, execution, { inputs: deep }),
    )
    expect(JSON.stringify(masked)).not.toContain("secret word")
  })

  it("searches a path with many open names without delay", () => {
    const path = `${"**.a.".repeat(30)}**.b`
    const deep = JSON.parse(`${'{"a":'.repeat(100)}"secret word"${"}".repeat(100)}`)
    const masked = redactExecution(redactPaths(path), Object.assign({}, execution, { raw: deep }))
    expect(masked.raw).toEqual(deep)
  })

  const nowhere = "id status inputs. .inputs inputs..x input.x workflow.id actor.kind error.code"
  const nowhereEither = "error.message.text url.host inputs.*pass*"
  it.each(["", ...`${nowhere} ${nowhereEither}`.split(" "), null, undefined])(
    "throws for the path %j, which leads nowhere",
    (path) => {
      expect(() => Reflect.apply(redactPaths, null, [path])).toThrow(
        expect.objectContaining({
          reason: "InvalidSettings",
          message: expect.stringContaining(JSON.stringify(path) ?? "undefined"),
        }),
      )
    },
  )
})

describe("a client with the option redact", () => {
  const at = 1_700_000_000_000
  const rows = [
    { id: "row-0", at, workflow: "orders" },
    { id: "row-1", at: at - 1000, workflow: "secret orders" },
  ]

  it("filters by the provider's values, and returns them masked", async () => {
    const client = sampleClient(
      "windowsByNumber",
      { rows },
      { redact: redactPaths("raw.workflow") },
    )
    const { executions } = await client.page({ workflowId: "secret orders", include: ["raw"] })
    expect(executions.map(({ id, raw }) => ({ id, raw }))).toEqual([
      { id: "row-1", raw: { ...rows[1], workflow: "<redacted>" } },
    ])
  })

  it("masks rejected items, and the values quoted in their reason", async () => {
    const broken = [{ ...rows[0], id: "row-0", at: "soon and secret" as never }]
    const client = sampleClient(
      "windowsByNumber",
      { rows: broken },
      { redact: redactPaths("raw.at") },
    )
    const rejected: Array<Rejected> = []
    for await (const _ of client.executions({}, { onRejected: (item) => rejected.push(item) })) {
      continue
    }
    expect(rejected.map(({ raw }) => raw)).toEqual([{ ...broken[0], at: "<redacted>" }])
    expect(rejected[0]?.reason).toBe('at: Expected number, got "<redacted>"')
    expect(rejected[0]?.issues).toEqual([
      { path: ["at"], message: "Expected number", got: '"<redacted>"' },
    ])
    expect(JSON.stringify(rejected)).not.toContain("secret")
  })

  it("removes masked values from a reason, however short they are", async () => {
    const rows = [{ id: "row-0", at: { pin: "q7", "customer-4711": 1 } as never }]
    const options = { redact: redactPaths("raw.at") }
    const page = await sampleClient("windowsByNumber", { rows }, options).page()
    expect(page.rejected).toMatchObject([
      { id: "row-0", raw: { at: "<redacted>" }, reason: expect.stringContaining("at: Expected") },
    ])
    expect(JSON.stringify(page)).not.toMatch(/q7|4711|pin/)
  })

  it("shows the error of an adapter only if nothing of the item is masked", async () => {
    const row = { id: "row-0", at, workflow: "q7" }
    const reading = async (path: string) => {
      const connection = windowsByNumber({ apiKey: "canary-sample-1" })
      const execution = () => {
        throw new Error(`cannot map ${row.workflow}`)
      }
      const client = createClient(own({ ...connection, list: { ...connection.list, execution } }), {
        fetch: sampleFetch({ rows: [row] }),
        redact: redactPaths(path),
      })
      return (await client.page()).rejected
    }
    expect(await reading("raw.secret")).toMatchObject([
      { cause: "adapter", reason: "the adapter failed on it: Error: cannot map q7" },
    ])
    const masked = await reading("raw.workflow")
    expect(masked).toMatchObject([
      { cause: "adapter", reason: expect.stringMatching(/^the adapter failed on it .*masked/) },
    ])
    expect(JSON.stringify(masked)).not.toContain("q7")
  })

  it("does not quote a masked time by which an item is listed", async () => {
    const rows = [{ id: "row-0", at: 9e15 }]
    const options = { redact: redactPaths("raw.at") }
    const page = await sampleClient("windowsByNumber", { rows }, options).page()
    expect(page.rejected).toMatchObject([
      { cause: "item", reason: expect.stringContaining("masked") },
    ])
    expect(JSON.stringify(page.rejected)).not.toContain("9000000000000000")
  })

  it("ends the path of an issue at what is masked, whose names are masked too", () => {
    const issue = { path: ["by", "customer-4711"], message: "Missing key", got: null }
    const fault = new DecodeFault("by.customer-4711: Missing key", { issues: [issue] })
    const reported = redactRejected(redactPaths("raw.by"), { by: { name: "d" } }, fault)
    expect(reported).toEqual({
      raw: { by: "<redacted>" },
      reason: "by: Missing key",
      issues: [{ ...issue, path: ["by"] }],
    })
  })

  it("masks the id of a rejected item when it is masked in the item", async () => {
    const rows = [{ id: "person-7", at: "soon" as never }]
    for (const path of ["raw.id", "raw"]) {
      const options = { redact: redactPaths(path) }
      const page = await sampleClient("windowsByNumber", { rows }, options).page()
      expect(page.rejected).toHaveLength(1)
      expect(JSON.stringify(page)).not.toContain("person-7")
    }
  })

  it.each([null, "inputs.password", ["inputs"], 42, {}, true])(
    "throws when redact is %j, which is not a function",
    (redact) => {
      const options = { redact: redact as never }
      expect(() => sampleClient("windowsByNumber", { rows }, options)).toThrow(
        expect.objectContaining({
          reason: "InvalidSettings",
          message: expect.stringContaining("The option redact must be a function"),
          subject: { kind: "option", name: "redact" },
        }),
      )
    },
  )

  it("returns nothing when the redact function fails", async () => {
    const redact = () => {
      throw new Error("row-0 is secret")
    }
    const page = sampleClient("windowsByNumber", { rows }, { redact }).page()
    await expect(page).rejects.toMatchObject({
      reason: "InvalidSettings",
      message: "The function redact failed at workflow.",
    })
  })
})
