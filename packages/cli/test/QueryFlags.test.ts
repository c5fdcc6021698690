import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { shell } from "./Execlog.js"
import { type Scene, startScene } from "./Scene.js"

let scene: Scene
/** All listed executions. */
let all: ReadonlyArray<Listed>
let planned: string

interface Listed {
  readonly id: string
  readonly status: string
  readonly providerStatus: string | null
  readonly timestamp: string | null
  readonly startedAt: string | null
  readonly scheduledFor: string | null
  readonly finishedAt: string | null
  readonly tags: ReadonlyArray<string>
  readonly attributes: { readonly [name: string]: unknown }
}

const warehouse = ["--connection", "warehouse"]

beforeAll(async () => {
  scene = await startScene({ dify: 1, alloy: 1, prefect: 90, n8n: 1 })
  planned = scene.simulator.prefect.insert({
    state: "SCHEDULED",
    scheduled: true,
    expectedStartTime: Date.now() + 86_400_000,
  })
  await scene.call(["sync", ...warehouse])
  all = await listed()
})

afterAll(() => scene.simulator.stop())

const listed = async (...flags: ReadonlyArray<string>): Promise<ReadonlyArray<Listed>> => {
  const { code, stdout, stderr } = await scene.call([
    "list",
    ...warehouse,
    "--limit",
    "all",
    ...flags,
  ])
  expect(code, stderr).toBe(0)
  return executionsIn(stdout)
}

const executionsIn = (stdout: string): ReadonlyArray<Listed> =>
  stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))

const idsOf = (executions: ReadonlyArray<Listed>) => executions.map(({ id }) => id).toSorted()

describe("the filter flags", () => {
  it.each<[ReadonlyArray<string>, (execution: Listed) => boolean]>([
    [["--tag", "nightly"], ({ tags }) => tags.includes("nightly")],
    [["--status", "!succeeded"], ({ status }) => status !== "succeeded"],
    [
      ["--status", "!succeeded, !failed"],
      ({ status }) => status !== "succeeded" && status !== "failed",
    ],
    [["--provider-status", "CRASHED"], ({ providerStatus }) => providerStatus === "CRASHED"],
    [["--where", "state_name=Failed"], ({ attributes }) => attributes["state_name"] === "Failed"],
    [
      ["--where", "state_name=Completed", "--where", "total_run_time=0"],
      ({ attributes }) =>
        attributes["state_name"] === "Completed" && attributes["total_run_time"] === 0,
    ],
    [
      ["--finished-since", "2026-11-21T07:30:00Z", "--finished-until", "2026-11-21T07:50:00"],
      ({ finishedAt }) =>
        finishedAt !== null &&
        finishedAt >= "2026-11-21T07:30:00.000Z" &&
        finishedAt < "2026-11-21T07:50:00.000Z",
    ],
    [
      ["--since", "2026-11-21T07:30:00Z", "--status", "failed,canceled"],
      ({ timestamp, status }) =>
        timestamp !== null &&
        timestamp >= "2026-11-21T07:30:00.000Z" &&
        ["failed", "canceled"].includes(status),
    ],
  ])("returns for %j what filtering everything returns, live and stored", async (flags, passes) => {
    const expected = idsOf(all.filter(passes))
    expect(idsOf(await listed(...flags))).toEqual(expected)
    expect(idsOf(await listed(...flags, "--stored"))).toEqual(expected)
  })
})

describe("a planned execution", () => {
  it("lists planned executions only with --planned", async () => {
    expect(idsOf(all)).not.toContain(planned)
    const [first, ...rest] = await listed("--planned")
    expect(first).toMatchObject({ id: planned, status: "queued" })
    const now = new Date().toISOString()
    const ahead = rest.filter(
      ({ startedAt, scheduledFor }) => startedAt === null && (scheduledFor ?? "") > now,
    )
    expect(idsOf(rest)).toEqual(idsOf([...all, ...ahead]))
  })

  it("prints the time at which it is due", async () => {
    const { stdout } = await scene.call(["get", planned, ...warehouse, "--format", "table"])
    const due = /^scheduled for +(\S+ \S+)$/m.exec(stdout)?.[1]
    expect(due).toMatch(/^20\d\d-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
    expect(stdout).toMatch(new RegExp(`^time +${due}$`, "m"))
    expect(stdout).toMatch(/^started +–$/m)
  })

  it("notes in a plan that planned executions are omitted", async () => {
    const explained = async (...flags: ReadonlyArray<string>) =>
      (await scene.call(["explain", ...warehouse, "--format", "table", ...flags])).stdout
    expect(await explained()).toContain("no --planned: applied by execlog")
    expect(await explained("--planned")).not.toContain("--planned")
  })
})

describe("the view of one execution", () => {
  it("prints tags when there are any", async () => {
    const tagged = all.find(({ tags, status }) => tags[1] === "nightly" && status === "succeeded")
    const shown = async (id: string) =>
      (await scene.call(["get", id, ...warehouse, "--format", "table"])).stdout
    const text = await shown(tagged?.id ?? "")
    expect(text).toMatch(/^tags +prod, nightly$/m)
    const bare = all.find(({ tags }) => tags.length === 0)
    expect(await shown(bare?.id ?? "")).not.toMatch(/^tags/m)
  })
})

describe("the columns of CSV", () => {
  it("puts timestamp, scheduled_for, attempt and tags last", async () => {
    const { stdout } = await scene.call([
      "list",
      ...warehouse,
      "--tag",
      "nightly",
      "--status",
      "succeeded",
      "--limit",
      "1",
      "--format",
      "csv",
    ])
    const [head = "", line = ""] = stdout.split("\n")
    expect(head.trimEnd()).toMatch(/,raw,timestamp,scheduled_for,attempt,tags$/)
    expect(line.trimEnd()).toMatch(/,2026-11-21T[\d:.]+Z,[^,]*,,"\[""prod"",""nightly""\]"$/)
  })
})

describe("the command that resumes a list", () => {
  it("repeats all filters, with ages as instants", async () => {
    const flags =
      "--tag prod --status '!queued' --finished-since 300d --finished-until 1m --where state_name=Completed --provider-status COMPLETED --planned"
    let command = `execlog list --connection warehouse --limit 9 ${flags}`
    const ids: Array<string> = []
    const commands: Array<string> = []
    for (let calls = 0; calls < 30; calls++) {
      const { code, stdout, stderr } = await shell(command, scene.surroundings)
      expect(code, stderr).toBe(0)
      ids.push(...executionsIn(stdout).map(({ id }) => id))
      const next = /^ {2}(execlog list .*)$/m.exec(stderr)?.[1]
      if (next === undefined) break
      commands.push(next)
      command = next
    }
    const expected = all.filter(
      ({ tags, providerStatus, attributes }) =>
        tags.includes("prod") &&
        providerStatus === "COMPLETED" &&
        attributes["state_name"] === "Completed",
    )
    expect(ids.toSorted()).toEqual(idsOf(expected))
    expect(commands.length).toBeGreaterThan(1)
    for (const flag of ["--finished-since", "--finished-until"]) {
      const instants = commands.map((line) => new RegExp(`${flag} (\\S+)`).exec(line)?.[1])
      expect(new Set(instants).size).toBe(1)
      expect(instants[0]).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
    }
    for (const part of ["--planned", "--where state_name=Completed", "--status '!queued'"]) {
      expect(commands[0]).toContain(part)
    }
  })
})
