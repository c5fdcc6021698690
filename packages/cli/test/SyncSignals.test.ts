import type { ChildProcess } from "node:child_process"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ended, shell, shown, start } from "./Execlog.js"
import { collected } from "./KeyWatch.js"
import { byConnection, identitiesIn, type Scene, startScene, syncedIn } from "./Scene.js"

let scene: Scene

beforeEach(async () => {
  scene = await startScene({ dify: 430, alloy: 30, prefect: 20, n8n: 20 })
})

afterEach(() => scene.simulator.stop())

const stored = async () =>
  identitiesIn((await scene.call(["list", "--stored", "--limit", "all"])).stdout)

const live = async () => identitiesIn((await scene.call(["list", "--limit", "all"])).stdout)

const begin = (...args: ReadonlyArray<string>): ChildProcess =>
  start(["sync", ...args], scene.surroundings)

/** Resolves after a number of requests to a provider from now on. */
const asked = (provider: string, times: number): Promise<void> =>
  new Promise((resolve) => {
    let seen = 0
    scene.simulator.intercept((request) => {
      if (request.provider === provider) seen += 1
      if (seen === times) resolve()
      return undefined
    })
  })

/** Resolves when a process has written a text to stderr a number of times. */
const said = (child: ChildProcess, text: string, times = 1): Promise<void> =>
  new Promise((resolve) => {
    const stderr = collected(child.stderr)
    const look = () => {
      if (stderr.text.split(text).length > times) resolve()
    }
    child.stderr?.on("data", look)
    look()
  })

describe("a sync that is stopped", () => {
  it.each([
    ["SIGINT", [], 130],
    ["SIGTERM", [], 130],
    ["SIGINT", ["--watch"], 130],
    ["SIGTERM", ["--watch"], 0],
  ] as const)(
    "reports what it stored on %s with %j, and resumes there",
    async (signal, args, code) => {
      const stalled = scene.stall("dify", 2)
      const child = begin(...args)
      const outcome = ended(child)
      await stalled
      child.kill(signal)
      const first = await outcome
      expect({ code: first.code, stderr: first.stderr }).toEqual({ code, stderr: "" })
      const stopped = byConnection(first.stdout)["support-bot"]
      expect(stopped).toMatchObject({ pages: 2, isComplete: false, exitCode: 130 })
      scene.simulator.intercept(() => undefined)
      const kept = await stored()
      expect(kept.filter((line) => line.startsWith("support-bot"))).toHaveLength(
        stopped?.added ?? 0,
      )
      const second = byConnection((await scene.call(["sync"])).stdout)
      expect(second["support-bot"]?.added).toBe(430 - (stopped?.added ?? 0))
      expect(await stored()).toEqual(await live())
    },
  )

  it.each(["SIGINT", "SIGTERM"] as const)(
    "reports what it stored on %s while it requests unfinished executions",
    async (signal) => {
      scene.simulator.dify.insert({ status: "running" })
      await scene.call(["sync"])
      for (let row = 0; row < 110; row++) scene.simulator.dify.insert()
      const stalled = new Promise<void>((resolve) => {
        scene.simulator.intercept(({ path }) => {
          if (!path.includes("/workflows/run/")) return undefined
          resolve()
          return new Promise(() => {})
        })
      })
      const child = begin("--connection", "support-bot", "--look-back", "0s")
      const outcome = ended(child)
      await stalled
      child.kill(signal)
      const { code, stdout } = await outcome
      expect(code).toBe(130)
      expect(syncedIn(stdout)).toMatchObject([{ added: 110, isComplete: false, exitCode: 130 }])
    },
  )

  it("resumes where SIGKILL ended it", async () => {
    const stalled = scene.stall("dify", 3)
    const child = begin()
    const outcome = ended(child)
    await stalled
    child.kill("SIGKILL")
    await outcome
    scene.simulator.intercept(() => undefined)
    const kept = (await stored()).filter((line) => line.startsWith("support-bot"))
    expect(kept.length).toBeGreaterThan(100)
    const second = byConnection((await scene.call(["sync"])).stdout)
    expect(second["support-bot"]?.added).toBe(430 - kept.length)
    expect(await stored()).toEqual(await live())
  })

  it("ends quietly, with everything stored, when the reader of its pipe has gone", async () => {
    const { stdout, stderr } = await shell(
      `{ execlog sync; echo "ended with $?" >&2; } | true`,
      scene.surroundings,
    )
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "ended with 0\n" })
    expect(await stored()).toEqual(await live())
  })
})

describe("two syncs at once", () => {
  it("stores each execution once", async () => {
    const outcomes = await Promise.all([scene.call(["sync"]), scene.call(["sync"])])
    expect(outcomes.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
      { code: 0, stderr: "" },
      { code: 0, stderr: "" },
    ])
    const kept = await stored()
    expect(kept).toEqual(await live())
    const added = outcomes.flatMap(({ stdout }) => syncedIn(stdout).map((line) => line.added))
    expect(added.reduce((sum, count) => sum + count, 0)).toBe(kept.length)
  })
})

describe("sync --watch", () => {
  it("syncs in rounds with --watch, and reports only changes after the first round", async () => {
    const child = begin("--watch", "1s")
    const outcome = ended(child)
    await shown(child, /"connection":"editor"/)
    await asked("alloy", 3)
    const { runId } = scene.simulator.dify.insert({ status: "running" })
    await shown(child, /"connection":"support-bot"(.|\n)*"connection":"support-bot".*"added":1/)
    scene.simulator.dify.finish(runId, "succeeded")
    await shown(child, /"added":1(.|\n)*"connection":"support-bot".*"added":0,"changed":1/)
    child.kill("SIGTERM")
    const { code, stdout, stderr } = await outcome
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    const later = syncedIn(stdout).slice(4)
    for (const { added, changed, isComplete } of later) {
      expect(added + changed > 0 || !isComplete).toBe(true)
    }
    expect(
      later.filter(({ connection, isComplete }) => isComplete && connection === "production"),
    ).toEqual([])
  })

  it("reports a failure once while it lasts, and that it is over", async () => {
    let isDown = true
    let requests = 0
    let enough = () => {}
    const threeRounds = new Promise<void>((resolve) => {
      enough = resolve
    })
    scene.simulator.intercept(({ provider }) => {
      if (provider !== "dify" || !isDown) return undefined
      requests += 1
      if (requests > 3) enough()
      return { status: 503, body: { message: "Down." } }
    })
    const child = begin(
      "--watch",
      "1s",
      "--connection",
      "support-bot",
      "--connection",
      "production",
    )
    const outcome = ended(child)
    await threeRounds
    isDown = false
    await said(child, "support-bot (dify): synced again after a failure.")
    await shown(child, /"added":430/)
    isDown = true
    await said(child, "with 503: Down.", 2)
    child.kill("SIGTERM")
    const { code, stdout, stderr } = await outcome
    expect(code).toBe(0)
    expect(stderr.match(/^execlog: support-bot \(dify\): /gm)).toHaveLength(3)
    const lines = syncedIn(stdout).filter(({ connection }) => connection === "support-bot")
    expect(lines.slice(0, 2)).toMatchObject([
      { exitCode: 5, added: 0 },
      { exitCode: 0, added: 430 },
    ])
  })
})
