import { symlinkSync } from "node:fs"
import { join, relative } from "node:path"
import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bin, directoryWith, execlog, linesOf, onTerminal, shell } from "./Execlog.js"

let simulator: Simulator
let environment: { readonly [name: string]: string }

beforeAll(async () => {
  simulator = await startSimulator({ dify: { executions: 5 }, alloy: { executions: 40 } })
  environment = { DIFY_API_KEY: simulator.dify.apiKey, ALLOY_API_KEY: simulator.alloy.apiKey }
})

afterAll(() => simulator.stop())

const dify = () => ["--provider", "dify", "--set", `baseUrl=${simulator.dify.baseUrl}`]
const alloy = () => ["--provider", "alloy", "--set", `baseUrl=${simulator.alloy.baseUrl}`]

describe("the command that resumes a list", () => {
  it("escapes control characters without changing its meaning", async () => {
    const name = "a\u001b[31m'b\\\u202e1"
    const directory = directoryWith({
      "execlog.json": {
        connections: {
          [name]: { provider: "dify", settings: { baseUrl: simulator.dify.baseUrl } },
        },
      },
    })
    const first = await execlog(["list", "--limit", "2"], { directory, environment })
    expect(first.stderr).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
    const command = /^ {2}(execlog list .*)$/m.exec(first.stderr)?.[1] ?? ""
    expect(command).toContain(String.raw`--connection $'a\033[31m\'b\\\342\200\2561' --limit 2`)
    const second = await shell(command, { directory, environment })
    const ids = [...linesOf(first.stdout), ...linesOf(second.stdout)].map(({ id }) => id)
    expect(ids).toEqual([...simulator.dify.truth()].slice(0, 4).map((row) => row.workflow_run?.id))
  })

  it("starts with node and the program's path when execlog is not on PATH", async () => {
    const directory = directoryWith({})
    const path = { PATH: "/usr/bin:/bin" }
    const { stderr } = await execlog(["list", ...dify(), "--limit", "1"], {
      directory,
      environment: { ...environment, ...path },
    })
    const fromThere = relative(directory, bin)
    const shown = fromThere.length < bin.length ? fromThere : bin
    expect(stderr).toContain(`\n  node ${shown} list --provider dify `)
  })

  it("uses a link in the directory as the shorter path", async () => {
    const directory = directoryWith({})
    symlinkSync(bin, join(directory, "log"))
    const { stderr } = await execlog(["list", ...dify(), "--limit", "1"], {
      directory,
      bin: join(directory, "log"),
      environment: { ...environment, PATH: "/usr/bin:/bin" },
    })
    expect(stderr).toContain("\n  node log list --provider dify ")
  })
})

describe("a working directory that was removed", () => {
  const gone = async (args: string) => {
    const directory = directoryWith({})
    const outcome = shell(`rmdir "$PWD"; execlog ${args}`, { directory, environment })
    return await outcome
  }

  it.each(["list", "list --provider dify", "providers"])(
    "exits with 2 and says what to do with %s",
    async (args) => {
      const { code, stdout, stderr } = await gone(args)
      expect(stderr).toContain("The working directory no longer exists")
      expect(stderr).toContain("\n  Change to another directory with cd")
      expect(stderr).not.toMatch(/^\s+at /m)
      expect(stdout).toBe("")
      expect(code).toBe(2)
    },
  )

  it.each(["--version", "--help", "list --help"])("does not affect %s", async (args) => {
    const { code, stdout, stderr } = await gone(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
    expect(stdout).not.toBe("")
  })
})

describe("--include", () => {
  it("warns once of the parts that a list cannot return, and says where they are", async () => {
    const { code, stderr } = await execlog(["list", ...dify(), "--include", "outputs,steps"], {
      environment,
    })
    expect(stderr).toBe(
      "execlog: warning: dify: --include: outputs, steps are not available: " +
        "GET /workflows/logs does not return them; execlog get returns them for a single execution.\n",
    )
    expect(code).toBe(0)
  })
})

describe("--page-size", () => {
  it("rejects a size above the provider's maximum, and names the maximum", async () => {
    const args = ["list", ...alloy(), "--workflow", "w1", "--page-size", "100000"]
    const { code, stderr } = await execlog(args, { environment })
    expect(stderr).toContain(
      "alloy: --page-size: A page of 100000 is too large: Alloy returns at most ",
    )
    expect(code).toBe(2)
  })
})

describe("a table of 120 columns", () => {
  it("prints each execution id in full when a table does not fit its terminal", async () => {
    const name = "Answers the questions of customers and routes them"
    const workflow = JSON.stringify({ id: "w1", name })
    const args = ["list", ...dify(), "--set", `workflow=${workflow}`]
    const { stdout } = await onTerminal(args, 120, {
      environment: { ...environment, NO_COLOR: "1" },
    })
    expect(stdout).toContain("Answers")
    expect(stdout).not.toContain(name)
    for (const { workflow_run: row } of simulator.dify.truth()) expect(stdout).toContain(row?.id)
  })
})
