import { createClient, type Json } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { prefect } from "../src/index.js"

type Row = { readonly [name: string]: Json }

const id = "0aa00000-0000-4000-8000-000000000001"
const flowRun = {
  id,
  flow_id: "0aa00000-0000-4000-8000-000000000002",
  expected_start_time: "2026-11-21T07:00:00.000001Z",
  start_time: "2026-11-21T07:00:01Z",
  end_time: "2026-11-21T07:00:02Z",
  state: { type: "COMPLETED", name: "Completed" },
}

/** A client of a server that holds one flow run, with its task runs. */
const given = (changes: Row = {}, taskRuns: ReadonlyArray<Row> = []) => {
  const run = { ...flowRun, ...changes }
  return createClient(prefect({ baseUrl: "https://prefect.example.com/api" }), {
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input))
      const { offset = 0 } = JSON.parse(typeof init?.body === "string" ? init.body : "{}")
      if (pathname === "/api/flow_runs/filter") return Response.json(offset === 0 ? [run] : [])
      if (pathname === `/api/flow_runs/${id}`) return Response.json(run)
      return Response.json(pathname === "/api/task_runs/filter" && offset === 0 ? taskRuns : [])
    },
  })
}

describe("a flow run", () => {
  it.each<readonly [Row | null, boolean, string, Row | null]>([
    [
      { id: "s-1", type: "SCHEDULE", display_value: "every day" },
      true,
      "schedule",
      { kind: "system", id: "s-1", name: "every day", email: null },
    ],
    [
      { id: "a-1", type: "AUTOMATION", display_value: "on failure" },
      false,
      "event",
      { kind: "system", id: "a-1", name: "on failure", email: null },
    ],
    [
      { id: "d-1", type: "DEPLOYMENT" },
      false,
      "unknown",
      { kind: "system", id: "d-1", name: null, email: null },
    ],
    [
      { id: "u-1", type: "USER", display_value: "maria" },
      false,
      "unknown",
      { kind: "account", id: "u-1", name: "maria", email: null },
    ],
    [{ id: null, type: "SCHEDULE" }, false, "unknown", null],
    [null, false, "unknown", null],
  ])(
    "reads from created_by %j (auto_scheduled: %s) the trigger %s",
    async (created_by, auto, kind, actor) => {
      const client = given({ created_by, auto_scheduled: auto })
      expect(await client.get(id)).toMatchObject({
        trigger: { kind, providerKind: created_by?.["type"] ?? null },
        actor,
      })
    },
  )

  it.each<readonly [Row | null, string, string | null, string | null]>([
    [{ type: "FAILED", name: "Failed", message: "no price" }, "failed", "FAILED", "no price"],
    [
      { type: "FAILED", name: "TimedOut", message: "too long" },
      "timed_out",
      "TimedOut",
      "too long",
    ],
    [{ type: "COMPLETED", name: "TimedOut" }, "succeeded", "COMPLETED", null],
    [{ type: "CRASHED", name: "Crashed", message: "killed" }, "failed", "CRASHED", "killed"],
    [{ type: "FAILED", name: "Failed", message: null }, "failed", "FAILED", null],
    [{ type: "CANCELLED", name: "Cancelled", message: "by maria" }, "canceled", "CANCELLED", null],
    [
      { type: "SCHEDULED", name: "AwaitingRetry", message: "wait" },
      "waiting",
      "AwaitingRetry",
      null,
    ],
    [{ type: "DREAMING" }, "unknown", "DREAMING", null],
    [null, "unknown", null, null],
  ])("maps the state %j to %s", async (state, status, providerStatus, message) => {
    const execution = await given({ state }).get(id)
    expect(execution).toMatchObject({ status, providerStatus })
    expect(execution.error).toEqual(message === null ? null : { message, type: null, stepId: null })
  })

  it("returns no steps for a flow run without task runs, in lists and by id", async () => {
    expect((await given().get(id)).steps).toEqual([])
    const { executions } = await given().page({ include: ["steps"] })
    expect(executions[0]?.steps).toEqual([])
  })

  it("returns a flow run whose flow and caller are unknown", async () => {
    const client = given({ parent_task_run_id: "0aa00000-0000-4000-8000-000000000009" })
    expect(await client.get(id)).toMatchObject({
      workflow: { id: flowRun.flow_id, name: null, version: null },
      parentId: null,
      trigger: { kind: "subworkflow" },
      actor: null,
    })
  })
})

describe("the steps of a flow run", () => {
  const task = (name: string, more: Row): Row => ({
    id: `id of ${name}`,
    flow_run_id: id,
    name,
    state: { type: "COMPLETED", name: "Completed" },
    ...more,
  })

  it("orders steps by their start, or by their expected start", async () => {
    const { steps } = await given({}, [
      task("third", { start_time: "2026-11-21T07:00:03Z", expected_start_time: null }),
      task("second", { start_time: null, expected_start_time: "2026-11-21T07:00:02Z" }),
      task("fourth", {
        start_time: "2026-11-21T07:00:04Z",
        expected_start_time: "2026-11-21T07:00:01Z",
      }),
      task("first", { start_time: null, expected_start_time: null }),
    ]).get(id)
    expect(steps?.map(({ name }) => name)).toEqual(["first", "second", "third", "fourth"])
    expect(steps?.[1]?.startedAt).toBeNull()
  })

  it("maps the states of task runs like those of flow runs, with their errors", async () => {
    const { steps } = await given({}, [
      task("slow", { state: { type: "FAILED", name: "TimedOut", message: "took too long" } }),
      task("plain", { run_count: 2, tags: ["cpu"], total_run_time: 1.5, task_key: "plain-1" }),
      task("without a state", { state: null }),
    ]).get(id)
    expect(steps).toMatchObject([
      {
        name: "slow",
        status: "timed_out",
        providerStatus: "TimedOut",
        error: { message: "took too long", type: null },
      },
      {
        name: "plain",
        type: "plain-1",
        status: "succeeded",
        error: null,
        attributes: { state_name: "Completed", run_count: 2, tags: ["cpu"], total_run_time: 1.5 },
      },
      { status: "unknown", providerStatus: null, error: null },
    ])
  })
})

it.each<readonly [number, Json, string | null]>([
  [404, { detail: "Flow run not found" }, "Flow run not found"],
  [422, { exception_message: "Invalid request received." }, "Invalid request received."],
  [
    422,
    {
      exception_message: "Invalid request received.",
      exception_detail: [
        { loc: ["body", "offset"], msg: "should be an integer", input: "canary-quoted" },
        { loc: ["body", "flows", 0], msg: "is unknown" },
      ],
    },
    "body.offset: should be an integer; body.flows.0: is unknown",
  ],
  [
    422,
    { exception_message: "Invalid.", exception_detail: [{ msg: "no place" }, { loc: ["body"] }] },
    "no place; body",
  ],
  [422, { exception_message: "Invalid.", exception_detail: [] }, "Invalid."],
  [422, { exception_message: "Invalid.", exception_detail: [{}] }, "Invalid."],
])(
  "reads the provider's message of a %s response with %j",
  async (status, body, providerMessage) => {
    const client = createClient(prefect({}), {
      fetch: async () => Response.json(body, { status }),
    })
    await expect(client.page()).rejects.toMatchObject({ status, providerMessage })
  },
)

it.each(["id", "flow_id", "expected_start_time"])(
  "rejects a flow run without %s, and names the field",
  async (name) => {
    const { executions, rejected } = await given({ [name]: null }).page()
    expect(executions).toEqual([])
    expect(rejected[0]?.reason).toContain(name)
  },
)

it.each([
  [{ created_by: { type: "AUTOMATION" } }, "event"],
  [{ created_by: { type: "DEPLOYMENT" } }, "unknown"],
  [{ auto_scheduled: true, created_by: { type: "AUTOMATION" } }, "schedule"],
  [{ parent_task_run_id: "t", auto_scheduled: true }, "subworkflow"],
])("maps a flow run with %j to the trigger %s", async (changes, kind) => {
  const { executions } = await given(changes).page()
  expect(executions[0]?.trigger.kind).toBe(kind)
})

it("declares maxDelay as tuning", () => {
  expect(prefect({}).tuning).toEqual(["maxDelay"])
})
