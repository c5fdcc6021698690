import { describe, expect, it } from "vitest"
import { startSimulator } from "../src/index.js"
import { difyLogs, difyRun } from "./Requests.js"

describe("changes of Dify's history", () => {
  it("lists an inserted row first, with its status", async () => {
    await using simulator = await startSimulator({ dify: { executions: 30 } })
    const { logId, runId } = simulator.dify.insert({ status: "running" })
    const { body } = await difyLogs(simulator)
    expect(body.total).toBe(31)
    const run = { id: runId, status: "running", finished_at: null }
    expect(body.data[0]).toMatchObject({ id: logId, workflow_run: run })
    const next = simulator.dify.insert()
    expect((await difyLogs(simulator)).body.data[0]?.id).toBe(next.logId)
  })

  it("lists an inserted row by its time, first or last among rows of the same time", async () => {
    const at = Date.UTC(2026, 10, 21, 7)
    await using simulator = await startSimulator({
      dify: {
        rows: [{ listedAt: at + 1 }, { listedAt: at }, { listedAt: at }, { listedAt: at - 1 }],
      },
    })
    const first = simulator.dify.insert({ at })
    const last = simulator.dify.insert({ at, amongTies: "last" })
    const ids = (await difyLogs(simulator)).body.data.map((row) => row.id)
    expect(ids.indexOf(first.logId)).toBe(1)
    expect(ids.indexOf(last.logId)).toBe(4)
  })

  it("keeps the delay between run and log row when a row is inserted", async () => {
    await using simulator = await startSimulator()
    const at = new Date("2026-11-21T07:30:00Z")
    const { logId } = simulator.dify.insert({ at, delay: 3600 })
    const row = [...simulator.dify.truth()].find(({ id }) => id === logId)
    expect(row?.created_at).toBe(at.getTime() / 1000)
    expect(row?.workflow_run?.created_at).toBe(at.getTime() / 1000 - 3600)
  })

  it("removes a row and its run when either id is deleted", async () => {
    await using simulator = await startSimulator({ dify: { executions: 30 } })
    const [first, second, third] = simulator.dify.truth()
    simulator.dify.delete(first?.id ?? "")
    simulator.dify.delete(second?.workflow_run?.id ?? "")
    const { body } = await difyLogs(simulator)
    expect(body.total).toBe(28)
    expect(body.data[0]?.id).toBe(third?.id)
    expect((await difyRun(simulator, first?.workflow_run?.id ?? "")).body["id"]).toBeNull()
    expect(() => simulator.dify.delete(first?.id ?? "")).toThrow(/holds no log row or run/)
  })

  it("changes the status in lists and filters when a run is finished", async () => {
    await using simulator = await startSimulator({ dify: { executions: 600 } })
    const truth = [...simulator.dify.truth()]
    const place = truth.findIndex((row) => row.workflow_run?.status === "running")
    const runId = truth[place]?.workflow_run?.id ?? ""
    const before = (await difyLogs(simulator, { status: "failed" })).body.total
    simulator.dify.finish(runId, "failed")
    expect((await difyLogs(simulator, { status: "failed" })).body.total).toBe(before + 1)
    const row = [...simulator.dify.truth()][place]
    expect(row?.id).toBe(truth[place]?.id)
    expect(row?.workflow_run).toMatchObject({
      id: runId,
      status: "failed",
      finished_at: expect.any(Number),
    })
    expect((await difyRun(simulator, runId)).body["status"]).toBe("failed")
  })

  it("ends a run at the given time when it is finished", async () => {
    await using simulator = await startSimulator({ dify: { executions: 30 } })
    const at = new Date("2026-11-21T09:00:00Z")
    const { runId } = simulator.dify.insert({ status: "running", at })
    simulator.dify.finish(runId, "succeeded", new Date("2026-11-21T09:00:07Z"))
    const [row] = simulator.dify.truth()
    expect(row?.workflow_run).toMatchObject({
      id: runId,
      status: "succeeded",
      finished_at: at.getTime() / 1000 + 7,
      elapsed_time: 7,
    })
  })

  it("lists the rows of a given history as they were given", async () => {
    const listedAt = new Date("2026-11-21T07:00:02Z")
    const startedAt = new Date("2026-11-21T07:00:00.750Z")
    const finishedAt = new Date("2026-11-21T07:00:01.250Z")
    await using simulator = await startSimulator({
      dify: {
        rows: [
          {
            listedAt,
            startedAt,
            finishedAt,
            status: "failed",
            error: "\u001b[31mred",
            account: "new@example.com",
          },
          { listedAt, session: "guest", nullRun: true },
        ],
      },
    })
    const { body } = await difyLogs(simulator, { created_by_account: "new@example.com" })
    expect(body.data).toHaveLength(1)
    expect(body.data[0]).toMatchObject({
      created_at: listedAt.getTime() / 1000,
      created_by_account: { email: "new@example.com" },
      workflow_run: { error: "\u001b[31mred", elapsed_time: 0.5 },
    })
    const guest = await difyLogs(simulator, { created_by_end_user_session_id: "guest" })
    expect(guest.body.data).toMatchObject([
      { workflow_run: null, created_by_end_user: { session_id: "guest" } },
    ])
  })
})
