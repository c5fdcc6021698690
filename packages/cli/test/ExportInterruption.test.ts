import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { shellWord } from "../src/text/ShellWord.js"
import { directoryWith, ended, linesOf, shell, shown, start } from "./Execlog.js"
import { asked } from "./ParquetFile.js"
import { stallAfter } from "./StalledRequest.js"

let simulator: Simulator
let directory: string
let args: ReadonlyArray<string>
let environment: { readonly [name: string]: string }

const executions = 3_000

beforeEach(async () => {
  simulator = await startSimulator({ dify: { executions } })
  directory = directoryWith({ "old.csv": "before" })
  environment = { DIFY_API_KEY: simulator.dify.apiKey }
  args = ["export", "--provider", "dify", "--set", `baseUrl=${simulator.dify.baseUrl}`]
})

afterEach(() => simulator.stop())

const files = () => readdirSync(directory)
const whatWasThere = () => readFileSync(join(directory, "old.csv"), "utf8")

/** Ends an export by a signal while it waits for a page. */
const endedBy = async (signal: NodeJS.Signals, name: string) => {
  const stalled = stallAfter(simulator, 5)
  const child = start([...args, "--output", name], { directory, environment })
  const outcome = ended(child)
  await stalled
  // The export writes under another name.
  expect(files()).toHaveLength(2)
  expect(whatWasThere()).toBe("before")
  child.kill(signal)
  return { ...(await outcome), signal: child.signalCode }
}

describe("an interrupted export", () => {
  it.each(["new.csv", "new.parquet", "old.csv"])(
    "leaves the directory unchanged on Ctrl-C while it writes %s",
    async (name) => {
      const { code, stderr } = await endedBy("SIGINT", name)
      expect(code).toBe(130)
      expect(stderr).toBe(`execlog: Nothing was written to ${name}.\n`)
      expect(files()).toEqual(["old.csv"])
      expect(whatWasThere()).toBe("before")
    },
  )

  it.each(["SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
    "leaves the directory unchanged on %s, and ends by that signal",
    async (kind) => {
      const { signal } = await endedBy(kind, "old.csv")
      expect(signal).toBe(kind)
      expect(files()).toEqual(["old.csv"])
      expect(whatWasThere()).toBe("before")
    },
  )

  it("leaves the old file, and nothing under the new name, on SIGKILL", async () => {
    const { signal } = await endedBy("SIGKILL", "new.csv")
    expect(signal).toBe("SIGKILL")
    expect(files()).not.toContain("new.csv")
    expect(files().filter((name) => name !== "old.csv")).toEqual([
      expect.stringMatching(/^\.execlog-[\da-f]{12}\.tmp$/),
    ])
    expect(whatWasThere()).toBe("before")
  })

  it("removes its temporary file when the process exits in the middle of a write", async () => {
    const begun = `
      import { openAtomicFile } from ${JSON.stringify(new URL("../dist/commands/export/AtomicFile.js", import.meta.url))}
      const file = await openAtomicFile("new.csv")
      await file.output.write("x".repeat(100_000))
      process.exit(7)`
    const line = `${shellWord(process.execPath)} --input-type=module --eval ${shellWord(begun)}`
    expect(await shell(line, { directory })).toEqual({ code: 7, stdout: "", stderr: "" })
    expect(files()).toEqual(["old.csv"])
  })

  it("prints the command that resumes when it writes to stdout", async () => {
    const stalled = stallAfter(simulator, 4)
    const child = start([...args, "--page-size", "10"], { directory, environment })
    const outcome = ended(child)
    await Promise.all([stalled, shown(child, /(.*\n){25}/)])
    child.kill("SIGINT")
    const { code, stdout, stderr } = await outcome
    expect(code).toBe(130)
    const command = /^ {2}(execlog export .*)$/m.exec(stderr)?.[1] ?? ""
    simulator.intercept(() => undefined)
    const rest = await shell(`${command} --limit 20`, { directory, environment })
    const ids = linesOf(stdout + rest.stdout).map(({ id }) => id)
    expect(ids.length).toBeGreaterThanOrEqual(45)
    expect(ids).toEqual(
      [...simulator.dify.truth()].slice(0, ids.length).map((row) => row.workflow_run?.id),
    )
  })

  it("leaves no readable Parquet file on stdout when it fails", async () => {
    let requests = 0
    simulator.intercept(() => {
      requests += 1
      return requests <= 3 ? undefined : { status: 401, body: { message: "revoked" } }
    })
    const { code, stderr } = await shell(
      `execlog ${args.map((arg) => `'${arg}'`).join(" ")} --format parquet > cut.parquet`,
      { directory, environment },
    )
    expect(code).toBe(3)
    expect(stderr).toContain("The output is not a complete Parquet file")
    await expect(asked("select * from $file", join(directory, "cut.parquet"))).rejects.toThrow(
      /cut\.parquet/,
    )
  })
})
