import { createHmac } from "node:crypto"
import { DatabaseSync } from "node:sqlite"
import { createClient } from "@execlog/core"
import { dify } from "@execlog/dify"
import { describe, expect, it, vi } from "vitest"
import { connection, served } from "./Served.js"

describe("a server of a connection that fails", () => {
  it("says so, with the reason and since when, and serves the others", async () => {
    await using site = await served()
    const { baseUrl } = site.simulator.dify
    const wrong = createClient(dify({ baseUrl, apiKey: "wrong-canary" }), { name: "broken" })
    const warnings: Array<string> = []
    await using other = await served({
      connections: [wrong],
      onWarning: (text) => warnings.push(text),
    })
    await vi.waitFor(() => expect(warnings).toHaveLength(1))
    expect(await other.read("/api/connections")).toMatchObject({
      connections: [
        {
          name: "broken",
          state: "failing",
          syncedAt: null,
          failure: { code: "Authentication", count: 1, since: expect.any(String) },
        },
      ],
    })
    const metrics = await (await other.ask("/metrics")).text()
    expect(metrics).toContain('execlog_sync_failing{connection="broken"} 1')
    expect(metrics).toContain(
      'execlog_sync_failures_total{connection="broken",reason="Authentication"} 1',
    )
    expect(warnings[0]).toContain("broken")
    expect(warnings[0]).not.toContain("wrong-canary")
  })
})

describe("a server whose store fails", () => {
  it("says so without naming it, and warns the operator of why", async () => {
    const warnings: Array<string> = []
    await using site = await served({ onWarning: (text) => warnings.push(text) })
    const database = new DatabaseSync(site.store)
    database.exec("DROP TABLE status_changes")
    database.close()
    const response = await site.ask("/api/changes")
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain(site.store)
    expect(warnings.join("\n")).toContain(site.store)
    expect((await site.ask("/readyz")).status).toBe(503)
  })
})

describe("the metrics of a server", () => {
  const figure = (text: string, name: string): number | undefined => {
    const [, value] =
      text
        .split("\n")
        .find((line) => line.startsWith(`${name} `))
        ?.split(" ") ?? []
    return value === undefined ? undefined : Number(value)
  }

  it("count executions that are seen to end, and those that have not ended, as the store has them", async () => {
    await using site = await served()
    const labels = `connection="${connection}",workflow=""`
    const read = async () => (await site.ask("/metrics")).text()
    const { overall } = (await site.read("/api/statistics")) as {
      readonly overall: { readonly byStatus: { readonly running: number } }
    }
    const running = `execlog_executions_unfinished{${labels},status="running"}`
    const before = overall.byStatus.running
    expect(figure(await read(), running)).toBe(before === 0 ? undefined : before)
    const first = site.simulator.dify.insert({ status: "running" })
    site.simulator.dify.insert({ status: "running" })
    await site.sync()
    expect(figure(await read(), running)).toBe(before + 2)
    site.simulator.dify.finish(first.runId, "failed")
    await site.sync()
    const text = await read()
    expect(figure(text, running)).toBe(before + 1)
    expect(figure(text, `execlog_executions_total{${labels},status="failed"}`)).toBe(1)
    expect(figure(text, `execlog_execution_duration_seconds_count{${labels}}`)).toBe(1)
    expect(figure(text, `execlog_rejected_items{connection="${connection}"}`)).toBe(0)
  })
})

describe("the webhook of a connection", () => {
  const webhookSecret = "whsec-0123456789"
  const body = '{"action":"completed"}'
  const signature = `sha256=${createHmac("sha256", webhookSecret).update(body).digest("hex")}`

  const withWebhook = async () => {
    const source = await served()
    const { baseUrl, apiKey } = source.simulator.dify
    const client = createClient(dify({ baseUrl, apiKey }), { name: connection })
    const site = await served({
      connections: [
        {
          name: connection,
          provider: "dify",
          open: () => Promise.resolve(client),
          intervalMs: 24 * 60 * 60_000,
          webhookSecret,
        },
      ],
    })
    return {
      call: (headers: HeadersInit, path = `/api/webhooks/${connection}`) =>
        site.ask(path, { method: "POST", headers, body }),
      syncs: () => source.simulator.requests.length,
      [Symbol.asyncDispose]: async () => {
        await site[Symbol.asyncDispose]()
        await source[Symbol.asyncDispose]()
      },
    }
  }

  it.each([
    ["the signature of its body", { "x-hub-signature-256": signature }, 202],
    ["its secret as a token", { authorization: `Bearer ${webhookSecret}` }, 202],
    ["the signature of another body", { "x-hub-signature-256": `sha256=${"0".repeat(64)}` }, 401],
    ["a signature that is not one", { "x-hub-signature-256": "sha256=" }, 401],
    ["another token", { authorization: "Bearer none" }, 401],
    ["nothing", {}, 401],
  ])("answers a call with %s as it should", async (_, headers, status) => {
    await using hook = await withWebhook()
    expect((await hook.call(headers)).status).toBe(status)
  })

  it("makes the connection be synced at once", async () => {
    await using hook = await withWebhook()
    await vi.waitFor(() => expect(hook.syncs()).toBeGreaterThan(1))
    const before = hook.syncs()
    await hook.call({ "x-hub-signature-256": signature })
    await vi.waitFor(() => expect(hook.syncs()).toBeGreaterThan(before), { timeout: 10_000 })
  })

  it("is not there if it is not configured", async () => {
    await using hook = await withWebhook()
    expect((await hook.call({}, "/api/webhooks/other")).status).toBe(404)
    await using site = await served()
    expect((await site.ask(`/api/webhooks/${connection}`, { method: "POST" })).status).toBe(404)
  })
})
