import { describe, expect, it } from "vitest"
import { type N8nOptions, type Simulator, startSimulator } from "../src/index.js"

interface Row {
  id: string
  status?: string
  startedAt: string | null
  stoppedAt: string | null
}

const ask = async (simulator: Simulator, path: string) => {
  const response = await simulator.fetch(`${simulator.n8n.baseUrl}${path}`, {
    headers: { "x-n8n-api-key": simulator.n8n.apiKey },
  })
  // The tests' one JSON boundary: an answer of another shape fails the expectations that follow.
  const body = (await response.json()) as {
    data: Array<Row>
    nextCursor: string | null
    message?: string
  }
  return { status: response.status, body }
}

const started = (n8n: N8nOptions) => startSimulator({ port: null, n8n })
const idsOf = (rows: ReadonlyArray<{ id: string }>) => rows.map(({ id }) => id)
const at = Date.parse("2026-11-21T07:00:00Z")

describe("n8n's status words", () => {
  it("rejects other statuses, and lists its own, when it has words of its own", async () => {
    await using simulator = await started({ words: ["error", "success"] })
    expect((await ask(simulator, "/executions?status=error")).status).toBe(200)
    expect(await ask(simulator, "/executions?status=canceled")).toMatchObject({
      status: 400,
      body: {
        message: "request/query/status must be equal to one of the allowed values: error, success",
      },
    })
  })

  it("lists crashed executions alone when crashed is one of its words", async () => {
    await using simulator = await started({ words: ["crashed", "error"], executions: 0 })
    const id = simulator.n8n.insert({ status: "crashed" })
    simulator.n8n.insert({ status: "error" })
    expect(idsOf((await ask(simulator, "/executions?status=crashed")).body.data)).toEqual([id])
  })
})

describe("n8n of version 2", () => {
  it("lists executions that start within inclusive bounds when startTimes is set", async () => {
    const history = [0, 1000, 2000, 3000].map((later) => ({ startedAt: at + later }))
    await using simulator = await started({ history, startTimes: true })
    simulator.n8n.insert({ startedAt: null, status: "crashed", stoppedAt: at + 1500 })
    const after = new Date(at + 1000).toISOString()
    const before = new Date(at + 2000).toISOString()
    const path = `/executions?startedAfter=${after}&startedBefore=${before}`
    expect(idsOf((await ask(simulator, path)).body.data)).toEqual(["3", "2"])
    expect((await ask(simulator, "/executions?startedAfter=soon")).status).toBe(400)
  })

  it("lists version 7 UUIDs after the numbers when some executions are of engine 2", async () => {
    await using simulator = await started({ executions: 6 })
    const numbers = [...simulator.n8n.truth()].map(({ id }) => id)
    const uuids = [2000, 1000, 1000].map((later) =>
      simulator.n8n.insert({ engine: 2, status: "error", startedAt: at + later }),
    )
    expect(uuids.every((id) => /^[\da-f]{8}-[\da-f]{4}-7/.test(id))).toBe(true)
    const expected = [...numbers, ...uuids.toSorted().toReversed()]
    expect([...simulator.n8n.truth()].map(({ id }) => id)).toEqual(expected)
    const read: Array<string> = []
    for (let cursor: string | null = ""; cursor !== null;) {
      const named = cursor === "" ? "" : `&cursor=${cursor}`
      const { body } = await ask(simulator, `/executions?limit=2${named}`)
      read.push(...idsOf(body.data))
      cursor = body.nextCursor
    }
    const isActive = new Set(
      [...simulator.n8n.truth()]
        .filter(({ status }) => ["new", "running", "waiting"].includes(status))
        .map(({ id }) => id),
    )
    expect(read).toEqual(expected.filter((id) => !isActive.has(id)))
    expect((await ask(simulator, `/executions/${uuids[0]}`)).body).toMatchObject({ id: uuids[0] })
  })

  it("names UUIDs in retries when all executions are of engine 2", async () => {
    await using simulator = await started({ engine: 2, executions: 200 })
    const rows = [...simulator.n8n.truth()]
    const ids = new Set(idsOf(rows))
    expect([...ids]).toEqual([...ids].toSorted().toReversed())
    const retried = rows.filter(({ retryOf }) => retryOf !== null)
    expect(retried.length).toBeGreaterThan(0)
    for (const { id, retryOf, status } of retried) {
      const original = rows.find((row) => row.id === retryOf)
      expect(original?.retrySuccessId).toBe(status === "success" ? id : null)
    }
  })
})

describe("n8n of 2025 and before", () => {
  it("returns no status, by list and by id, when tellsStatus is false", async () => {
    await using simulator = await started({ tellsStatus: false })
    const { body } = await ask(simulator, "/executions?limit=1")
    expect(Object.keys(body.data[0] ?? {})).not.toContain("status")
    const one = await ask(simulator, `/executions/${body.data[0]?.id}`)
    expect(Object.keys(one.body)).toContain("waitTill")
    expect(Object.keys(one.body)).not.toContain("status")
  })
})

describe("n8n's executions", () => {
  it("returns an end and no start when an execution crashed before it started", async () => {
    await using simulator = await started({ executions: 0 })
    const id = simulator.n8n.insert({ startedAt: null, status: "crashed", stoppedAt: at })
    const [row] = (await ask(simulator, "/executions")).body.data
    expect(row).toMatchObject({ id, startedAt: null, stoppedAt: new Date(at).toISOString() })
    const waiting = simulator.n8n.insert({ status: "new" })
    simulator.n8n.finish(waiting, "canceled")
    expect((await ask(simulator, `/executions/${waiting}`)).body).toMatchObject({
      startedAt: null,
      status: "canceled",
    })
  })

  it("lists an execution under its old number when it waited and has ended", async () => {
    await using simulator = await started({ executions: 0 })
    const waiting = simulator.n8n.insert({ status: "waiting" })
    const later = simulator.n8n.insert({ status: "success" })
    expect(idsOf((await ask(simulator, "/executions")).body.data)).toEqual([later])
    expect((await ask(simulator, `/executions/${waiting}`)).status).toBe(200)
    simulator.n8n.finish(waiting, "error")
    expect(idsOf((await ask(simulator, "/executions")).body.data)).toEqual([later, waiting])
  })

  it("drops an execution when it succeeds and successes are not saved", async () => {
    await using simulator = await started({ executions: 100, savesSuccesses: false })
    const statuses = [...simulator.n8n.truth()].map(({ status }) => status)
    expect(statuses.length).toBeGreaterThan(0)
    expect(statuses).not.toContain("success")
    const running = simulator.n8n.insert()
    const failing = simulator.n8n.insert()
    expect((await ask(simulator, `/executions/${running}`)).status).toBe(200)
    simulator.n8n.finish(running, "success")
    simulator.n8n.finish(failing, "error")
    expect((await ask(simulator, `/executions/${running}`)).status).toBe(404)
    expect((await ask(simulator, `/executions/${failing}`)).status).toBe(200)
  })

  it("answers 500 to requests for the data of an execution when it is spoiled, and to no others", async () => {
    await using simulator = await started({ executions: 10, spoiled: ["5"] })
    const failed = { status: 500, body: { message: "Internal server error" } }
    expect(await ask(simulator, "/executions?includeData=true")).toMatchObject(failed)
    expect(await ask(simulator, "/executions/5?includeData=true")).toMatchObject(failed)
    expect((await ask(simulator, "/executions")).status).toBe(200)
    expect((await ask(simulator, "/executions?includeData=true&limit=2")).status).toBe(200)
    simulator.n8n.spoil("10")
    expect((await ask(simulator, "/executions/10?includeData=true")).status).toBe(500)
  })
})

describe("n8n's page size", () => {
  it("rejects a limit that is larger than maxPageSize", async () => {
    await using simulator = await started({ maxPageSize: 20 })
    expect((await ask(simulator, "/executions?limit=20")).status).toBe(200)
    expect(await ask(simulator, "/executions?limit=21")).toMatchObject({
      status: 400,
      body: { message: "request/query/limit must be <= 20" },
    })
  })
})
