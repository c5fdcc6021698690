import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { makeProgress } from "../src/session/Progress.js"
import { ended, execlog, linesOf, shell, shown, start, startOnTerminal } from "./Execlog.js"
import { stallAfter } from "./StalledRequest.js"

let simulator: Simulator
let args: ReadonlyArray<string>
let environment: { readonly [name: string]: string }

beforeEach(async () => {
  simulator = await startSimulator({ dify: { executions: 2000 } })
  environment = { DIFY_API_KEY: simulator.dify.apiKey }
  args = [
    "list",
    "--provider",
    "dify",
    "--set",
    `baseUrl=${simulator.dify.baseUrl}`,
    "--limit",
    "all",
  ]
})

afterEach(() => simulator.stop())

describe("Ctrl-C", () => {
  it("ends list without waiting for a pending response", async () => {
    const stalled = stallAfter(simulator, 0)
    const child = start(args, { environment })
    const outcome = ended(child)
    await stalled
    child.kill("SIGINT")
    expect(await outcome).toEqual({ code: 130, stdout: "", stderr: "" })
  })

  it.each([
    [1, 1],
    [2, 6],
    [4, 25],
  ])("prints the command that resumes after %i pages", async (pages, lines) => {
    const stalled = stallAfter(simulator, pages)
    const child = start([...args, "--page-size", "10", "--since", "52w"], { environment })
    const outcome = ended(child)
    await Promise.all([stalled, shown(child, new RegExp(`(.*\\n){${lines}}`))])
    child.kill("SIGINT")
    const { code, stdout, stderr } = await outcome
    expect(code).toBe(130)
    const printed = linesOf(stdout).map(({ id }) => id)
    expect(printed.length).toBeGreaterThanOrEqual(lines)
    const command = /^ {2}(execlog list .*)$/m.exec(stderr)?.[1] ?? ""
    expect(stderr.trimEnd().split("\n")).toHaveLength(2)
    expect(command).toContain("--page-size 10 --limit all --cursor ")
    simulator.intercept(() => undefined)
    const rest = await shell(command.replace("--limit all", "--limit 20"), { environment })
    const expected = [...simulator.dify.truth()].map((row) => row.workflow_run?.id)
    const all = [...printed, ...linesOf(rest.stdout).map(({ id }) => id)]
    expect(all).toEqual(expected.slice(0, all.length))
  })

  it("prints the command that resumes after an error too", async () => {
    let requests = 0
    simulator.intercept(() => {
      requests += 1
      return requests <= 3 ? undefined : { status: 401, body: { message: "revoked" } }
    })
    const { code, stdout, stderr } = await execlog([...args, "--page-size", "10"], { environment })
    expect(code).toBe(3)
    const printed = linesOf(stdout).map(({ id }) => id)
    expect(printed.length).toBeGreaterThan(20)
    const command = /^ {2}(execlog list .*)$/m.exec(stderr)?.[1] ?? ""
    simulator.intercept(() => undefined)
    const rest = await shell(command.replace("--limit all", "--limit 20"), { environment })
    const expected = [...simulator.dify.truth()].map((row) => row.workflow_run?.id)
    const all = [...printed, ...linesOf(rest.stdout).map(({ id }) => id)]
    expect(all).toEqual(expected.slice(0, all.length))
    expect(all).toHaveLength(printed.length + 20)
  })

  it("closes the array of JSON", async () => {
    const stalled = stallAfter(simulator, 2)
    const child = start([...args, "--page-size", "10", "--format", "json"], { environment })
    const outcome = ended(child)
    await Promise.all([stalled, shown(child, /(.*\n){7}/)])
    child.kill("SIGINT")
    const { code, stdout } = await outcome
    expect(code).toBe(130)
    expect(JSON.parse(stdout).length).toBeGreaterThan(5)
  })

  it("ends get", async () => {
    const stalled = stallAfter(simulator, 0)
    const child = start(["get", "0f4b1c2a-7d3e-4a58-9b6c-1e2d3f4a5b6c", ...args.slice(1, 5)], {
      environment,
    })
    const outcome = ended(child)
    await stalled
    child.kill("SIGINT")
    expect(await outcome).toEqual({ code: 130, stdout: "", stderr: "" })
  })

  it("leaves the terminal as it was", async () => {
    const stalled = stallAfter(simulator, 1)
    const child = startOnTerminal([...args, "--page-size", "10"], 100, { environment })
    const outcome = ended(child)
    await Promise.all([stalled, shown(child, /reading: \d/)])
    child.stdin?.write("\u0003")
    const { code, stdout } = await outcome
    expect(code).toBe(130)
    expect(stdout).toContain(" reading")
    // The cursor is never hidden, no mode is changed, and the progress line is cleared.
    expect(stdout).not.toContain("\u001b[?")
    const after = stdout.slice(stdout.lastIndexOf("reading"))
    expect(after).toContain("\r\u001b[2K")
    expect(after).toContain("STATUS")
    expect(after).toContain("To resume after the last execution printed:")
    expect(stdout.trimEnd()).toMatch(/--cursor \S+$/)
  })
})

describe("progress", () => {
  it("shows progress on a terminal while it waits", async () => {
    let answer = () => {}
    const held = new Promise<undefined>((resolve) => {
      answer = () => resolve(undefined)
    })
    simulator.intercept(() => held)
    const child = startOnTerminal([...args.slice(0, -1), "3"], 100, { environment })
    const outcome = ended(child)
    await shown(child, / reading/)
    answer()
    expect((await outcome).code).toBe(0)
  })

  it.each([
    [true, "xterm", / reading/],
    [true, "dumb", /^$/],
    [false, "xterm", /^$/],
  ])(
    "shows progress only on a capable terminal: a terminal %s, TERM %s",
    (isTTY, TERM, expected) => {
      vi.useFakeTimers()
      try {
        let text = ""
        const write = (part: string) => {
          text += part
        }
        const progress = makeProgress({ isTTY, columns: 80, rows: 24, write }, { TERM })
        progress.show("reading")
        vi.advanceTimersByTime(1000)
        progress.stop()
        expect(text).toMatch(expected)
      } finally {
        vi.useRealTimers()
      }
    },
  )
})

describe("a closed pipe", () => {
  it.each(["ndjson", "json", "csv", "table"])(
    "ends %s quietly, and stops sending requests",
    async (format) => {
      const flags = args.map((arg) => `'${arg}'`).join(" ")
      const { stdout, stderr } = await shell(
        `{ execlog ${flags} --page-size 20 --format ${format}; echo "ended with $?" >&2; } | head -n 1`,
        { environment },
      )
      expect(stdout.trimEnd().split("\n")).toHaveLength(1)
      expect(stderr).toBe("ended with 0\n")
      // It also stops sending requests.
      expect(simulator.requests.length).toBeLessThan(60)
    },
  )
})
