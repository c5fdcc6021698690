import { readFileSync } from "node:fs"
import { join } from "node:path"
import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { directoryWith, ended, start } from "./Execlog.js"
import { collected } from "./KeyWatch.js"

let simulator: Simulator
let directory: string

beforeEach(async () => {
  simulator = await startSimulator({ dify: { executions: 3, now: new Date() } })
  directory = directoryWith({})
})

afterEach(() => simulator.stop())

/** Follows until one execution has appeared, for which the command is called. */
const following = (command: string) => {
  let polls = 0
  simulator.intercept(({ path }) => {
    if (path.includes("/workflows/logs?") && ++polls === 2) {
      simulator.dify.insert({ status: "failed" })
    }
    return undefined
  })
  const flags = ["--provider", "dify", "--set", `baseUrl=${simulator.dify.baseUrl}`]
  const child = start(["follow", ...flags, "--interval", "10ms", "--exec", command], {
    environment: { DIFY_API_KEY: simulator.dify.apiKey, DIR: directory },
  })
  const said = (pattern: RegExp) =>
    new Promise<void>((resolve) => {
      const stderr = collected(child.stderr)
      const look = () => {
        if (pattern.test(stderr.text)) resolve()
      }
      child.stderr?.on("data", look)
      look()
    })
  return { child, outcome: ended(child), said }
}

// What it starts writes its own number, and is a process of its own.
const endless = `sh -c 'echo $$ > "$DIR/pid"; echo begun; exec sleep 300' & wait`
const deaf = `trap "" TERM; ${endless}`

/** Whether what the command started is still there; a zombie is not. */
const isAlive = (): boolean => {
  const pid = readFileSync(join(directory, "pid"), "utf8").trim()
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))
  } catch {
    return false
  }
}

describe("a command in hand when following ends", () => {
  it("is waited for by SIGTERM, which is said, and ended by a second one", async () => {
    const { child, outcome, said } = following(endless)
    await said(/begun/)
    expect(isAlive()).toBe(true)
    child.kill("SIGTERM")
    await said(
      /execlog: The command for execution \S+ is still running\. A second signal ends it\.\n/,
    )
    expect(isAlive()).toBe(true)
    child.kill("SIGTERM")
    const { code, stderr } = await outcome
    expect(code).toBe(0)
    expect(stderr.split("\n")).toHaveLength(3)
    await expect.poll(isAlive).toBe(false)
  })

  it.each([
    ["SIGINT", 130, "that ends", endless],
    ["SIGINT", 130, "that ignores SIGTERM", deaf],
    ["SIGHUP", null, "that ends", endless],
    ["SIGQUIT", null, "that ends", endless],
  ] as const)("is not left behind by %s (%s), one %s", async (signal, code, _, command) => {
    const { child, outcome, said } = following(command)
    await said(/begun/)
    expect(isAlive()).toBe(true)
    child.kill(signal)
    expect(await outcome).toMatchObject({ code, stderr: "begun\n" })
    await expect.poll(isAlive).toBe(false)
  })

  it("is ended by Ctrl-C after SIGTERM", async () => {
    const { child, outcome, said } = following(endless)
    await said(/begun/)
    child.kill("SIGTERM")
    await said(/still running/)
    child.kill("SIGINT")
    expect((await outcome).code).toBe(130)
    await expect.poll(isAlive).toBe(false)
  })
})
