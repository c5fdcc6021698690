import { describe, expect, it } from "vitest"
import {
  type PrefectWireFlow,
  type PrefectWireRun,
  type PrefectWireTask,
  type Simulator,
  startSimulator,
} from "../src/index.js"
import { prefectCount, prefectGet, prefectItems, prefectRuns } from "./Requests.js"

const get = async (simulator: Simulator, id: string): Promise<PrefectWireRun> =>
  (await prefectGet<PrefectWireRun>(simulator, `flow_runs/${id}`)).body

const expectedFirst = { sort: "EXPECTED_START_TIME_DESC", limit: 3 }

describe("an inserted flow run of Prefect", () => {
  it("inserts a flow run as completed, expected now and after earlier ones, by default", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { runs: [] } })
    const first = simulator.prefect.insert()
    const second = simulator.prefect.insert({ flow: 2, tags: ["prod"] })
    const listed = await prefectRuns(simulator, expectedFirst)
    expect(listed.map((run) => run.id)).toEqual([second, first])
    expect(listed[0]).toMatchObject({
      flow_id: simulator.prefect.flowIds[2],
      tags: ["prod"],
      state_type: "COMPLETED",
      expected_start_time: "2026-11-21T08:00:00.500000Z",
    })
    expect(listed[0]?.end_time).not.toBeNull()
  })

  it("lists runs that are late and runs that are due in the future", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { runs: [] } })
    const now = simulator.prefect.insert()
    const late = simulator.prefect.insert({
      state: "SCHEDULED",
      stateName: "Late",
      expectedStartTime: new Date("2026-11-21T05:00:00Z"),
    })
    const due = simulator.prefect.insert({
      state: "SCHEDULED",
      scheduled: true,
      expectedStartTime: new Date("2026-11-22T05:00:00Z"),
    })
    const listed = await prefectRuns(simulator, expectedFirst)
    expect(listed.map((run) => run.id)).toEqual([due, now, late])
    expect(listed[0]).toMatchObject({
      expected_start_time: "2026-11-22T05:00:00Z",
      next_scheduled_start_time: "2026-11-22T05:00:00Z",
      start_time: null,
      auto_scheduled: true,
      created_by: { type: "SCHEDULE" },
      state: { message: "Flow run scheduled" },
    })
    expect(Date.parse(listed[2]?.created ?? "")).toBeGreaterThan(
      Date.parse(listed[2]?.expected_start_time ?? ""),
    )
  })

  it("keeps the microsecond of a run when it is given in the history", async () => {
    const expectedStartTime = Date.parse("2026-11-21T07:00:00Z") + 0.001
    const runs = [{ expectedStartTime, state: "FAILED", stateName: "TimedOut" } as const]
    await using simulator = await startSimulator({ port: null, prefect: { runs } })
    expect([...simulator.prefect.truth()]).toMatchObject([
      {
        expected_start_time: "2026-11-21T07:00:00.000001Z",
        state_type: "FAILED",
        state: { name: "TimedOut", message: expect.stringContaining("timeout") },
      },
    ])
  })

  it("answers 404 for a run when it is deleted", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { executions: 20 } })
    const [run] = await prefectRuns(simulator)
    if (run === undefined) throw new Error("no runs")
    simulator.prefect.delete(run.id)
    const { status, body } = await prefectGet(simulator, `flow_runs/${run.id}`)
    expect({ status, body }).toEqual({ status: 404, body: { detail: "Flow run not found" } })
    expect(await prefectRuns(simulator)).toHaveLength(19)
    const tasks = { flow_runs: { id: { any_: [run.id] } } }
    expect(await prefectItems(simulator, "task_runs/filter", tasks)).toEqual([])
    expect(() => simulator.prefect.delete(run.id)).toThrow("holds no flow run")
  })

  it("throws when the flow or the parent of an inserted run is unknown", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { flows: 2 } })
    expect(() => simulator.prefect.insert({ flow: 2 })).toThrow("no flow 2")
    expect(() => simulator.prefect.insert({ parent: "nobody" })).toThrow("holds no flow run nobody")
  })
})

describe("the states of Prefect's flow runs", () => {
  it("keeps the start of a run when it ends, begins again and ends again", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { runs: [] } })
    const { prefect } = simulator
    const at = (seconds: number): Date => new Date(Date.UTC(2026, 10, 21, 9, 0, seconds))
    const id = prefect.insert({ state: "PENDING", expectedStartTime: at(0) })
    const pending = await get(simulator, id)
    expect(pending).toMatchObject({ start_time: null, end_time: null, run_count: 0 })

    prefect.setState(id, { type: "RUNNING", at: at(1) })
    prefect.setState(id, { type: "FAILED", at: at(3) })
    const failed = await get(simulator, id)
    expect(failed).toMatchObject({
      start_time: "2026-11-21T09:00:01Z",
      end_time: "2026-11-21T09:00:03Z",
      run_count: 1,
      total_run_time: 2,
      state_name: "Failed",
      state: { message: expect.stringContaining("ValueError") },
    })

    prefect.setState(id, {
      type: "SCHEDULED",
      name: "AwaitingRetry",
      at: at(4),
      scheduledTime: at(60),
    })
    expect(await get(simulator, id)).toMatchObject({
      start_time: "2026-11-21T09:00:01Z",
      end_time: null,
      next_scheduled_start_time: "2026-11-21T09:01:00Z",
      state_name: "AwaitingRetry",
    })

    prefect.setState(id, { type: "RUNNING", at: at(60) })
    prefect.setState(id, { type: "COMPLETED", at: at(65) })
    const completed = await get(simulator, id)
    expect(completed).toMatchObject({
      created: pending.created,
      expected_start_time: pending.expected_start_time,
      start_time: "2026-11-21T09:00:01Z",
      end_time: "2026-11-21T09:01:05Z",
      next_scheduled_start_time: null,
      run_count: 2,
      total_run_time: 7,
    })
    expect(completed.updated > failed.updated).toBe(true)
    expect(completed.state_id).not.toBe(failed.state_id)

    prefect.setState(id, { type: "CANCELLED", at: at(90) })
    expect(await get(simulator, id)).toMatchObject({
      state_type: "CANCELLED",
      end_time: "2026-11-21T09:01:05Z",
    })
  })

  it("moves a run in the list by start time, and not in the list by expected start time, when it starts", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { runs: [] } })
    const { prefect } = simulator
    const planned = prefect.insert({
      state: "SCHEDULED",
      expectedStartTime: new Date("2026-12-30T00:00:00Z"),
    })
    const other = prefect.insert()
    const order = async (sort: string): Promise<Array<string>> =>
      (await prefectRuns(simulator, { sort })).map((run) => run.id)
    expect(await order("START_TIME_DESC")).toEqual([planned, other])
    prefect.setState(planned, { type: "RUNNING", at: new Date("2026-11-21T07:00:00Z") })
    expect(await order("START_TIME_DESC")).toEqual([other, planned])
    expect(await order("EXPECTED_START_TIME_DESC")).toEqual([planned, other])
    expect((await get(simulator, planned)).estimated_start_time_delta).toBe(0)
  })

  it("returns growing figures, and no other change, when a running run is read again", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { runs: [] } })
    const running = simulator.prefect.insert({ state: "RUNNING" })
    const pending = simulator.prefect.insert({ state: "PENDING" })
    const ended = simulator.prefect.insert()
    const { estimated_run_time: first, ...before } = await get(simulator, running)
    const { estimated_run_time: second, ...after } = await get(simulator, running)
    expect(second).toBeGreaterThan(first)
    expect(after).toEqual(before)
    const waited = (await get(simulator, pending)).estimated_start_time_delta
    expect((await get(simulator, pending)).estimated_start_time_delta).toBeGreaterThan(waited)
    expect(await get(simulator, ended)).toEqual(await get(simulator, ended))
  })

  it("finds a run by its id in upper case or without dashes", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { executions: 40 } })
    for (const { id } of await prefectRuns(simulator)) {
      expect((await get(simulator, id.toUpperCase())).id).toBe(id)
      expect((await get(simulator, id.replaceAll("-", ""))).id).toBe(id)
    }
  })
})

describe("Prefect's task runs", () => {
  const taskRuns = (
    simulator: Simulator,
    body: Record<string, unknown>,
  ): Promise<Array<PrefectWireTask>> => prefectItems(simulator, "task_runs/filter", body)

  it("lists the task runs of several flow runs in pages of at most 200 over all of them", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { executions: 300 } })
    const runs = await prefectRuns(simulator, { limit: 200 })
    const any_ = runs.map((run) => run.id)
    const body = { flow_runs: { id: { any_ } }, sort: "EXPECTED_START_TIME_ASC" }
    const first = await taskRuns(simulator, body)
    const second = await taskRuns(simulator, { ...body, offset: 200 })
    const tasks = [...first, ...second]
    expect(first).toHaveLength(200)
    expect(second.length).toBeGreaterThan(0)
    expect(new Set(tasks.map((task) => task.id)).size).toBe(tasks.length)
    const filter = { flow_runs: body.flow_runs }
    expect(await prefectCount(simulator, "task_runs/count", filter)).toBe(tasks.length)
    expect(tasks.every((task) => any_.includes(task.flow_run_id))).toBe(true)
    const times = tasks.map((task) => Date.parse(task.expected_start_time))
    expect(times).toEqual(times.toSorted((left, right) => left - right))
    const byTask = { task_runs: { flow_run_id: { any_ } }, sort: "EXPECTED_START_TIME_ASC" }
    expect((await taskRuns(simulator, byTask)).map((task) => task.id).toSorted()).toEqual(
      first.map((task) => task.id).toSorted(),
    )
    const names = new Set(tasks.map((task) => task.state_name))
    expect([...names].toSorted()).toEqual(["Cached", "Completed", "Failed", "Running"])
    const failed = await taskRuns(simulator, {
      ...filter,
      task_runs: { state: { type: { any_: ["FAILED"] } } },
    })
    expect(failed.map((task) => task.id).toSorted()).toEqual(
      tasks
        .filter((task) => task.state_type === "FAILED")
        .map((task) => task.id)
        .toSorted(),
    )
  })

  it("lists task runs in one total order when they are sorted by id", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { executions: 60 } })
    const ids = (await taskRuns(simulator, { sort: "ID_DESC" })).map((task) => task.id)
    expect(ids.length).toBeGreaterThan(60)
    expect(ids).toEqual(ids.toSorted().toReversed())
    for (const id of ids) {
      expect((await prefectGet<PrefectWireTask>(simulator, `task_runs/${id}`)).body.id).toBe(id)
      expect(await taskRuns(simulator, { task_runs: { id: { any_: [id] } } })).toHaveLength(1)
    }
  })

  it("leads from a subflow to its parent and back", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { executions: 300 } })
    const parent = simulator.prefect.insert({ flow: 1 })
    const inserted = simulator.prefect.insert({ flow: 3, parent, state: "FAILED" })
    const children = await prefectRuns(simulator, {
      flow_runs: { parent_task_run_id: { is_null_: false } },
    })
    expect(children.length).toBeGreaterThan(2)
    expect(children.map((child) => child.id)).toContain(inserted)
    for (const child of children) {
      const path = `task_runs/${child.parent_task_run_id}`
      const { body: task } = await prefectGet<PrefectWireTask>(simulator, path)
      expect(task.state.state_details.child_flow_run_id).toBe(child.id)
      expect(task.state.message).toBe(child.state.message)
      const found = await prefectRuns(simulator, {
        flow_runs: { parent_flow_run_id: { any_: [task.flow_run_id] } },
      })
      expect(found.map((run) => run.id)).toContain(child.id)
      const own = await taskRuns(simulator, { flow_runs: { id: { any_: [task.flow_run_id] } } })
      expect(own.map((one) => one.id)).toContain(task.id)
    }
  })
})

describe("the seed of Prefect's history", () => {
  it("makes the same history when the options are the same, and another when the seed differs", async () => {
    const ids = async (seed: number): Promise<string> => {
      await using simulator = await startSimulator({ port: null, prefect: { seed } })
      return JSON.stringify([...simulator.prefect.truth()])
    }
    expect(await ids(1)).toBe(await ids(1))
    expect(await ids(1)).not.toBe(await ids(2))
  })

  it("makes runs whose times are possible", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { executions: 3000 } })
    const now = Date.parse("2026-11-21T08:00:00Z")
    const runs = [...simulator.prefect.truth()]
    for (const run of runs) {
      const start = run.start_time === null ? null : Date.parse(run.start_time)
      const end = run.end_time === null ? null : Date.parse(run.end_time)
      expect(start ?? now).toBeLessThanOrEqual(now)
      expect(end ?? now).toBeLessThanOrEqual(now)
      expect(end ?? now).toBeGreaterThanOrEqual(start ?? 0)
      expect(run.total_run_time).toBeGreaterThanOrEqual(0)
    }
    const early = runs.filter(
      (run) =>
        run.start_time !== null && Date.parse(run.start_time) < Date.parse(run.expected_start_time),
    )
    expect(early.length).toBeGreaterThan(3)
    expect(early.some((run) => Date.parse(run.expected_start_time) > now)).toBe(true)
    expect(runs.some((run) => run.run_count === 2)).toBe(true)
  })

  it("returns each flow with its name", async () => {
    await using simulator = await startSimulator({ port: null, prefect: { flows: 8 } })
    const { flowIds, flowNames } = simulator.prefect
    for (const [place, id] of flowIds.entries()) {
      const { body } = await prefectGet<PrefectWireFlow>(simulator, `flows/${id}`)
      expect(body).toMatchObject({ id, name: flowNames[place] })
    }
    expect(new Set(flowNames).size).toBe(8)
  })
})
