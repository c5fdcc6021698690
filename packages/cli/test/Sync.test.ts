import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { directoryWith, execlog, leftOnTerminal, onTerminal } from "./Execlog.js"
import { byConnection, identitiesIn, listable, type Scene, startScene, syncedIn } from "./Scene.js"

let scene: Scene

beforeEach(async () => {
  scene = await startScene()
})

afterEach(() => scene.simulator.stop())

const stored = async (...args: ReadonlyArray<string>) => {
  const { code, stdout, stderr } = await scene.call(["list", "--stored", "--limit", "all", ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  return stdout
}

const live = async (...args: ReadonlyArray<string>) =>
  (await scene.call(["list", "--limit", "all", ...args])).stdout

const brokenRow = {
  status: 200,
  body: { data: [{ id: "broken" }], has_more: false, page: 1, limit: 1, total: 1 },
}

describe("execlog sync", () => {
  it("stores what all connections list, and then only what is new", async () => {
    const first = await scene.call(["sync"])
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: "" })
    expect(
      syncedIn(first.stdout).map(({ connection, provider }) => [connection, provider]),
    ).toEqual([
      ["support-bot", "dify"],
      ["production", "alloy"],
      ["warehouse", "prefect"],
      ["editor", "n8n"],
    ])
    const kept = identitiesIn(await stored())
    expect(listable(kept)).toEqual(identitiesIn(await live()))
    expect(syncedIn(first.stdout).reduce((sum, { added }) => sum + added, 0)).toBe(kept.length)
    expect(syncedIn(first.stdout).every(({ isComplete }) => isComplete)).toBe(true)

    const { runId } = scene.simulator.dify.insert({ status: "running" })
    scene.simulator.clearRequests()
    const second = byConnection((await scene.call(["sync"])).stdout)
    expect(second["support-bot"]).toMatchObject({ added: 1, exitCode: 0, isComplete: true })
    expect(second["production"]).toMatchObject({ added: 0, changed: 0 })
    const pages = scene.simulator.requests.filter(({ path }) => path.includes("/workflows/logs"))
    expect(pages).toHaveLength(1)

    scene.simulator.dify.finish(runId, "failed")
    const third = byConnection((await scene.call(["sync"])).stdout)
    expect(third["support-bot"]).toMatchObject({ added: 0, changed: 1 })
    expect(await stored("--status", "failed")).toContain(runId)
  })

  it("reads back to --since, and further when an earlier one is given", async () => {
    const since = "2026-11-21T07:30:00Z"
    await scene.call(["sync", "--since", since])
    expect(listable(identitiesIn(await stored()))).toEqual(
      identitiesIn(await live("--since", since)),
    )
    await scene.call(["sync", "--since", "2026-11-21T07:00:00Z"])
    const earlier = await live("--since", "2026-11-21T07:00:00Z")
    expect(listable(identitiesIn(await stored("--since", "2026-11-21T07:00:00Z")))).toEqual(
      identitiesIn(earlier),
    )
  })

  it("reads the history again with --full", async () => {
    const args = ["sync", "--connection", "support-bot"]
    await scene.call(args)
    const again = byConnection((await scene.call(args)).stdout)["support-bot"]
    expect(again?.unchanged).toBeLessThan(230)
    const full = byConnection((await scene.call([...args, "--full"])).stdout)["support-bot"]
    expect(full?.unchanged).toBeGreaterThanOrEqual(230)
    expect(full?.added).toBe(0)
  })

  it("stores the parts of --include", async () => {
    const asked = ["--connection", "editor", "--include", "raw,steps", "--status", "failed"]
    const first = (lines: string) => JSON.parse(lines.split("\n")[0] ?? "")
    const asListed = ["sync", "--connection", "editor", "--details", "none"]
    await scene.call(asListed)
    expect(first(await stored(...asked))).not.toHaveProperty("raw")
    await scene.call([...asListed, "--include", "raw,steps", "--full"])
    const kept = first(await stored(...asked))
    expect(kept).toHaveProperty("raw.id")
    expect(kept).toEqual(first(await live(...asked)))
    expect(first(await stored("--connection", "editor"))).not.toHaveProperty("raw")
  })

  it("gives up on what stays unfinished for longer than --stale-after", async () => {
    const args = ["sync", "--connection", "support-bot"]
    const { runId } = scene.simulator.dify.insert({ status: "running" })
    await scene.call([...args, "--stale-after", "9000d"])
    await scene.call([...args, "--stale-after", "1h"])
    scene.simulator.clearRequests()
    await scene.call([...args, "--stale-after", "1h", "--look-back", "0s"])
    expect(scene.simulator.requests.filter(({ path }) => path.includes("/run/"))).toEqual([])
    const { stdout } = await scene.call(["get", "--stored", runId, "--format", "table"])
    expect(stdout).toMatch(/^ {2}given up on {2}\d{4}-/m)
  })

  it("stores a provider that is not configured under the provider's id", async () => {
    const { simulator, surroundings } = scene
    const directory = directoryWith({})
    const adHoc = ["--provider", "dify", "--set", `baseUrl=${simulator.dify.baseUrl}`]
    const there = { directory, environment: surroundings.environment }
    const { code, stdout } = await execlog(["sync", ...adHoc], there)
    expect(code).toBe(0)
    expect(syncedIn(stdout)).toMatchObject([{ connection: "dify", provider: "dify", added: 230 }])
    const listed = await execlog(["list", "--stored", "--provider", "dify", "--limit", "1"], there)
    // It has no connection name, as when read live.
    expect(JSON.parse(listed.stdout)).toMatchObject({ provider: "dify", connection: null })
  })
})

describe("a flag of sync", () => {
  it.each([
    [["--watch", "soon"], '--watch: "soon" is not a valid span of time.'],
    [["--watch", "0s"], "--watch: 0s is too short a pause between two rounds."],
    [["--watch", "30d"], "--watch: 30d is too long a pause between two rounds."],
    [["--watch", `${"9".repeat(400)}d`], "is not a valid span of time."],
    [["--page-size", "0"], '--page-size: "0" is not a whole number of at least 1.'],
    [["--look-back", "10"], '--look-back: "10" is not a valid span of time.'],
    [["--stale-after", "-7d"], '--stale-after: "-7d" is not a valid span of time.'],
    [["--since", "tomorrow"], '--since: "tomorrow" is not a valid time.'],
    [["--include", "logs"], '--include: "logs" is not a part of an execution.'],
    [["--format", "csv"], '--format: "csv" is not a format of this command.'],
    [["--connection", "nobody"], 'has no connection "nobody"'],
    [["--stored"], "execlog sync has no flag --stored."],
  ])("rejects the sync arguments %j without a request", async (args, message) => {
    const { code, stdout, stderr } = await scene.call(["sync", ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(message)
    expect(scene.simulator.requests).toEqual([])
  })
})

describe("a connection that fails", () => {
  it("names each failed connection with its exit code, and stores the others", async () => {
    const stop = scene.simulator.intercept(({ provider }) =>
      provider === "prefect" ? "disconnect" : undefined,
    )
    const { code, stdout, stderr } = await scene.call(["sync"], { DIFY_API_KEY: "canary-rejected" })
    stop()
    expect(code).toBe(3)
    expect(stderr).toContain(
      "execlog: support-bot (dify): Dify answered GET /workflows/logs with 401",
    )
    expect(stderr).toContain("execlog: warehouse (prefect): ")
    expect(byConnection(stdout)).toMatchObject({
      "support-bot": { exitCode: 3, isComplete: false, added: 0 },
      warehouse: { exitCode: 5, isComplete: false, added: 0 },
      production: { exitCode: 0, isComplete: true, added: 60 },
      editor: { exitCode: 0, isComplete: true },
    })
    const second = await scene.call(["sync"])
    expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: "" })
    expect(listable(identitiesIn(await stored()))).toEqual(identitiesIn(await live()))
  })

  it("lists a connection without a key in the summary", async () => {
    const { code, stdout, stderr } = await scene.call(["sync", "--format", "table"], {
      ALLOY_API_KEY: "",
    })
    expect(code).toBe(2)
    expect(stderr).toContain("production (alloy): ALLOY_API_KEY: The setting")
    expect(stdout).toMatch(/^production \(alloy\) +failed {2}nothing was read$/m)
    expect(stdout).toMatch(/^support-bot \(dify\) +up to date {2}230 new, in /m)
  })

  it("reports what it stored before it failed", async () => {
    let pages = 0
    scene.simulator.intercept(({ provider }) => {
      if (provider !== "dify") return undefined
      pages += 1
      return pages > 2 ? { status: 503 } : undefined
    })
    const { code, stdout } = await scene.call(["sync", "--connection", "support-bot"])
    expect(code).toBe(5)
    const [synced] = syncedIn(stdout)
    expect(synced).toMatchObject({ pages: 2, exitCode: 5, isComplete: false })
    expect(identitiesIn(await stored())).toHaveLength(synced?.added ?? 0)
  })
})

describe("unreadable items", () => {
  it("counts them, and exits with 6 only under --strict", async () => {
    scene.simulator.intercept(({ provider }) => (provider === "dify" ? brokenRow : undefined))
    const args = ["sync", "--connection", "support-bot"]
    const lenient = await scene.call(args)
    expect(lenient.code).toBe(0)
    expect(syncedIn(lenient.stdout)).toMatchObject([{ rejected: 1, added: 0, isComplete: false }])
    const strict = await scene.call([...args, "--full", "--strict"])
    expect(strict.code).toBe(6)
    expect(strict.stderr).toMatch(/^execlog: \d+ items were rejected, and --strict is given\.$/m)
  })
})

describe("the summary of sync", () => {
  it("prints one array of JSON, or lines for people", async () => {
    const { stdout } = await scene.call(["sync", "--format", "json"])
    expect(JSON.parse(stdout)).toHaveLength(4)
    const table = await scene.call(["sync", "--connection", "production", "--format", "table"])
    expect(table.stdout).toMatch(/^production \(alloy\) {2}up to date {2}0 new, \d+ unchanged, in /)
    expect(table.stdout).not.toContain("\u001b")
    const terminal = await onTerminal(["sync"], 100, scene.surroundings)
    expect(leftOnTerminal(terminal.stdout)).toContain("\u001b[32mup to date\u001b[39m")
  })
})
