import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type DifyRow, type DifyWireRow, startSimulator } from "../src/index.js"
import { difyLogs, difyRun, everyDifyRow } from "./Requests.js"

const base = Date.UTC(2026, 10, 21, 7)

/** ISO 8601 with microseconds. */
const isoMicro = (milliseconds: number): string => {
  const micro = Math.round(milliseconds * 1000)
  const seconds = Math.floor(micro / 1_000_000)
  const fraction = String(micro - seconds * 1_000_000).padStart(6, "0")
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`
}

describe("Dify's pages", () => {
  it("returns every row once over all pages, newest first", async () => {
    await using simulator = await startSimulator({ dify: { executions: 257, perHour: 20_000 } })
    const truth = [...simulator.dify.truth()]
    expect(truth).toHaveLength(257)
    for (const limit of [1, 20, 100])
      expect(await everyDifyRow(simulator, { limit })).toEqual(truth)
    const times = truth.map((row) => simulator.dify.listedAt(row.id))
    expect(times).toEqual(times.toSorted((left, right) => right - left))
    expect(new Set(truth.map((row) => row.created_at)).size).toBeLessThan(100)
  })

  it("returns page, limit, total and has_more beside the rows", async () => {
    await using simulator = await startSimulator({ dify: { executions: 52 } })
    expect((await difyLogs(simulator)).body).toMatchObject({
      page: 1,
      limit: 20,
      total: 52,
      has_more: true,
    })
    expect((await difyLogs(simulator, { page: 3 })).body).toMatchObject({
      page: 3,
      total: 52,
      has_more: false,
    })
    const past = await difyLogs(simulator, { page: 50 })
    expect(past.body).toEqual({ page: 50, limit: 20, total: 52, has_more: false, data: [] })
  })

  it("returns smaller pages without an error when the server clamps the limit", async () => {
    await using simulator = await startSimulator({ dify: { executions: 45, clampTo: 10 } })
    const { body } = await difyLogs(simulator, { limit: 50 })
    expect(body).toMatchObject({ limit: 50, total: 45, has_more: true })
    expect(body.data).toHaveLength(10)
    expect(await everyDifyRow(simulator, { limit: 50 })).toEqual([...simulator.dify.truth()])
  })

  it("accepts a limit up to maxPageSize, and rejects a larger one", async () => {
    await using simulator = await startSimulator({ dify: { executions: 45, maxPageSize: 30 } })
    expect((await difyLogs(simulator, { limit: 30 })).body.data).toHaveLength(30)
    expect((await difyLogs(simulator, { limit: 31 })).status).toBe(400)
  })

  it("repeats and misses rows of one second when ties are shuffled, as a real server did", async () => {
    const rows: Array<DifyRow> = Array.from({ length: 60 }, () => ({ listedAt: base }))
    await using fixed = await startSimulator({ dify: { rows } })
    await using shuffled = await startSimulator({ dify: { rows, ties: "shuffled" } })
    const ids = (found: Array<DifyWireRow>): number => new Set(found.map((row) => row.id)).size
    expect(ids(await everyDifyRow(fixed, { limit: 20 }))).toBe(60)
    expect(ids(await everyDifyRow(shuffled, { limit: 20 }))).toBeLessThan(60)
    expect(ids(await everyDifyRow(shuffled, { limit: 60 }))).toBe(60)
    const [first, again, second] = [1, 1, 2].map((page) => difyLogs(shuffled, { limit: 20, page }))
    const firstRows = (await first)?.body.data ?? []
    expect(firstRows).toHaveLength(20)
    expect((await again)?.body.data).toEqual(firstRows)
    const shown = new Set(firstRows.map((row) => row.id))
    expect((await second)?.body.data.some((row) => shown.has(row.id))).toBe(true)
    const last = (await difyLogs(shuffled, { limit: 20, page: 3 })).body.data.map((row) => row.id)
    const lastFixed = (await difyLogs(fixed, { limit: 20, page: 3 })).body.data.map((row) => row.id)
    expect(last.toSorted()).not.toEqual(lastFixed.toSorted())
  })

  it("keeps the order of time when ties are shuffled", async () => {
    await using simulator = await startSimulator({
      dify: { executions: 300, perHour: 20_000, microseconds: false, ties: "shuffled" },
    })
    const times = (await everyDifyRow(simulator)).map((row) => row.created_at)
    expect(times).toEqual([...simulator.dify.truth()].map((row) => row.created_at))
  })
})

describe("Dify's filters", () => {
  it("returns the rows that pass when filters are given", async () => {
    await using simulator = await startSimulator({ dify: { executions: 600 } })
    const truth = [...simulator.dify.truth()]
    for (const status of ["succeeded", "failed", "stopped"]) {
      const expected = truth.filter((row) => row.workflow_run?.status === status)
      expect(expected.length).toBeGreaterThan(0)
      expect(await everyDifyRow(simulator, { status })).toEqual(expected)
    }
    const session = truth.filter((row) => row.created_by_end_user?.session_id === "user-3")
    expect(session.length).toBeGreaterThan(0)
    expect(await everyDifyRow(simulator, { created_by_end_user_session_id: "user-3" })).toEqual(
      session,
    )
    const email = "dana.hill@example.com"
    const isTheirs = ({ created_by_account: account }: DifyWireRow): boolean =>
      typeof account === "object" && account?.email === email
    expect(truth.some(isTheirs)).toBe(true)
    expect(await everyDifyRow(simulator, { created_by_account: email })).toEqual(
      truth.filter(isTheirs),
    )
    expect(await everyDifyRow(simulator, { created_by_account: email, status: "failed" })).toEqual(
      truth.filter((row) => isTheirs(row) && row.workflow_run?.status === "failed"),
    )
  })

  it("does not find rows of an account by the session that a real server writes for them", async () => {
    await using simulator = await startSimulator()
    const rows = [...simulator.dify.truth()]
    expect(rows.some((row) => row.created_by_end_user?.session_id === "owner")).toBe(true)
    expect(
      (await difyLogs(simulator, { created_by_end_user_session_id: "owner" })).body.total,
    ).toBe(0)
  })

  it("finds a keyword's first 30 characters in inputs and outputs, whatever their case", async () => {
    await using simulator = await startSimulator()
    const truth = [...simulator.dify.truth()]
    const texts = await Promise.all(
      truth.map(async (row) => {
        const { body } = await difyRun(simulator, row.workflow_run?.id ?? "")
        return `${String(body["inputs"])}\n${String(body["outputs"])}`.toLowerCase()
      }),
    )
    const [newest] = truth
    const runId = newest?.workflow_run?.id ?? ""
    const ofRun = [runId.slice(0, 18), `id": "${runId.slice(0, 8)}`]
    const keywords = ["Order", "refund FOR", "fallback", '"order\\":4', "user-3", ...ofRun]
    for (const keyword of keywords) {
      const expected = truth.filter((_, index) =>
        texts[index]?.includes(keyword.toLowerCase().slice(0, 30)),
      )
      expect(expected.length, keyword).toBeGreaterThan(0)
      expect(await everyDifyRow(simulator, { keyword }), keyword).toEqual(expected)
    }
    const cut = `sys.workflow_run_id": "${runId}`
    expect((await difyLogs(simulator, { keyword: `${cut.slice(0, 30)}zzz` })).body.total).toBe(1)
    expect((await difyLogs(simulator, { keyword: "zzz" })).body.total).toBe(0)
  })

  it("ignores time, session and account, and accepts the status running, when the server is an older one", async () => {
    await using simulator = await startSimulator({ dify: { version: "older" } })
    const bounds = { created_at__after: "2099-01-01T00:00:00Z", created_at__before: "yesterday" }
    const ignored = {
      ...bounds,
      created_by_account: "nobody@example.com",
      created_by_end_user_session_id: "nobody",
    }
    expect((await difyLogs(simulator, ignored)).body.total).toBe(250)
    const running = [...simulator.dify.truth()].filter(
      (row) => row.workflow_run?.status === "running",
    )
    expect(await everyDifyRow(simulator, { status: "running" })).toEqual(running)
  })
})

describe("Dify's bounds of time", () => {
  const rows: Array<DifyRow> = [0.001, 0, 500.25, 999.999, 1000].map((offset) => ({
    listedAt: base + offset,
  }))

  it.each([
    ["2026-11-21T07:00:00Z", [1], [1000, 999.999, 500.25, 0.001, 0]],
    ["2026-11-21T07:00:00.000001Z", [1, 0], [1000, 999.999, 500.25, 0.001]],
    ["2026-11-21T07:00:00.999998Z", [1, 0, 2], [1000, 999.999]],
    ["2026-11-21T08:00:00.999999+01:00", [1, 0, 2, 3], [1000, 999.999]],
    ["2026-11-21T07:00:01", [1, 0, 2, 3, 4], [1000]],
    ["2026-11-21T07:00:00.5002509Z", [1, 0, 2], [1000, 999.999, 500.25]],
    ["2026-11-22", [1, 0, 2, 3, 4], []],
  ])("includes rows at the hidden microsecond when a bound is %s", async (bound, before, after) => {
    await using simulator = await startSimulator({ dify: { rows } })
    const listed = async (parameters: Record<string, string>): Promise<Array<number>> =>
      (await everyDifyRow(simulator, parameters)).map((row) => {
        const offset = simulator.dify.listedAt(row.id) - base
        return Math.round(offset * 1000) / 1000
      })
    const offsets = before.map((index) => Number(rows[index]?.listedAt) - base)
    const expected = offsets.map((offset) => Math.round(offset * 1000) / 1000)
    expect(new Set(await listed({ created_at__before: bound }))).toEqual(new Set(expected))
    expect(await listed({ created_at__after: bound })).toEqual(after)
  })

  it("includes the whole second at both bounds when the server keeps no microseconds", async () => {
    await using simulator = await startSimulator({ dify: { rows, microseconds: false } })
    const bound = "2026-11-21T07:00:00Z"
    expect((await difyLogs(simulator, { created_at__before: bound })).body.total).toBe(4)
    expect((await difyLogs(simulator, { created_at__after: bound })).body.total).toBe(5)
  })

  it.each([
    "2026-13-01T00:00:00Z",
    "2026-02-30",
    "21/11/2026",
    "2026-11-21T07:00:00 01:00",
    "202",
    "2026-11-21T25:00",
  ])("answers 400 when a bound is %s", async (bound) => {
    await using simulator = await startSimulator({ dify: { rows } })
    const answer = await difyLogs(simulator, { created_at__after: bound })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: "invalid_param", status: 400 })
  })
})

describe("Dify's validation errors", () => {
  it("reports every invalid parameter when several are wrong", async () => {
    await using simulator = await startSimulator()
    const answer = await difyLogs(simulator, { page: 0, limit: "x", status: "it's" })
    const { message } = answer.body as unknown as { message: string }
    expect(message).toMatch(/^3 validation errors for WorkflowLogQuery\nstatus\n/)
    expect(message).toContain(`input_value="it's"`)
  })
})

describe("any query of Dify's list", () => {
  const row = fc.record({
    listedAt: fc.integer({ min: 0, max: 4_000_000 }).map((micro) => base + micro / 1000),
    status: fc.constantFrom(
      "succeeded",
      "failed",
      "stopped",
      "running",
      "partial-succeeded",
      "paused",
    ),
    session: fc.constantFrom("user-1", "user-2"),
  })
  const bound = fc.option(fc.integer({ min: -1, max: 4_000_001 }), { nil: null })

  it("returns what filtering all rows in memory returns", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 40 }),
        fc.constantFrom("succeeded", "failed", null),
        fc.constantFrom("user-1", null),
        bound,
        bound,
        fc.integer({ min: 1, max: 7 }),
        async (rows, status, session, after, before, limit) => {
          await using simulator = await startSimulator({ dify: { rows } })
          const { dify } = simulator
          const micro = (wire: DifyWireRow): number =>
            Math.round((dify.listedAt(wire.id) - base) * 1000)
          const expected = [...dify.truth()].filter(
            (wire) =>
              (status === null || wire.workflow_run?.status === status) &&
              (session === null || wire.created_by_end_user?.session_id === session) &&
              (after === null || micro(wire) >= after) &&
              (before === null || micro(wire) <= before),
          )
          const found = await everyDifyRow(simulator, {
            limit,
            ...(status === null ? {} : { status }),
            ...(session === null ? {} : { created_by_end_user_session_id: session }),
            ...(after === null ? {} : { created_at__after: isoMicro(base + after / 1000) }),
            ...(before === null ? {} : { created_at__before: isoMicro(base + before / 1000) }),
          })
          expect(found).toEqual(expected)
        },
      ),
      { numRuns: 40 },
    )
  })
})
