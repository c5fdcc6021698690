import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { directoryWith, execlog, leftOnTerminal, onTerminal } from "./Execlog.js"

let simulator: Simulator
let directory: string
let environment: { readonly [name: string]: string }
let id: string

beforeAll(async () => {
  simulator = await startSimulator({ dify: { executions: 60 }, alloy: { executions: 20 } })
  directory = directoryWith({
    "execlog.json": {
      connections: {
        "support-bot": { provider: "dify", settings: { baseUrl: simulator.dify.baseUrl } },
        production: { provider: "alloy", settings: { baseUrl: simulator.alloy.baseUrl } },
      },
    },
  })
  environment = { DIFY_API_KEY: simulator.dify.apiKey, ALLOY_API_KEY: simulator.alloy.apiKey }
  id =
    [...simulator.dify.truth()].find(({ workflow_run: row }) => row?.status === "failed")
      ?.workflow_run?.id ?? ""
})

afterAll(() => simulator.stop())

const call = (...args: ReadonlyArray<string>) => execlog(args, { directory, environment })

describe("execlog get", () => {
  it("prints one execution for people on a terminal", async () => {
    const { code, stdout, stderr } = await onTerminal(
      ["get", id, "--connection", "support-bot"],
      100,
      { directory, environment: { ...environment, NO_COLOR: "1" } },
    )
    expect(code, stderr).toBe(0)
    const text = leftOnTerminal(stdout)
    expect(text).toMatch(new RegExp(`^id +${id}$`, "m"))
    expect(text).toMatch(/^connection +support-bot$/m)
    expect(text).toMatch(/^status +failed$/m)
    expect(text).toMatch(/^started +2026-11-2\d \d\d:\d\d:\d\dZ$/m)
    expect(text).toMatch(/^error +\S/m)
    expect(text).toMatch(/^url +–$/m)
    expect(text).toMatch(/^inputs\n {2}\{\n {4}"/m)
  })

  it("prints one JSON object, with raw when it is included", async () => {
    const { stdout } = await call("get", id, "--connection", "support-bot", "--format", "json")
    const execution = JSON.parse(stdout)
    expect(execution).toMatchObject({
      id,
      provider: "dify",
      connection: "support-bot",
      status: "failed",
    })
    expect(execution).not.toHaveProperty("raw")
    const raw = await call("get", id, "--connection", "support-bot", "--include", "raw")
    expect(JSON.parse(raw.stdout)).toHaveProperty("raw.workflow_id")
  })

  it("prints CSV with the columns of list", async () => {
    const { stdout } = await call("get", id, "--connection", "support-bot", "--format", "csv")
    const listed = await call(
      "list",
      "--limit",
      "1",
      "--format",
      "csv",
      "--connection",
      "support-bot",
    )
    expect(stdout.split("\n")[0]).toBe(listed.stdout.split("\n")[0])
    expect(stdout).toContain(id)
  })

  it("requires a single connection", async () => {
    const { code, stderr } = await call("get", id)
    expect(stderr).toContain(
      "get needs a single connection, and 2 are selected: support-bot (dify), production (alloy)",
    )
    expect(stderr).toContain("--connection")
    expect(code).toBe(2)
  })

  it("needs no flag when one connection is configured", async () => {
    const alone = directoryWith({
      "execlog.json": {
        connections: { bot: { provider: "dify", settings: { baseUrl: simulator.dify.baseUrl } } },
      },
    })
    const { code, stdout } = await execlog(["get", id], { directory: alone, environment })
    expect(code).toBe(0)
    expect(JSON.parse(stdout).id).toBe(id)
  })

  it("exits with 4 when there is no such execution", async () => {
    const none = "00000000-0000-4000-8000-000000000000"
    const { code, stdout, stderr } = await call("get", none, "--connection", "support-bot")
    expect(stderr).toContain(`support-bot (dify): Dify has no execution ${none}`)
    expect(stderr).toContain("Check the id")
    expect(stdout).toBe("")
    expect(code).toBe(4)
  })

  it("rejects an id that the provider cannot have", async () => {
    const { code, stderr } = await call("get", "abc", "--connection", "support-bot")
    expect(stderr).toContain('"abc" is not an execution id of Dify: it is not a UUID.\n')
    expect(stderr).toContain("\n  execlog list shows the ids.\n")
    expect(code).toBe(2)
  })

  it("quotes an id unchanged even when it is the name of an option", async () => {
    const { stderr } = await call("get", "pageSize", "--connection", "support-bot")
    expect(stderr).toContain('"pageSize" is not an execution id of Dify')
  })

  it.each(["table", "json", "ndjson"])("prints deeply nested values as %s", async (format) => {
    const outputs = `{"a":${"[".repeat(900)}${"]".repeat(900)}}`
    const asked = await fetch(`${simulator.dify.baseUrl}/workflows/run/${id}`, {
      headers: { authorization: `Bearer ${simulator.dify.apiKey}` },
    })
    const body = JSON.stringify({ ...Object(await asked.json()), outputs: 0 }).replace(
      '"outputs":0',
      `"outputs":${outputs}`,
    )
    const stop = simulator.intercept(() => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body,
    }))
    const { code, stdout, stderr } = await call(
      "get",
      id,
      "--connection",
      "support-bot",
      "--format",
      format,
    )
    stop()
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout.includes(outputs)).toBe(format !== "table")
    expect(stdout.includes("… nested deeper; --format json shows it whole")).toBe(
      format === "table",
    )
  })

  it("names the id to use when the provider gets executions by another than its list shows", async () => {
    const { code, stderr } = await call(
      "get",
      "--connection",
      "production",
      "--",
      "-V1StGXR8_Z5jdHi6B-my",
    )
    expect(stderr).toBe(
      "execlog: production (alloy): Alloy has no execution whose executionId is -V1StGXR8_Z5jdHi6B-my.\n" +
        "  The executionId is one of the execution's attributes, and not its id.\n",
    )
    expect(code).toBe(4)
  })
})

describe("execlog explain", () => {
  it("prints the plans for people without a request", async () => {
    simulator.clearRequests()
    const { code, stdout } = await call(
      "explain",
      "--status",
      "failed",
      "--since",
      "24h",
      "--format",
      "table",
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(/^support-bot \(dify\)$/m)
    expect(stdout).toMatch(/^ {2}request +GET \/workflows\/logs$/m)
    expect(stdout).toMatch(/^ {2}filter +--since: /m)
    expect(stdout).toMatch(/^production \(alloy\)$/m)
    expect(stdout).not.toContain(simulator.dify.apiKey)
    expect(simulator.requests).toHaveLength(0)
  })

  it("prints JSON when the format is not a table", async () => {
    const lines = await call("explain", "--status", "failed", "--limit", "5")
    expect(
      lines.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).provider),
    ).toEqual(["dify", "alloy"])
    const { stdout } = await call("explain", "--connection", "production", "--format", "json")
    expect(JSON.parse(stdout)).toMatchObject([{ provider: "alloy", route: "GET /logs" }])
  })

  it("names the connection that cannot answer, and prints the others", async () => {
    const { code, stdout, stderr } = await call("explain", "--search", "refund")
    expect(stderr).toContain(
      "production (alloy): --search: Alloy cannot filter by text: it has no search",
    )
    expect(JSON.parse(stdout)).toMatchObject({ provider: "dify" })
    expect(code).toBe(2)
  })
})
