import { createClient, type Json } from "@execlog/core"
import { describe, expect, it } from "vitest"
import { dify } from "../src/index.js"

type Fields = { readonly [name: string]: Json }

const row = { id: "row-1", created_at: 1_795_247_998, created_from: "web-app" }
const run = { id: "00000000-0000-4000-8000-000000000001", status: "succeeded" }

/** The page of a log with one row. */
const pageOf = (fields: Fields) =>
  createClient(dify({ apiKey: "app-canary-1" }), {
    fetch: async () => Response.json({ data: [{ ...row, ...fields }], has_more: false, total: 1 }),
  }).page()

describe("a log row", () => {
  it.each([
    ["service-api", "api"],
    ["web-app", "manual"],
    ["installed-app", "manual"],
    ["debugging", "manual"],
    ["webhook", "webhook"],
    ["schedule", "schedule"],
    ["plugin", "event"],
  ])("maps the source %s of a row or its run to the trigger %s", async (word, kind) => {
    const ofRow = await pageOf({ created_from: word, workflow_run: run })
    const ofRun = await pageOf({ workflow_run: { ...run, triggered_from: word } })
    for (const { executions } of [ofRow, ofRun]) {
      expect(executions[0]?.trigger).toEqual({ kind, providerKind: word })
    }
  })

  it("reads the trigger from the row when the run says only app-run", async () => {
    const { executions } = await pageOf({ workflow_run: { ...run, triggered_from: "app-run" } })
    expect(executions[0]?.trigger).toEqual({ kind: "manual", providerKind: "web-app" })
  })

  it("returns no end when finished_at is 0", async () => {
    const { executions } = await pageOf({ workflow_run: { ...run, finished_at: 0 } })
    expect(executions[0]?.finishedAt).toBeNull()
  })

  it("returns the id of an account or end user without a name", async () => {
    const account = await pageOf({ created_by_role: "account", created_by_account: { id: "a" } })
    expect(account.executions[0]?.actor).toMatchObject({ kind: "account", id: "a", email: null })
    const user = await pageOf({ created_by_end_user: { id: "u" } })
    expect(user.executions[0]?.actor).toMatchObject({ kind: "end_user", id: "u" })
  })

  it.each<[string, Fields]>([
    ["id", { id: null }],
    ["created_at", { created_at: null }],
    ["created_by_account", { created_by_account: { name: "Ada" } }],
    ["created_by_end_user", { created_by_end_user: { type: "browser" } }],
  ])("rejects a row without a valid %s, and names the field", async (name, fields) => {
    const { executions, rejected } = await pageOf({ workflow_run: run, ...fields })
    expect(executions).toEqual([])
    expect(rejected[0]?.reason).toContain(name)
  })
})

describe("get", () => {
  const { get, tuning } = dify({ apiKey: "app-canary-1" })

  it("requests a run by its id, and nothing for a row without a run", () => {
    expect(get?.idOf?.({ id: "run-1", attributes: { log_id: "row-1" } })).toBe("run-1")
    expect(get?.idOf?.({ id: "row-1", attributes: { log_id: "row-1" } })).toBeNull()
  })

  it("declares workflow and logDelay as tuning", () => {
    expect(tuning).toEqual(["workflow", "logDelay"])
  })
})
