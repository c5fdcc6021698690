import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { directoryWith, execlog, leftOnTerminal, linesOf, onTerminal, shell } from "./Execlog.js"

let simulator: Simulator
let directory: string
let environment: { readonly [name: string]: string }

beforeAll(async () => {
  simulator = await startSimulator({ dify: { executions: 130 }, alloy: { executions: 90 } })
  directory = directoryWith({
    "execlog.json": {
      connections: {
        "support-bot": {
          provider: "dify",
          settings: { apiKey: "${BOT_KEY}", baseUrl: simulator.dify.baseUrl },
          transport: { retries: 0 },
        },
        production: { provider: "alloy", settings: { baseUrl: simulator.alloy.baseUrl } },
      },
    },
  })
  environment = { BOT_KEY: simulator.dify.apiKey, ALLOY_API_KEY: simulator.alloy.apiKey }
})

afterAll(() => simulator.stop())

const call = (args: ReadonlyArray<string>) => execlog(args, { directory, environment })

const difyIds = () => [...simulator.dify.truth()].map((row) => row.workflow_run?.id ?? row.id)

describe("execlog list", () => {
  it("merges all connections by the time that the table shows", async () => {
    const { code, stdout, stderr } = await call(["list", "--limit", "all"])
    expect(stderr).toBe("")
    expect(code).toBe(0)
    const executions = linesOf(stdout)
    expect(executions).toHaveLength(130 + 90)
    expect(new Set(executions.map(({ id }) => id)).size).toBe(130 + 90)
    const listed = ["dify", "alloy"].map((name) =>
      executions.filter(({ provider }) => provider === name).map(({ timestamp }) => timestamp),
    )
    // Each connection keeps the provider's order: the next is the later of the two first ones.
    for (const { timestamp } of executions) {
      const heads = listed.flatMap(([head]) => (head === undefined ? [] : [head]))
      expect(timestamp).toBe(heads.toSorted().at(-1))
      listed.find(([head]) => head === timestamp)?.shift()
    }
  })

  it("prints 50 executions over all connections by default", async () => {
    const { stdout, stderr } = await call(["list"])
    expect(linesOf(stdout)).toHaveLength(50)
    // A cursor belongs to one connection: several have no command to resume.
    expect(stderr).toBe("")
  })

  it("reads only the connections of --connection", async () => {
    const { stdout } = await call(["list", "--connection", "support-bot", "--limit", "all"])
    expect(linesOf(stdout).map(({ id }) => id)).toEqual(difyIds())
  })

  it("reads a provider that is not configured", async () => {
    const { code, stdout } = await execlog(
      [
        "list",
        "--provider",
        "dify",
        "--set",
        `baseUrl=${simulator.dify.baseUrl}/`,
        "--limit",
        "all",
      ],
      { environment: { DIFY_API_KEY: simulator.dify.apiKey } },
    )
    expect(code).toBe(0)
    expect(linesOf(stdout)).toHaveLength(130)
  })

  it("returns only what the query selects", async () => {
    const { stdout, stderr, code } = await call([
      "list",
      "--connection",
      "support-bot",
      "--status",
      "failed, canceled",
      "--limit",
      "all",
      "--since",
      "2026-11-21T07:00:00",
      "--until",
      "2026-11-21T08:00:00+00:00",
      "--page-size",
      "7",
    ])
    expect(code, stderr).toBe(0)
    const expected = [...simulator.dify.truth()].filter(
      ({ workflow_run: row }) =>
        row !== null &&
        ["failed", "stopped"].includes(row.status) &&
        row.created_at * 1000 >= Date.parse("2026-11-21T07:00:00Z") &&
        row.created_at * 1000 < Date.parse("2026-11-21T08:00:00Z"),
    )
    expect(expected.length).toBeGreaterThan(0)
    expect(linesOf(stdout).map(({ id }) => id)).toEqual(expected.map((row) => row.workflow_run?.id))
  })

  it("reads a structured setting of --set as JSON", async () => {
    const { stdout } = await execlog(
      [
        "list",
        "--provider",
        "dify",
        "--set",
        `baseUrl=${simulator.dify.baseUrl}`,
        "--limit",
        "1",
        "--set",
        'workflow={"id":"wf","name":"Support"}',
        "--workflow",
        "wf",
      ],
      { environment: { DIFY_API_KEY: simulator.dify.apiKey } },
    )
    expect(JSON.parse(stdout).workflow).toMatchObject({ id: "wf", name: "Support" })
  })

  it("names a connection that fails, and prints the others", async () => {
    const { code, stdout, stderr } = await execlog(["list", "--limit", "all"], {
      directory,
      environment: { ...environment, BOT_KEY: "canary-wrong" },
    })
    expect(linesOf(stdout)).toHaveLength(90)
    expect(stderr).toContain(
      "execlog: support-bot (dify): Dify answered GET /workflows/logs with 401",
    )
    expect(stderr).toContain("Check the key")
    expect(stderr).not.toContain("canary-wrong")
    expect(code).toBe(3)
  })

  it("exits with the smallest code of several failed connections", async () => {
    const { code, stdout, stderr } = await execlog(["list"], {
      directory,
      environment: { BOT_KEY: "canary-wrong" },
    })
    expect(stdout).toBe("")
    expect(stderr).toContain("support-bot (dify): Dify answered")
    expect(stderr).toContain('production (alloy): The setting "apiKey" of alloy is missing')
    expect(stderr).toContain("ALLOY_API_KEY")
    expect(code).toBe(2)
  })
})

describe("the command that resumes a list", () => {
  it("returns each execution once when repeated to the end", async () => {
    const ids: Array<string> = []
    let command =
      "execlog list --connection support-bot --limit 40 --since 30d --status 'succeeded,failed'"
    const commands: Array<string> = []
    for (let calls = 0; calls < 40; calls++) {
      const { code, stdout, stderr } = await shell(command, { directory, environment })
      expect(code, stderr).toBe(0)
      ids.push(...linesOf(stdout).map(({ id }) => id))
      const next = /^ {2}(execlog list .*)$/m.exec(stderr)?.[1]
      if (next === undefined) break
      commands.push(next)
      command = next
    }
    const expected = [...simulator.dify.truth()]
      .filter(
        ({ workflow_run: row }) => row !== null && ["succeeded", "failed"].includes(row.status),
      )
      .map((row) => row.workflow_run?.id)
    expect(ids).toEqual(expected)
    expect(commands.length).toBe(Math.floor(expected.length / 40))
    // The age became an instant, which is the same in every command.
    const instants = commands.map((line) => /--since (\S+)/.exec(line)?.[1])
    expect(new Set(instants).size).toBe(1)
    expect(instants[0]).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
    expect(commands.join("\n")).not.toContain(simulator.dify.apiKey)
  })

  it("keeps --set, quoted for the shell", async () => {
    const { stderr } = await execlog(
      [
        "list",
        "--provider",
        "dify",
        "--set",
        `baseUrl=${simulator.dify.baseUrl}`,
        "--limit",
        "1",
        "--set",
        `workflow={"id":"it's"}`,
        "--format",
        "csv",
      ],
      { environment: { DIFY_API_KEY: simulator.dify.apiKey } },
    )
    const command = /^ {2}(execlog list .*)$/m.exec(stderr)?.[1] ?? ""
    expect(command).toContain(`--set 'workflow={"id":"it'\\''s"}'`)
    const again = await shell(command, { environment: { DIFY_API_KEY: simulator.dify.apiKey } })
    expect(again.stdout.split("\n")[1]).toContain(`dify,,${difyIds()[1]},it's`)
  })

  it("resumes after an error when something was printed", async () => {
    simulator.clearRequests()
    const stop = simulator.intercept(({ provider }) =>
      provider === "dify" && simulator.requests.length >= 2
        ? { status: 400, body: { message: "No." } }
        : undefined,
    )
    const args = ["list", "--connection", "support-bot", "--limit", "all", "--page-size", "10"]
    const first = await call(args)
    stop()
    expect(first.code).toBe(2)
    expect(first.stderr).toContain("Dify answered GET /workflows/logs with 400: No.")
    const printed = linesOf(first.stdout).map(({ id }) => id)
    expect(printed.length).toBeGreaterThan(0)
    const command = /^ {2}(execlog list .*)$/m.exec(first.stderr)?.[1] ?? ""
    const second = await shell(command, { directory, environment })
    expect([...printed, ...linesOf(second.stdout).map(({ id }) => id)]).toEqual(difyIds())
  })
})

describe("the formats of list", () => {
  it("prints one array of JSON", async () => {
    const { stdout } = await call(["list", "--limit", "3", "--format", "json"])
    expect(JSON.parse(stdout)).toHaveLength(3)
    const none = await call(["list", "--until", "2001-01-01", "--format", "json"])
    expect(JSON.parse(none.stdout)).toEqual([])
  })

  it("prints CSV with a header, even without rows", async () => {
    const { stdout } = await call([
      "list",
      "--limit",
      "3",
      "--format",
      "csv",
      "--connection",
      "production",
    ])
    const [head = "", ...rows] = stdout.trimEnd().split("\n")
    expect(head.split(",").slice(0, 4)).toEqual(["provider", "connection", "id", "workflow_id"])
    expect(rows).toHaveLength(3)
    const none = await call(["list", "--until", "2001-01-01", "--format", "csv"])
    expect(none.stdout.trimEnd()).toBe(head)
  })

  it.each([
    [80, "FROM"],
    [140, "PROVIDER"],
  ])("fits a terminal of %i columns", async (columns, title) => {
    const { code, stdout } = await onTerminal(["list", "--limit", "30"], columns, {
      directory,
      environment: { ...environment, NO_COLOR: "1" },
    })
    expect(code).toBe(0)
    const lines = leftOnTerminal(stdout).trimEnd().split("\n")
    expect(lines[0]).toMatch(new RegExp(`^${title} +WORKFLOW +STATUS +TIME +DURATION +ERROR +ID$`))
    expect(lines).toHaveLength(31)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
    expect(lines[1]).toMatch(/succeeded {2}2026-11-21 07:59:53Z/)
    expect(stdout).not.toContain("\u001b[3")
  })

  it("prints colours only on a terminal", async () => {
    const terminal = await onTerminal(["list", "--limit", "3"], 120, { directory, environment })
    expect(terminal.stdout).toContain("\u001b[32msucceeded")
    const file = await call(["list", "--limit", "3", "--format", "table"])
    expect(file.stdout).not.toContain("\u001b")
    expect(file.stdout).toContain(difyIds()[0])
  })

  it("prints a message when a table would be empty", async () => {
    const { stdout, stderr, code } = await call([
      "list",
      "--until",
      "2001-01-01",
      "--format",
      "table",
    ])
    expect({ stdout, stderr, code }).toEqual({ stdout: "", stderr: "No executions.\n", code: 0 })
  })
})
