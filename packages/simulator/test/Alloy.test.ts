import { describe, expect, it } from "vitest"
import {
  type AlloyExecution,
  type AlloyTruth,
  type AlloyWireEvent,
  type Simulator,
  startSimulator,
} from "../src/index.js"
import { alloyLogs, alloyWorkflowLogs, condition, everyAlloyEvent, filters } from "./Requests.js"

const dense = { executions: 300, perHour: 5000 }

const byId = (truth: Iterable<AlloyTruth>): Map<string, AlloyTruth> =>
  new Map(Array.from(truth, (each) => [each.executionId, each]))

describe("Alloy's list of events", () => {
  it("returns events with the fields that the document has", async () => {
    await using simulator = await startSimulator()
    const { body } = await alloyLogs(simulator, { limit: 50 })
    expect(Object.keys(body)).toEqual(["notifications", "lastFetched", "pagination"])
    expect(body.pagination).toMatchObject({ currentPage: 1, pageSize: 50 })
    for (const event of body.notifications) {
      const names =
        "_id message data startedAt completedAt createdAt customVersion workflowVersion teamId " +
        "forgeWorkflowId workflowId userId user forgeWorkflow"
      const started = event.message === "executionStarted"
      expect(Object.keys(event)).toEqual(
        names.split(" ").filter((name) => !(started && name === "completedAt")),
      )
      expect(event._id).toMatch(/^[0-9a-f]{24}$/)
      expect(event.data.executionId).toMatch(/^[0-9a-f]{24}$/)
      expect(event.data.executionUuid).toMatch(/^[0-9A-Za-z]{21}$/)
      expect(Object.keys(event.forgeWorkflow.integrationId)).toEqual([
        "_id",
        "name",
        "blockId",
        "icon",
      ])
    }
  })

  it("returns two events of each execution that has ended, and one of each that runs", async () => {
    await using simulator = await startSimulator({ alloy: dense })
    const truth = byId(simulator.alloy.truth())
    expect(truth.size).toBe(300)
    const events = await everyAlloyEvent(simulator)
    expect(new Set(events.map((event) => event._id)).size).toBe(events.length)
    const groups = new Map<string, Array<AlloyWireEvent>>()
    for (const event of events) {
      groups.set(event.data.executionUuid, [...(groups.get(event.data.executionUuid) ?? []), event])
    }
    expect([...groups.keys()].toSorted()).toEqual([...truth.keys()].toSorted())
    const messages = new Set<string>()
    for (const [uuid, [last, first, ...rest]] of groups) {
      const known = truth.get(uuid)
      expect(rest).toEqual([])
      expect(last).toMatchObject({
        message: known?.message,
        createdAt: known?.listedAt,
        startedAt: known?.startedAt,
      })
      expect(last?.completedAt ?? null).toBe(known?.completedAt)
      expect(last?.forgeWorkflowId).toBe(known?.workflowId)
      expect(first === undefined).toBe(known?.completedAt === null)
      if (first !== undefined) {
        expect(first.message).toBe("executionStarted")
        expect(first.completedAt).toBeUndefined()
        expect(first.data).toEqual(last?.data)
        expect(
          first.createdAt >= (first.startedAt ?? "") && first.createdAt <= (last?.createdAt ?? ""),
        ).toBe(true)
      }
      messages.add(known?.message ?? "")
    }
    expect(messages.size).toBe(3)
  })

  it("lists the newest event first, and the oldest first when sortOrder is asc", async () => {
    await using simulator = await startSimulator({ alloy: dense })
    const events = await everyAlloyEvent(simulator)
    const times = events.map((event) => event.createdAt)
    expect(times).toEqual(times.toSorted().toReversed())
    expect(await everyAlloyEvent(simulator, { sortOrder: "asc" })).toEqual(events.toReversed())
  })

  it.each(["completedAt", "message", "userId"] as const)(
    "sorts events when sortBy is %s",
    async (sortBy) => {
      await using simulator = await startSimulator({ alloy: dense })
      const all = (await everyAlloyEvent(simulator)).length
      const keys = (events: Array<AlloyWireEvent>): Array<string> =>
        events.map((event) => event[sortBy] ?? "")
      const descending = keys(await everyAlloyEvent(simulator, { sortBy }))
      expect(descending).toHaveLength(all)
      expect(descending).toEqual(descending.toSorted().toReversed())
      const ascending = keys(await everyAlloyEvent(simulator, { sortBy, sortOrder: "asc" }))
      expect(ascending).toEqual(descending.toSorted())
    },
  )

  it("pages events by skip and limit", async () => {
    await using simulator = await startSimulator({ alloy: { ...dense, maxPageSize: 20 } })
    const first = (await alloyLogs(simulator)).body
    expect(first.notifications).toHaveLength(10)
    const total = first.pagination.totalItems
    const { body } = await alloyLogs(simulator, { skip: 40, limit: 50 })
    expect(body.notifications).toHaveLength(20)
    expect(body.pagination).toEqual({
      totalItems: total,
      totalPages: Math.ceil(total / 20),
      currentPage: 3,
      pageSize: 20,
    })
    expect((await alloyLogs(simulator, { skip: total })).body.notifications).toEqual([])
  })
})

describe("Alloy's filters", () => {
  const check = async (
    simulator: Simulator,
    conditions: Array<unknown>,
    passes: (event: AlloyWireEvent) => boolean,
    more: Record<string, string> = {},
  ): Promise<void> => {
    const all = await everyAlloyEvent(simulator)
    const expected = all.filter(passes)
    expect(expected.length).toBeGreaterThan(0)
    expect(expected.length).toBeLessThan(all.length)
    const parameters = conditions.length === 0 ? more : { filters: filters(...conditions), ...more }
    expect(await everyAlloyEvent(simulator, parameters)).toEqual(expected)
  }

  it("returns the events that pass when a filter has conditions", async () => {
    await using simulator = await startSimulator({ alloy: { ...dense, executions: 120 } })
    const [workflow = "", other = ""] = simulator.alloy.workflowIds
    const [user = ""] = simulator.alloy.userIds
    const [sample] = await everyAlloyEvent(simulator)
    const executionId = sample?.data.executionId ?? ""
    const integration = sample?.forgeWorkflow.integrationId._id ?? ""
    await check(
      simulator,
      [condition("message", "equals", "executionError")],
      (e) => e.message === "executionError",
    )
    await check(
      simulator,
      [condition("message", "notequals", "executionStarted")],
      (e) => e.message !== "executionStarted",
    )
    await check(
      simulator,
      [condition("message", "contains", "Fin")],
      (e) => e.message === "executionFinished",
    )
    await check(
      simulator,
      [condition("forgeWorkflowId", "equals", workflow)],
      (e) => e.forgeWorkflowId === workflow,
    )
    await check(simulator, [condition("userId", "notequals", user)], (e) => e.userId !== user)
    await check(
      simulator,
      [condition("workflowVersion", "greaterthan", "1")],
      (e) => e.workflowVersion > 1,
    )
    await check(
      simulator,
      [condition("data.executionId", "equals", executionId)],
      (e) => e.data.executionId === executionId,
    )
    await check(
      simulator,
      [condition("forgeWorkflow.integrationId._id", "notcontains", integration)],
      (e) => e.forgeWorkflow.integrationId._id !== integration,
    )
    await check(simulator, [], (e) => e.forgeWorkflowId === other, { workflowId: other })
    await check(simulator, [], (e) => e.userId === user, { associatedUserId: user })
    await check(
      simulator,
      [condition("message", "equals", "executionStarted"), condition("userId", "equals", user)],
      (e) => e.message === "executionStarted" && e.userId === user,
    )
    expect(await everyAlloyEvent(simulator, { workflowId: "67ef017d8eaeb50b18e635a1" })).toEqual([])
  })

  it("leaves out events at the bound when a condition bounds createdAt", async () => {
    const at = Date.UTC(2026, 10, 21, 7)
    const history: Array<AlloyExecution> = [-1, 0, 1].map((offset) => ({
      startedAt: at + offset,
      completedAt: null,
    }))
    await using simulator = await startSimulator({ alloy: { history } })
    const found = async (...conditions: Array<unknown>): Promise<Array<number>> =>
      (await everyAlloyEvent(simulator, { filters: filters(...conditions) })).map(
        (e) => Date.parse(e.createdAt) - at,
      )
    const bound = new Date(at).toISOString()
    expect(await found(condition("createdAt", "greaterthan", bound))).toEqual([1])
    expect(await found(condition("createdAt", "lessthan", "2026-11-21T08:00:00+01:00"))).toEqual([
      -1,
    ])
    expect(await found(condition("createdAt", "equals", bound))).toEqual([0])
    const around = [condition("createdAt", "greaterthan", new Date(at - 1).toISOString())]
    expect(
      await found(...around, condition("createdAt", "lessthan", new Date(at + 1).toISOString())),
    ).toEqual([0])
  })

  it.each([
    ["a text that is not JSON", "{"],
    ["an object instead of an array", '{"a":1}'],
    ["an unknown column", filters(condition("data.executionUuid", "equals", "x"))],
    ["an unknown operator", filters(condition("message", "is", "x"))],
    [
      "another condition",
      filters({ ...condition("message", "equals", "x"), condition: { value: "or" } }),
    ],
    ["a bound that is not a date", filters(condition("createdAt", "lessthan", "yesterday"))],
  ])("answers 400 when filters hold %s", async (_, text) => {
    await using simulator = await startSimulator()
    const answer = await alloyLogs(simulator, { filters: text })
    expect(answer.status).toBe(400)
    expect(answer.body).toEqual({ message: expect.any(String) })
  })
})

describe("Alloy's logs of one workflow", () => {
  it("returns every execution of a workflow once, last started first, with the times of its events", async () => {
    await using simulator = await startSimulator({ alloy: dense })
    const truth = byId(simulator.alloy.truth())
    const seen = new Set<string>()
    const events = new Map(
      (await everyAlloyEvent(simulator)).map((event) => [
        event.data.executionUuid,
        event.data.executionId,
      ]),
    )
    for (const workflowId of simulator.alloy.workflowIds) {
      const starts: Array<string> = []
      for (let page = 1; ; page += 1) {
        const { body } = await alloyWorkflowLogs(simulator, workflowId, { page, limit: 30 })
        for (const execution of body.data) {
          const known = truth.get(execution.executionId)
          const { startedAt, stoppedAt = null, finished } = execution
          expect({ workflowId, startedAt, stoppedAt, finished }).toEqual({
            workflowId: known?.workflowId,
            startedAt: known?.startedAt,
            stoppedAt: known?.completedAt,
            finished: known?.message === "executionFinished",
          })
          expect(events.has(execution.executionId)).toBe(true)
          expect(seen.has(execution.executionId)).toBe(false)
          seen.add(execution.executionId)
          starts.push(startedAt)
        }
        if (body.data.length === 0) break
      }
      expect(starts).toEqual(starts.toSorted().toReversed())
    }
    expect(seen.size).toBe(300)
  })

  it("ends the results at the failed step when an execution failed, and at the open step when it runs", async () => {
    const at = Date.UTC(2026, 10, 21, 7)
    const history: Array<AlloyExecution> = Array.from({ length: 12 }, (_, index) => ({
      startedAt: at + index,
      completedAt: index % 3 === 2 ? null : at + 900,
      failed: index % 3 === 1,
    }))
    await using simulator = await startSimulator({ alloy: { history } })
    const { body } = await alloyWorkflowLogs(simulator, simulator.alloy.workflowIds[0] ?? "", {
      limit: 30,
    })
    const kinds = new Set<string>()
    for (const execution of body.data) {
      expect(execution.inputs.map((input) => input.connectorId)).toEqual(
        execution.results.map((r) => r.connectorId),
      )
      const items = execution.results.flatMap((result) => result.data.flat())
      const wrong = items.filter(
        (item) => item["error"] !== undefined || Number(item["statusCode"] ?? 0) >= 400,
      )
      const kind = execution.finished
        ? "finished"
        : execution.stoppedAt === undefined
          ? "running"
          : "failed"
      kinds.add(kind)
      expect(wrong).toHaveLength(kind === "failed" ? 1 : 0)
      expect(execution.results.some((result) => result.stoppedAt === undefined)).toBe(
        kind === "running",
      )
    }
    expect(kinds.size).toBe(3)
  })

  it("applies limit, order and userId when the logs of a workflow are listed", async () => {
    await using simulator = await startSimulator({ alloy: dense })
    const [workflowId = ""] = simulator.alloy.workflowIds
    const [userId = ""] = simulator.alloy.userIds
    expect((await alloyWorkflowLogs(simulator, workflowId)).body.data).toHaveLength(10)
    expect((await alloyWorkflowLogs(simulator, workflowId, { limit: 100 })).body.data).toHaveLength(
      30,
    )
    const expected = [...simulator.alloy.truth()]
      .filter((each) => each.workflowId === workflowId && each.userId === userId)
      .toSorted((left, right) => ((left.startedAt ?? "") < (right.startedAt ?? "") ? -1 : 1))
      .map((each) => each.startedAt)
    const { body } = await alloyWorkflowLogs(simulator, workflowId, {
      limit: 30,
      order: "asc",
      userId,
    })
    expect(expected.length).toBeGreaterThan(5)
    expect(body.data.map((each) => each.startedAt)).toEqual(expected.slice(0, 30))
  })

  it("rejects the logs of a workflow when the version header is missing or the workflow unknown", async () => {
    await using simulator = await startSimulator()
    const [workflowId = ""] = simulator.alloy.workflowIds
    const authorization = `Bearer ${simulator.alloy.apiKey}`
    expect((await alloyWorkflowLogs(simulator, workflowId, {}, { authorization })).status).toBe(400)
    expect((await alloyWorkflowLogs(simulator, "67ef017d8eaeb50b18e635a1")).status).toBe(404)
    expect((await alloyWorkflowLogs(simulator, "nonsense")).status).toBe(404)
    const wrong = { authorization: "bearer wrong", "x-api-version": "2025-09" }
    expect((await alloyWorkflowLogs(simulator, workflowId, {}, wrong)).status).toBe(401)
  })
})

describe("changes of Alloy's history", () => {
  it("shows an execution in both endpoints when it is started, finished and deleted", async () => {
    await using simulator = await startSimulator({ alloy: dense })
    const [, workflowId = ""] = simulator.alloy.workflowIds
    const before = (await alloyLogs(simulator)).body.pagination.totalItems
    const ofWorkflow = async (): Promise<number> =>
      (await alloyLogs(simulator, { workflowId })).body.pagination.totalItems
    const first = (await alloyWorkflowLogs(simulator, workflowId)).body.data[0]
    const beforeOfWorkflow = await ofWorkflow()
    const executionId = simulator.alloy.start({ workflow: 1, user: 2 })
    const top = async (): Promise<AlloyWireEvent | undefined> =>
      (await alloyLogs(simulator)).body.notifications[0]
    expect(await top()).toMatchObject({
      message: "executionStarted",
      data: { executionUuid: executionId },
    })
    expect(await ofWorkflow()).toBe(beforeOfWorkflow + 1)
    simulator.alloy.finish(executionId, "error")
    expect(await ofWorkflow()).toBe(beforeOfWorkflow + 2)
    expect(await top()).toMatchObject({
      message: "executionError",
      data: { executionUuid: executionId },
    })
    expect((await alloyLogs(simulator)).body.pagination.totalItems).toBe(before + 2)
    const { body } = await alloyWorkflowLogs(simulator, workflowId)
    expect(body.data[0]).toMatchObject({
      executionId,
      finished: false,
      stoppedAt: expect.any(String),
    })
    simulator.alloy.delete(executionId)
    expect(await ofWorkflow()).toBe(beforeOfWorkflow)
    expect((await alloyWorkflowLogs(simulator, workflowId)).body.data[0]).toEqual(first)
    expect((await alloyLogs(simulator)).body.pagination.totalItems).toBe(before)
    expect([...simulator.alloy.truth()].some((each) => each.executionId === executionId)).toBe(
      false,
    )
    expect(() => simulator.alloy.delete(executionId)).toThrow(/holds no execution/)
  })

  it("ends a made execution at the given time when it is finished", async () => {
    await using simulator = await startSimulator({ alloy: dense })
    const running = [...simulator.alloy.truth()].find((each) => each.completedAt === null)
    const at = new Date("2026-11-21T08:00:05.000Z")
    simulator.alloy.finish(running?.executionId ?? "", "ok", at)
    const after = [...simulator.alloy.truth()][0]
    expect(after).toEqual({
      ...running,
      completedAt: at.toISOString(),
      listedAt: at.toISOString(),
      message: "executionFinished",
    })
  })
})
