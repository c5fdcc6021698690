import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Served, served } from "./Served.js"

interface ServerEvent {
  readonly id: number
  readonly status: string
  readonly executionId: string
}

/** Reads server-sent events. */
const eventsFrom = async function* (
  site: Served,
  path: string,
  headers: HeadersInit = {},
): AsyncGenerator<ServerEvent> {
  const stop = new AbortController()
  const response = await site.ask(path, {
    headers: { accept: "text/event-stream", ...headers },
    signal: stop.signal,
  })
  expect(response.headers.get("content-type")).toBe("text/event-stream")
  let rest = ""
  try {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = `${rest}${chunk}`.split("\n\n")
      rest = blocks.pop() ?? ""
      for (const block of blocks) {
        const id = /^id: (\d+)$/m.exec(block)?.[1]
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (id === undefined || data === undefined) continue
        const { execution } = JSON.parse(data)
        yield { id: Number(id), status: execution.status, executionId: execution.id }
      }
    }
  } finally {
    stop.abort()
  }
}

const take = async (events: AsyncGenerator<ServerEvent>, count: number) => {
  const taken: Array<ServerEvent> = []
  while (taken.length < count) {
    const { value, done } = await events.next()
    if (done === true) break
    taken.push(value)
  }
  return taken
}

/** Makes an execution begin and end, each seen by a sync. */
const runOnce = async ({ simulator, sync }: Served): Promise<string> => {
  const { runId } = simulator.dify.insert({ status: "running" })
  await sync()
  simulator.dify.finish(runId, "failed")
  await sync()
  return runId
}

describe("changes of executions", () => {
  it("are sent as they are stored, to those who listen", async () => {
    await using site = await served()
    const events = eventsFrom(site, "/api/changes")
    const first = take(events, 2)
    const id = await runOnce(site)
    expect(await first).toEqual([
      { id: 1, status: "running", executionId: id },
      { id: 2, status: "failed", executionId: id },
    ])
    await events.return(undefined)
  })

  it("are listed after a number", async () => {
    await using site = await served()
    const id = await runOnce(site)
    const all = await site.read("/api/changes")
    expect(all).toMatchObject([
      { number: 1, previous: null, execution: { id, status: "running" } },
      { number: 2, previous: { status: "running" }, execution: { id, status: "failed" } },
    ])
    expect(await site.read("/api/changes?after=1")).toMatchObject([{ number: 2 }])
    expect(await site.read("/api/changes?limit=1")).toMatchObject([{ number: 1 }])
  })

  it("are each received once when a client resumes by the last event, wherever it was cut off", async () => {
    await using site = await served()
    const count = 4
    for (let round = 0; round < count; round++) await runOnce(site)
    const all = 2 * count
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 3 })), async (cuts) => {
        const received: Array<number> = []
        for (const cut of [...cuts, all]) {
          const last = received.at(-1)
          if (last === all) break
          const resumed = last === undefined ? {} : { "last-event-id": String(last) }
          const events = eventsFrom(site, "/api/changes?after=0", resumed)
          const wanted = Math.min(cut, all - received.length)
          received.push(...(await take(events, wanted)).map(({ id }) => id))
          await events.return(undefined)
        }
        expect(received).toEqual(Array.from({ length: all }, (_, index) => index + 1))
      }),
      { numRuns: 20 },
    )
  })

  it("are refused to a client whose last event is none of this server", async () => {
    await using site = await served()
    const response = await site.ask("/api/changes", {
      headers: { accept: "text/event-stream", "last-event-id": "none" },
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      subject: { kind: "header", name: "last-event-id" },
    })
  })

  it("end when the server stops, and hold it up no longer", async () => {
    await using site = await served()
    const events = eventsFrom(site, "/api/changes?after=0")
    await runOnce(site)
    await take(events, 2)
    await site.server.close()
    expect(await events.next()).toMatchObject({ done: true })
  })

  it("are sent to so many at once as the server is told, and not to more", async () => {
    await using site = await served({ mostEventStreams: 1 })
    // The answer to HEAD has no body, and is no stream.
    const accept = { accept: "text/event-stream" }
    await site.ask("/api/changes", { method: "HEAD", headers: accept })
    const events = eventsFrom(site, "/api/changes?after=0")
    await runOnce(site)
    await take(events, 1)
    const second = await site.ask("/api/changes", { headers: { accept: "text/event-stream" } })
    expect(second.status).toBe(503)
    expect(await second.json()).toMatchObject({ code: "too_many_streams" })
    await events.return(undefined)
  })
})
