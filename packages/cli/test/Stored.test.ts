import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { directoryWith, linesOf, shell } from "./Execlog.js"
import { identitiesIn, listable, type Scene, settingsOf, startScene } from "./Scene.js"

let scene: Scene
let finished: string
let twin: string

beforeAll(async () => {
  scene = await startScene({ dify: 130, alloy: 60, prefect: 40, n8n: 50 })
  const { simulator } = scene
  finished = simulator.dify.insert({ status: "running" }).runId
  // Without details, so that the store equals the lists.
  const asListed = ["sync", "--details", "none"]
  await scene.call(asListed)
  simulator.dify.finish(finished, "failed")
  await scene.call(asListed)
  // Another n8n has the same ids.
  const other = directoryWith({
    "execlog.json": {
      connections: {
        "other-editor": { provider: "n8n", settings: settingsOf(simulator, "n8n") },
      },
    },
  })
  await scene.call(["sync", "--config", join(other, "execlog.json"), "--store", "twins.db"])
  await scene.call(["sync", "--connection", "editor", "--store", "twins.db"])
  twin =
    linesOf((await scene.call(["list", "--connection", "editor", "--limit", "1"])).stdout)[0]?.id ??
    ""
})

afterAll(() => scene.simulator.stop())

const call = (...args: ReadonlyArray<string>) => scene.call(args)

describe("list --stored", () => {
  it.each([
    [[]],
    [["--status", "failed,timed_out"]],
    [
      [
        "--status",
        "succeeded",
        "--since",
        "2026-11-21T07:10:00Z",
        "--until",
        "2026-11-21T07:40:00Z",
      ],
    ],
    [
      [
        "--connection",
        "warehouse",
        "--connection",
        "production",
        "--since",
        "2026-11-21T07:00:00Z",
      ],
    ],
    [["--connection", "support-bot", "--actor", "user-3"]],
    [["--connection", "support-bot", "--status", "running,waiting"]],
    [["--connection", "warehouse", "--status", "queued"]],
    [["--connection", "editor", "--page-size", "7"]],
    [["--until", "2001-01-01"]],
  ])("finds what list finds: %j", async (query) => {
    const asked = [...query, "--limit", "all"]
    const live = await call("list", ...asked)
    const stored = await call("list", "--stored", ...asked)
    expect({ code: stored.code, stderr: stored.stderr }).toEqual({ code: 0, stderr: "" })
    expect(live.code).toBe(0)
    expect(listable(identitiesIn(stored.stdout))).toEqual(identitiesIn(live.stdout))
    const times = linesOf(stored.stdout).map(({ timestamp }) => timestamp)
    expect(times).toEqual(times.toSorted((a, b) => (a < b ? 1 : -1)))
  })

  it("finds the executions of a workflow", async () => {
    const workflow = scene.simulator.alloy.workflowIds[1] ?? ""
    const query = ["--connection", "production", "--workflow", workflow, "--limit", "all"]
    const stored = await call("list", "--stored", ...query)
    expect(linesOf(stored.stdout).length).toBeGreaterThan(5)
    expect(identitiesIn(stored.stdout)).toEqual(identitiesIn((await call("list", ...query)).stdout))
  })

  it("lists the oldest first with --order oldest", async () => {
    const newest = await call("list", "--stored", "--limit", "all")
    const oldest = await call("list", "--stored", "--limit", "all", "--order", "oldest")
    expect(linesOf(oldest.stdout)).toEqual(linesOf(newest.stdout).toReversed())
  })

  it("prints the command that resumes, even over several connections", async () => {
    const all = await call("list", "--stored", "--since", "30d", "--limit", "all")
    const ids: Array<string> = []
    let command: string | undefined =
      "execlog list --stored --store ./execlog.db --since 30d --limit 60"
    while (command !== undefined && ids.length < 1_000) {
      const { code, stdout, stderr } = await shell(command, scene.surroundings)
      expect(code, stderr).toBe(0)
      ids.push(...linesOf(stdout).map(({ id }) => id))
      command = /^ {2}(execlog list .*)$/m.exec(stderr)?.[1]
    }
    expect(ids).toEqual(linesOf(all.stdout).map(({ id }) => id))
  })

  it("rejects a cursor of another query, or of a provider", async () => {
    const { stderr } = await call("list", "--stored", "--limit", "5")
    const cursor = /--cursor (\S+)/.exec(stderr)?.[1] ?? ""
    const other = await call("list", "--stored", "--status", "failed", "--cursor", cursor)
    expect(other.code).toBe(2)
    expect(other.stderr).toContain("belongs to a different query")
    const live = await call("list", "--connection", "support-bot", "--limit", "5")
    const ofProvider = /--cursor (\S+)/.exec(live.stderr)?.[1] ?? ""
    const stored = await call("list", "--stored", "--cursor", ofProvider)
    expect(stored.code).toBe(2)
    expect(stored.stderr).toContain("is not from a store")
  })

  it.each([
    [["list", "--stored", "--search", "refund"], "A store cannot search"],
    [
      ["list", "--stored", "--provider", "dify", "--set", "baseUrl=x"],
      "--set cannot be combined with --stored",
    ],
    [["list", "--stored", "--provider", "dify", "--connection", "editor"], "cannot be combined"],
    [["list", "--stored", "--connection", "nobody"], 'The store has no connection "nobody".'],
    [["list", "--store", "execlog.db"], "--store requires --stored here."],
    [["stats", "--stored", "--search", "refund"], "A store cannot search"],
    [["export", "--store", "execlog.db"], "--store requires --stored here."],
    [["get", "--store", "execlog.db", "x"], "--store requires --stored here."],
    [["explain", "--stored"], "execlog explain has no flag --stored."],
  ])("rejects the stored query %j with exit code 2", async (args, message) => {
    const { code, stdout, stderr } = await call(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" })
    expect(stderr).toContain(message)
  })

  it("lists the stored connections when one is unknown", async () => {
    const { stderr } = await call("list", "--stored", "--connection", "nobody")
    expect(stderr).toContain("Its connections are editor, production, support-bot, warehouse.")
  })
})

describe("get --stored", () => {
  it("prints an execution with the changes of its status", async () => {
    const { code, stdout } = await call("get", "--stored", finished, "--format", "table")
    expect(code).toBe(0)
    expect(stdout).toMatch(/^connection +support-bot$/m)
    expect(stdout).toMatch(/^in the store$/m)
    expect(stdout).toMatch(/^ {2}first seen {3}\d{4}-\d\d-\d\d /m)
    expect(stdout).toMatch(/Z {2}running → failed$/m)
    const json = await call("get", "--stored", finished, "--format", "json")
    expect(JSON.parse(json.stdout)).toMatchObject({ id: finished, status: "failed" })
  })

  it("exits with 4 when there is no such execution", async () => {
    const { code, stdout, stderr } = await call("get", "--stored", "nobody")
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" })
    expect(stderr).toContain("The store has no execution nobody.")
    const one = await call("get", "--stored", "--connection", "editor", finished)
    expect(one.code).toBe(4)
    expect(one.stderr).toContain(`The store has no execution ${finished} of editor.`)
  })

  it("names the connections to choose from when two have the id", async () => {
    const { code, stderr } = await call("get", "--stored", "--store", "twins.db", twin)
    expect(code).toBe(2)
    expect(stderr).toContain(`2 executions with the id ${twin}, of editor, other-editor.`)
    const args = ["get", "--stored", "--store", "twins.db", "--connection", "other-editor", twin]
    const chosen = await call(...args)
    expect(JSON.parse(chosen.stdout)).toMatchObject({ connection: "other-editor", id: twin })
  })
})

describe("stats --stored", () => {
  it.each([
    [["--by", "connection", "--status", "succeeded,failed,canceled"]],
    [["--by", "workflow,day", "--status", "succeeded,failed,canceled"]],
    [["--by", "provider", "--status", "failed,succeeded"]],
    [
      [
        "--by",
        "hour",
        "--connection",
        "editor",
        "--since",
        "2026-11-21T07:00:00Z",
        "--status",
        "succeeded,failed,canceled",
      ],
    ],
    [["--by", "connection", "--connection", "support-bot", "--limit", "33"]],
  ])("counts what stats counts: %j", async (args) => {
    const live = await call("stats", ...args, "--format", "json")
    const stored = await call("stats", "--stored", ...args, "--format", "json")
    expect({ code: stored.code, stderr: stored.stderr }).toEqual({ code: 0, stderr: "" })
    const { groups, ...rest } = JSON.parse(stored.stdout)
    const { groups: liveGroups, ...liveRest } = JSON.parse(live.stdout)
    expect(rest).toEqual(liveRest)
    expect(sorted(groups)).toEqual(sorted(liveGroups))
  })
})

const sorted = (groups: ReadonlyArray<unknown>) =>
  groups.map((group) => JSON.stringify(group)).toSorted()

describe("export --stored", () => {
  it.each(["ndjson", "csv"])("writes what export writes, as %s", async (format) => {
    const query = ["--connection", "production", "--status", "succeeded,failed", "--format", format]
    const live = await call("export", ...query)
    const stored = await call("export", "--stored", ...query)
    expect({ code: stored.code, stderr: stored.stderr }).toEqual({ code: 0, stderr: "" })
    expect(stored.stdout.split("\n").length).toBeGreaterThan(20)
    // Live executions are in listing order, stored ones in order of their timestamp.
    const lines = (text: string) => text.split("\n").toSorted()
    expect(lines(stored.stdout)).toEqual(lines(live.stdout))
  })

  it("writes a complete file", async () => {
    const { code, stderr } = await call("export", "--stored", "--output", "all.ndjson")
    expect(code, stderr).toBe(0)
    const file = readFileSync(join(scene.surroundings.directory, "all.ndjson"), "utf8")
    expect(file).toBe((await call("list", "--stored", "--limit", "all")).stdout)
  })
})

describe("a store without a provider that responds", () => {
  it("needs no provider, no configuration and no key", async () => {
    const store = join(scene.surroundings.directory, "execlog.db")
    const before = (await call("list", "--stored", "--limit", "all")).stdout
    scene.simulator.clearRequests()
    const away = { directory: directoryWith({}) }
    const listed = await shell(`execlog list --stored --store '${store}' --limit all`, away)
    expect({ code: listed.code, stderr: listed.stderr }).toEqual({ code: 0, stderr: "" })
    expect(listed.stdout).toBe(before)
    const counted = await shell(`execlog stats --stored --store '${store}' --format csv`, away)
    expect(counted.stdout.trimEnd().split("\n")).toHaveLength(5)
    const got = await shell(`execlog get --stored --store '${store}' ${finished}`, away)
    expect(JSON.parse(got.stdout)).toMatchObject({ id: finished })
    expect(scene.simulator.requests).toEqual([])
  })

  it("ends quietly when the reader of its pipe has gone", async () => {
    const { stdout, stderr } = await shell(
      `{ execlog list --stored --limit all; echo "ended with $?" >&2; } | head -n 1`,
      scene.surroundings,
    )
    expect(stdout.trimEnd().split("\n")).toHaveLength(1)
    expect(stderr).toBe("ended with 0\n")
  })
})
