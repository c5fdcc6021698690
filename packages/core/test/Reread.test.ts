import { describe, expect, it } from "vitest"
import { createClient, redactPaths } from "../src/index.js"
import { byTime, changingFetch, changingServer } from "./ChangingProvider.js"
import { eventful } from "./EventfulProvider.js"

const epoch = Date.UTC(2026, 10, 21, 8)
const good = { number: 1, at: epoch, state: "ok" }
const later = { number: 2, at: epoch + 1000, state: "bad" }
const bad = { number: 3, at: "soon", state: "ok" }

const asked: Array<string> = []
const clientOf = (options = {}) =>
  createClient(byTime({ apiKey: "canary-changing-1" }), {
    name: "shop",
    fetch: (input) => {
      asked.push(String(input))
      return changingFetch(changingServer([]))(input)
    },
    ...options,
  })

describe("client.reread", () => {
  it("reads each item on its own, without a request", async () => {
    const read = await clientOf().reread([good, bad, later])
    expect(read).toMatchObject([
      {
        ok: true,
        execution: {
          provider: "changing",
          connection: "shop",
          id: "1",
          status: "succeeded",
          listedAt: new Date(epoch),
          startedAt: new Date(epoch),
        },
      },
      { ok: false, reason: expect.stringContaining("at") },
      { ok: true, execution: { id: "2", status: "failed" } },
    ])
    expect(asked).toEqual([])
    expect(await clientOf().reread([])).toEqual([])
  })

  it("returns the parts that the query includes", async () => {
    const [plain] = await clientOf().reread([good])
    expect(plain).not.toHaveProperty("execution.raw")
    const [whole] = await clientOf().reread([good], { include: ["raw"] })
    expect(whole).toHaveProperty("execution.raw", good)
  })

  it("masks the executions, and the reasons of unreadable items", async () => {
    const client = clientOf({ redact: redactPaths("raw.at", "attributes.listed") })
    const [read] = await client.reread([good], { include: ["raw"] })
    expect(read).toMatchObject({ execution: { attributes: { listed: "<redacted>" } } })
    const [rejected] = await client.reread([{ ...bad, at: "hush-hush" }])
    expect(rejected).toMatchObject({ ok: false })
    expect(JSON.stringify(rejected)).not.toContain("hush-hush")
  })

  it("fails when the provider cannot answer the query", async () => {
    await expect(clientOf().reread([good], { search: "x" })).rejects.toMatchObject({
      reason: "Unsupported",
      connection: "shop",
    })
  })

  it("folds the events of one execution", async () => {
    const client = createClient(eventful({ apiKey: "canary-sample-1" }))
    const start = { id: "e", at: 1, word: "start", start: 1 }
    const end = { ...start, at: 5, word: "end" }
    const read = await client.reread([[start, end], start, [start, { ...end, at: "soon" }], []])
    expect(read).toMatchObject([
      { ok: true, execution: { id: "e", status: "succeeded" } },
      { ok: true, execution: { id: "e", status: "running" } },
      { ok: false, reason: expect.stringContaining("at") },
      { ok: false, reason: "it contains no event" },
    ])
    const [whole, alone] = await client.reread([[end, start], start], { include: ["raw"] })
    expect(whole).toHaveProperty("execution.raw", [end, start])
    expect(alone).toHaveProperty("execution.raw", [start])
  })
})
