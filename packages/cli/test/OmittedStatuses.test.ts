import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ended, shown, start } from "./Execlog.js"
import { type Scene, startScene } from "./Scene.js"

let scene: Scene

beforeAll(async () => {
  scene = await startScene({ dify: 3, alloy: 3, prefect: 3, n8n: 30 })
  await scene.call(["sync"])
})

afterAll(() => scene.simulator.stop())

const said =
  "execlog: warning: editor (n8n): the list omits queued, running or waiting executions; to read them, use --status running, execlog get or execlog sync."

const warningsOf = async (...args: ReadonlyArray<string>) => {
  const { code, stderr } = await scene.call(args)
  expect(code, stderr).toBe(0)
  return stderr.split("\n").filter((line) => line.includes("omits"))
}

describe("a list that omits unfinished executions", () => {
  it.each([
    ["list", "--limit", "all", "--page-size", "10"],
    ["stats"],
    ["export", "--format", "ndjson"],
  ])("warns once with %s", async (...args) => {
    expect(await warningsOf(...args)).toEqual([said])
  })

  it.each([
    ["list", "--connection", "support-bot", "--connection", "warehouse"],
    ["list", "--connection", "editor", "--status", "failed"],
    ["list", "--connection", "editor", "--status", "running"],
    ["list", "--connection", "editor", "--provider-status", "success"],
    ["list", "--connection", "editor", "--since", "2026-11-01", "--finished-since", "2026-11-02"],
    ["list", "--stored"],
    ["stats", "--stored"],
    ["export", "--stored"],
  ])("does not warn with %s %s %s %s %s, which misses nothing", async (...args) => {
    expect(await warningsOf(...args)).toEqual([])
  })

  it("rejects a status filter that it cannot answer, and names the statuses it can", async () => {
    const args = ["list", "--connection", "editor", "--status", "!succeeded"]
    const { code, stderr } = await scene.call(args)
    expect(code).toBe(2)
    expect(stderr).toContain(
      "--status: n8n cannot filter by status: it lists running executions only",
    )
    expect(stderr).toContain("The list returns only canceled, failed, partial,")
  })
})

describe("execlog follow", () => {
  it("requests running executions, and warns once which others it cannot request", async () => {
    const child = start(["follow", "--connection", "editor"], scene.surroundings)
    const outcome = ended(child)
    await shown(child, /only the queued or waiting executions/, "stderr")
    child.kill("SIGTERM")
    const { stderr } = await outcome
    expect(stderr.match(/queued or waiting/g)).toHaveLength(1)
  })
})
