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
  // The tests' one JSON boundary: what does not fit makes the expectations after it fail.
  const body = (await response.json()) as {
    data: Row[]
    nextCursor: string | null
    message?: string
  }
  return { status: response.status, body }
}

const started = (n8n: N8nOptions) => startSimulator({ port: null, n8n })
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id)
const at = Date.parse("2026-11-21T07:00:00Z")

describe("an n8n whose filter knows other words", () => {
  it("refuses the others, and names its own", async () => {
    await using simulator = await started({ words: ["error", "success"] })
    expect((await ask(simulator, "/executions?status=error")).status).toBe(200)
    expect(await ask(simulator, "/executions?status=canceled")).toMatchObject({
      status: 400,
      body: {
        message: "request/query/status must be equal to one of the allowed values: error, success",
      },
    })
  })

  it("may know crashed, and gives by it what crashed alone", async () => {
    await using simulator = await started({ words: ["crashed", "error"], executions: 0 })
    const id = simulator.n8n.insert({ status: "crashed" })
    simulator.n8n.insert({ status: "error" })
    expect(idsOf((await ask(simulator, "/executions?status=crashed")).body.data)).toEqual([id])
  })
})

describe("an n8n of version 2", () => {
  it("knows bounds on the start, both inclusive, that no row without a start passes", async () => {
    const history = [0, 1000, 2000, 3000].map((later) => ({ startedAt: at + later }))
    await using simulator = await started({ history, startTimes: true })
    simulator.n8n.insert({ startedAt: null, status: "crashed", stoppedAt: at + 1500 })
    const after = new Date(at + 1000).toISOString()
    const before = new Date(at + 2000).toISOString()
    const path = `/executions?startedAfter=${after}&startedBefore=${before}`
    expect(idsOf((await ask(simulator, path)).body.data)).toEqual(["3", "2"])
    expect((await ask(simulator, "/executions?startedAfter=soon")).status).toBe(400)
  })

  it("gives version 7 UUIDs of engine 2, which come behind the numbers, page after page", async () => {
    await using simulator = await started({ executions: 6 })
    const numbers = [...simulator.n8n.truth()].map(({ id }) => id)
    const uuids = [2000, 1000, 1000].map((later) =>
      simulator.n8n.insert({ engine: 2, status: "error", startedAt: at + later }),
    )
    expect(uuids.every((id) => /^[\da-f]{8}-[\da-f]{4}-7/.test(id))).toBe(true)
    const expected = [...numbers, ...uuids.toSorted().toReversed()]
    expect([...simulator.n8n.truth()].map(({ id }) => id)).toEqual(expected)
    const read: string[] = []
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

  it("may be run by engine 2 alone, whose retries name UUIDs", async () => {
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

describe("an n8n of 2025 and before", () => {
  it("tells no status, by list and by id", async () => {
    await using simulator = await started({ tellsStatus: false })
    const { body } = await ask(simulator, "/executions?limit=1")
    expect(Object.keys(body.data[0] ?? {})).not.toContain("status")
    const one = await ask(simulator, `/executions/${body.data[0]?.id}`)
    expect(Object.keys(one.body)).toContain("waitTill")
    expect(Object.keys(one.body)).not.toContain("status")
  })
})

describe("an execution of n8n", () => {
  it("that crashed before it started has an end and no start", async () => {
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

  it("that waited is listed when it has ended, under its old number", async () => {
    await using simulator = await started({ executions: 0 })
    const waiting = simulator.n8n.insert({ status: "waiting" })
    const later = simulator.n8n.insert({ status: "success" })
    expect(idsOf((await ask(simulator, "/executions")).body.data)).toEqual([later])
    expect((await ask(simulator, `/executions/${waiting}`)).status).toBe(200)
    simulator.n8n.finish(waiting, "error")
    expect(idsOf((await ask(simulator, "/executions")).body.data)).toEqual([later, waiting])
  })

  it("that ends well is gone where successes are not saved", async () => {
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

  it("whose data cannot be read breaks what holds it, and nothing else", async () => {
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

describe("an n8n whose pages are smaller", () => {
  it("refuses a larger one", async () => {
    await using simulator = await started({ maxPageSize: 20 })
    expect((await ask(simulator, "/executions?limit=20")).status).toBe(200)
    expect(await ask(simulator, "/executions?limit=21")).toMatchObject({
      status: 400,
      body: { message: "request/query/limit must be <= 20" },
    })
  })
})
