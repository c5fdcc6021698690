import { describe, expect, it } from "vitest"
import { type DifyVersion, type DifyWireRow, startSimulator } from "../src/index.js"
import { difyLogs, difyRun, everyDifyRow } from "./Requests.js"

const runFields = [
  "id",
  "version",
  "status",
  "triggered_from",
  "error",
  "elapsed_time",
  "total_tokens",
  "total_steps",
  "created_at",
  "finished_at",
  "exceptions_count",
]
const rowFields = [
  "id",
  "workflow_run",
  "details",
  "created_from",
  "created_by_role",
  "created_by_account",
  "created_by_end_user",
  "created_at",
]

const truthOf = async (version: DifyVersion): Promise<Array<DifyWireRow>> => {
  await using simulator = await startSimulator({ dify: { version, executions: 1000 } })
  return [...simulator.dify.truth()]
}

const accountRow = (rows: Array<DifyWireRow>): DifyWireRow | undefined =>
  rows.find((row) => row.created_by_role === "account")

describe("Dify's rows", () => {
  it("returns rows with the fields of a real 1.12.1 by default", async () => {
    const rows = await truthOf("1.12.1")
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(rowFields)
      expect(Object.keys(row.workflow_run ?? {})).toEqual(runFields)
    }
    const { created_by_account: account, created_by_end_user: endUser } = accountRow(rows) ?? {}
    expect(account).toMatchObject({ email: expect.stringMatching(/@example\.com$/) })
    expect(endUser).toMatchObject({ type: "active", is_anonymous: true })
    expect(endUser?.id).toBe(typeof account === "object" ? account?.id : undefined)
  })

  it("returns rows with the fields of the newer document when the version is newer", async () => {
    const rows = await truthOf("newer")
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(rowFields.filter((name) => name !== "details"))
      expect(Object.keys(row.workflow_run ?? {})).toEqual(
        runFields.filter((name) => name !== "triggered_from"),
      )
    }
  })

  it("returns rows with the fields of the older document when the version is older", async () => {
    const rows = await truthOf("older")
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(rowFields.filter((name) => name !== "details"))
      const newer = ["triggered_from", "exceptions_count"]
      expect(Object.keys(row.workflow_run ?? {})).toEqual(
        runFields.filter((name) => !newer.includes(name)),
      )
    }
    expect(accountRow(rows)?.created_by_account).toMatch(/^[0-9a-f-]{36}$/)
  })

  it("makes rows with ids of their own, and of every status and origin", async () => {
    const rows = await truthOf("1.12.1")
    const ids = rows.flatMap((row) => [row.id, row.workflow_run?.id])
    expect(new Set(ids).size).toBe(2000)
    const seen = (value: (row: DifyWireRow) => unknown): Set<unknown> => new Set(rows.map(value))
    expect(seen((row) => row.workflow_run?.status)).toEqual(
      new Set(["succeeded", "failed", "stopped", "partial-succeeded", "paused", "running"]),
    )
    expect(seen((row) => row.created_from)).toEqual(
      new Set(["service-api", "web-app", "installed-app"]),
    )
    expect(seen((row) => row.workflow_run?.error).size).toBeGreaterThan(4)
  })

  it("makes rows whose times, statuses and actors agree with each other", async () => {
    for (const { created_at, workflow_run: run } of await truthOf("1.12.1")) {
      if (run === null) throw new Error("no run")
      expect(created_at).toBeGreaterThanOrEqual(run.created_at)
      expect(created_at - run.created_at).toBeLessThanOrEqual(3)
      expect(run.finished_at === null).toBe(run.status === "running" || run.status === "paused")
      expect(run.error !== null).toBe(run.status === "failed")
      expect((run.exceptions_count ?? 0) > 0).toBe(
        run.status === "failed" || run.status === "partial-succeeded",
      )
      if (run.finished_at !== null) {
        expect(Math.abs(run.finished_at - run.created_at - run.elapsed_time)).toBeLessThan(1)
        expect(run.finished_at).toBeLessThanOrEqual(Date.UTC(2026, 10, 21, 8) / 1000)
      }
    }
  })

  it("makes rows without a run, which pass no status filter, when nullRuns is set", async () => {
    await using simulator = await startSimulator({ dify: { executions: 400, nullRuns: 0.1 } })
    const truth = [...simulator.dify.truth()]
    const lost = truth.filter((row) => row.workflow_run === null)
    expect(lost.length).toBeGreaterThan(10)
    expect(lost.length).toBeLessThan(100)
    const succeeded = await everyDifyRow(simulator, { status: "succeeded" })
    expect(succeeded).toEqual(truth.filter((row) => row.workflow_run?.status === "succeeded"))
  })
})

describe("Dify's single runs", () => {
  it("returns a run with the values of its row", async () => {
    await using simulator = await startSimulator()
    const statuses = new Set<string>()
    for (const { workflow_run: run } of simulator.dify.truth()) {
      if (run === null || statuses.has(run.status)) continue
      statuses.add(run.status)
      const { body } = await difyRun(simulator, run.id)
      const {
        id,
        status,
        error,
        total_steps,
        total_tokens,
        created_at,
        finished_at,
        elapsed_time,
      } = run
      const said = {
        id,
        status,
        error,
        total_steps,
        total_tokens,
        created_at,
        finished_at,
        elapsed_time,
      }
      expect(body).toMatchObject(said)
      const names =
        "id workflow_id status inputs outputs error total_steps total_tokens created_at finished_at"
      expect(Object.keys(body)).toEqual([...names.split(" "), "elapsed_time"])
      const inputs: unknown = JSON.parse(String(body["inputs"]))
      expect(inputs).toMatchObject({ "sys.workflow_run_id": id, "sys.timestamp": created_at })
      if (status === "succeeded") expect(JSON.parse(String(body["outputs"]))).toHaveProperty("body")
      if (status === "failed") expect(body["outputs"]).toBeNull()
    }
    expect(statuses.size).toBeGreaterThan(4)
  })

  it("returns nulls when the id of a run is unknown, and 500 when it is malformed", async () => {
    await using simulator = await startSimulator()
    const [row] = simulator.dify.truth()
    const unknown = await difyRun(simulator, row?.id ?? "")
    expect(unknown.status).toBe(200)
    expect(Object.values(unknown.body)).toEqual(Array(11).fill(null))
    const malformed = await difyRun(simulator, "not-a-uuid")
    expect(malformed.status).toBe(500)
    expect(malformed.body).toMatchObject({ code: "unknown", message: "Internal Server Error" })
  })
})

describe("the seed of Dify's history", () => {
  it("makes the same history when the options are the same, and another when the seed differs", async () => {
    const text = async (seed: number): Promise<string> => {
      await using simulator = await startSimulator({ dify: { seed } })
      return JSON.stringify(await difyLogs(simulator, { limit: 100 }).then(({ body }) => body))
    }
    expect(await text(7)).toBe(await text(7))
    expect(await text(7)).not.toBe(await text(8))
  })
})
