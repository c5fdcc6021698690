import type { ChildProcess } from "node:child_process"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { directoryWith, ended, shown, start, type Surroundings } from "./Execlog.js"
import { collected } from "./KeyWatch.js"
import { type Scene, startScene } from "./Scene.js"

let scene: Scene

beforeEach(async () => {
  scene = await startScene({ dify: 30, alloy: 10, prefect: 10, n8n: 10 })
})

afterEach(() => scene.simulator.stop())

/** A server that was started, and its address. */
const serving = async (
  args: ReadonlyArray<string> = [],
  surroundings: Surroundings = scene.surroundings,
) => {
  const child = start(["serve", "--port", "0", ...args], surroundings)
  await shown(child, /serving http/, "stderr")
  const url = /serving (http\S+)/.exec(collected(child.stderr).text)?.[1] ?? ""
  return { child, url }
}

const read = async (url: string): Promise<unknown> => (await fetch(url)).json()

const stop = (child: ChildProcess, signal: NodeJS.Signals) => {
  child.kill(signal)
  return ended(child)
}

/** Waits until all connections were synced. */
const untilSynced = (url: string) =>
  vi.waitFor(
    async () => {
      expect(await read(`${url}/api/connections`)).toMatchObject({
        connections: ["editor", "production", "support-bot", "warehouse"].map((name) => ({
          name,
          state: "waiting",
          syncedAt: expect.any(String),
        })),
      })
    },
    { timeout: 30_000, interval: 20 },
  )

describe("execlog serve", () => {
  it("syncs all connections, and serves what they have", async () => {
    const { child, url } = await serving()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    await untilSynced(url)
    const list = (await scene.call(["list", "--limit", "all"])).stdout.trimEnd().split("\n")
    const served = await fetch(`${url}/api/executions`, {
      headers: { accept: "application/x-ndjson" },
    })
    const idsOf = (lines: ReadonlyArray<string>) => lines.map((line) => JSON.parse(line).id)
    // n8n's list omits what has not ended; the store has it.
    expect(idsOf((await served.text()).trimEnd().split("\n"))).toEqual(
      expect.arrayContaining(idsOf(list)),
    )
    expect(await stop(child, "SIGTERM")).toMatchObject({ code: 0, stdout: "" })
  })

  it.each([
    ["SIGTERM", 0],
    ["SIGINT", 130],
  ] as const)("answers until it is stopped by %s, and then exits with %i", async (signal, code) => {
    const { child, url } = await serving(["--no-sync"])
    expect(await read(`${url}/healthz`)).toEqual({ status: "ok" })
    expect(await stop(child, signal)).toMatchObject({ code })
    await expect(fetch(`${url}/healthz`)).rejects.toThrow("fetch failed")
  })

  it("asks no provider with --no-sync", async () => {
    await scene.call(["sync"])
    scene.simulator.clearRequests()
    const { child, url } = await serving(["--no-sync"])
    expect(await read(`${url}/api/statistics`)).toMatchObject({
      overall: { count: expect.any(Number) },
    })
    expect(scene.simulator.requests).toEqual([])
    await stop(child, "SIGTERM")
  })

  it("names a connection that cannot be opened once, and serves the others", async () => {
    const directory = directoryWith({
      "execlog.json": {
        serve: { interval: "1s" },
        connections: {
          broken: { provider: "alloy" },
          shop: {
            provider: "n8n",
            settings: { baseUrl: scene.simulator.n8n.baseUrl },
          },
        },
      },
    })
    const { n8n } = scene.simulator
    const { child, url } = await serving([], {
      directory,
      environment: { N8N_API_KEY: n8n.apiKey },
    })
    await vi.waitFor(
      async () => {
        expect(await read(`${url}/api/connections`)).toMatchObject({
          connections: [
            { name: "broken", state: "failing", failure: { count: 2 } },
            { name: "shop", syncedAt: expect.any(String) },
          ],
        })
      },
      { timeout: 30_000, interval: 50 },
    )
    const { stderr } = await stop(child, "SIGTERM")
    expect(stderr.match(/broken/g)).toHaveLength(1)
  })

  it("asks for the tokens of the configuration, and for the one of EXECLOG_TOKEN", async () => {
    const [first, second] = ["canary-token-0123456789", "canary-token-9876543210"]
    const directory = directoryWith({
      "execlog.json": {
        serve: { tokens: [{ name: "screen", token: "${SCREEN}", access: "read" }] },
        connections: {},
      },
    })
    const { child, url } = await serving(["--no-sync"], {
      directory,
      environment: { SCREEN: first, EXECLOG_TOKEN: second },
    })
    const statusWith = async (headers: HeadersInit) =>
      (await fetch(`${url}/api/executions`, { headers })).status
    expect(await statusWith({})).toBe(401)
    expect(await statusWith({ authorization: `Bearer ${first}` })).toBe(200)
    expect(await statusWith({ authorization: `Bearer ${second}` })).toBe(200)
    await stop(child, "SIGTERM")
  })

  it.each([
    [["--port", "none"], /--port: "none" is not a port/],
    [["--port", "70000"], /--port: "70000" is not a port/],
    [["--interval", "10ms"], /--interval: 10ms is too short/],
    [["--show", "steps"], /--show: "steps" is not a part/],
    [["--host", ""], /--host is empty/],
  ])("rejects %j with what is wrong", async (args, text) => {
    const { code, stderr } = await scene.call(["serve", ...args])
    expect(code).toBe(2)
    expect(stderr).toMatch(text)
  })

  it.each([
    [{ serve: { port: "4242" }, connections: {} }, /serve\.port/],
    [{ serve: { prot: 4242 }, connections: {} }, /prot/],
    [
      {
        serve: { interval: "soon" },
        connections: { shop: { provider: "n8n", settings: {} } },
      },
      /serve\.interval: "soon"/,
    ],
  ])("rejects the configuration %j with where it is wrong", async (config, text) => {
    const directory = directoryWith({ "execlog.json": config })
    const { code, stderr } = await ended(start(["serve", "--port", "0"], { directory }))
    expect(code).toBe(2)
    expect(stderr).toMatch(text)
  })

  it("does not listen where others reach it without a token", async () => {
    const { code, stderr } = await scene.call(["serve", "--host", "0.0.0.0", "--no-sync"])
    expect(code).toBe(2)
    expect(stderr).toContain("no token is asked for")
  })

  it("ends with what is wrong when the port of a demo is in use", async () => {
    const first = await serving(["--no-sync"])
    const { port } = new URL(first.url)
    const second = await ended(
      start(["serve", "--demo", "--port", port], { directory: directoryWith({}) }),
    )
    expect(second).toMatchObject({ code: 2 })
    expect(second.stderr).toContain(`Port ${port} of 127.0.0.1 is in use`)
    await stop(first.child, "SIGTERM")
  })

  it("serves a made-up company with --demo, and keeps nothing", async () => {
    const directory = directoryWith({})
    const { child, url } = await serving(["--demo"], { directory })
    await vi.waitFor(
      async () => {
        expect(await read(`${url}/api/connections`)).toMatchObject({
          connections: ["etl", "production", "shop", "support-bot"].map((name) => ({ name })),
        })
        expect(await read(`${url}/api/statistics?since=1h`)).toMatchObject({
          overall: { count: expect.any(Number) },
        })
      },
      { timeout: 30_000, interval: 50 },
    )
    expect(await stop(child, "SIGTERM")).toMatchObject({ code: 0 })
    expect(existsSync(join(directory, "execlog.db"))).toBe(false)
  })
})
