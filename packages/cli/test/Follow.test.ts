import { spawn } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import {
  bin,
  directoryWith,
  ended,
  execlog,
  type Outcome,
  shell,
  shown,
  start,
  startOnTerminal,
  type Surroundings,
} from "./Execlog.js"
import { changesOf } from "./ToldChange.js"
import { unwatched } from "./Unwatched.js"

let simulator: Simulator
let args: ReadonlyArray<string>
let environment: { readonly [name: string]: string }

beforeEach(async () => {
  const now = new Date()
  simulator = await startSimulator({
    dify: { executions: 20, now },
    n8n: { executions: 20, now },
  })
  environment = { DIFY_API_KEY: simulator.dify.apiKey, N8N_API_KEY: simulator.n8n.apiKey }
  args = [
    "follow",
    "--provider",
    "dify",
    "--set",
    `baseUrl=${simulator.dify.baseUrl}`,
    "--set",
    "retries=0",
    "--interval",
    "10ms",
  ]
})

afterEach(() => simulator.stop())

/** Runs the next function before the response to each poll of Dify's list, from the second poll on. */
const beforePolls = (...acts: ReadonlyArray<() => void>): void => {
  let polls = 0
  simulator.intercept(({ path }) => {
    if (path.includes("/workflows/logs?")) acts[polls++ - 1]?.()
    return undefined
  })
}

const changes = ({ stdout }: Pick<Outcome, "stdout">): ReadonlyArray<string> =>
  changesOf(stdout).map(({ execution, previous }) =>
    [execution.id, previous?.status, execution.status].filter(Boolean).join(" "),
  )

describe("execlog follow", () => {
  it("prints what appears and what changes, one line of NDJSON each", async () => {
    let running = ""
    let failed = ""
    beforePolls(
      () => {
        running = simulator.dify.insert({ status: "running" }).runId
      },
      () => simulator.dify.finish(running, "failed"),
      () => {
        failed = simulator.dify.insert({ status: "stopped" }).runId
      },
    )
    const outcome = await execlog([...args, "--limit", "3"], { environment })
    expect(outcome).toMatchObject({ code: 0, stderr: expect.stringMatching(unwatched) })
    expect(changes(outcome)).toEqual([
      `${running} running`,
      `${running} running failed`,
      `${failed} canceled`,
    ])
    const [first, second] = changesOf(outcome.stdout)
    expect(Object.keys(first ?? {})).toEqual(["observedAt", "previous", "execution"])
    expect(first).toMatchObject({ previous: null, execution: { provider: "dify" } })
    expect(second?.previous).toEqual({ status: "running", providerStatus: "running" })
    expect(new Date(second?.observedAt ?? "").getTime()).toBeGreaterThan(
      new Date(first?.observedAt ?? "").getTime(),
    )
  })

  it("prints only changes to the statuses of --status", async () => {
    let running = ""
    beforePolls(
      () => {
        running = simulator.dify.insert({ status: "running" }).runId
      },
      () => simulator.dify.insert({ status: "succeeded" }),
      () => simulator.dify.finish(running, "failed"),
    )
    const outcome = await execlog([...args, "--limit", "1", "--status", "failed,timed_out"], {
      environment,
    })
    expect(changes(outcome)).toEqual([`${running} running failed`])
  })

  it("prints what was listed since --since too, the oldest first", async () => {
    const outcome = await execlog([...args, "--limit", "3", "--since", "1w"], { environment })
    const oldest = [...simulator.dify.truth()].slice(-3).toReversed()
    expect(changes(outcome)).toEqual(
      oldest.map((row) => expect.stringContaining(row.workflow_run?.id ?? "")),
    )
  })

  it("prints a table that starts with the time of each change", async () => {
    beforePolls(() => simulator.dify.insert({ status: "failed", error: "no more paper" }))
    const { stdout } = await execlog([...args, "--limit", "1", "--format", "table"], {
      environment,
    })
    const [head, line] = stdout.split("\n")
    expect(head).toMatch(/^TIME +FROM +WORKFLOW +STATUS +DURATION +ERROR +ID$/)
    expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ {2}dify +– +failed .*no more paper/)
  })

  it("prints the lines of the table on a terminal as changes come", async () => {
    beforePolls(() => simulator.dify.insert({ status: "failed", error: "no more paper" }))
    const child = startOnTerminal(args, 90, { environment })
    const outcome = ended(child)
    await shown(child, /failed/)
    child.stdin?.write("\u0003")
    const { code, stdout } = await outcome
    expect(code).toBe(130)
    const lines = stdout.replaceAll("\r", "").split("\n")
    expect(lines.find((line) => line.includes("TIME"))).toBeDefined()
    expect(stdout).not.toContain("\u001b[?")
  })

  it("prints CSV with the previous status", async () => {
    beforePolls(() => simulator.dify.insert({ status: "failed" }))
    const { stdout } = await execlog([...args, "--limit", "1", "--format", "csv"], { environment })
    const [head, line] = stdout.split("\n")
    expect(head).toMatch(
      /^observed_at,previous_status,previous_provider_status,provider,connection,/,
    )
    expect(line).toMatch(/^\d{4}-\d\d-\d\dT[^,]+Z,,,dify,,/)
  })

  it("rejects an invalid flag of follow, and says why", async () => {
    for (const [flags, says] of [
      [["--interval", "often"], '--interval: "often" is not a valid span of time.'],
      [["--interval", "0s"], "--interval: 0s is too short a pause between two polls."],
      [["--interval", "4w"], "--interval: 4w is too long a pause between two polls."],
      [["--exec", ""], "--exec is empty."],
      [["--exec", " "], "--exec is empty."],
      [["--until", "1h"], "execlog follow has no flag --until."],
      [["--finished-since", "1h"], "execlog follow has no flag --finished-since."],
      [["--tag", ""], "--tag is empty."],
      [["--status", "!failed,done"], '--status: "done" is not a status. Did you mean succeeded?'],
      [["--since", "soon"], '--since: "soon" is not a valid time.'],
      [["--limit", "0"], '--limit: "0" is not a whole number'],
      [["--format", "xml"], '--format: "xml" is not a format'],
    ] as const) {
      const { code, stdout, stderr } = await execlog([...args, ...flags], { environment })
      expect([code, stdout]).toEqual([2, ""])
      expect(stderr).toContain(says)
    }
  })
})

describe("following several connections", () => {
  let surroundings: Surroundings
  beforeEach(() => {
    const settings = (baseUrl: string, name: string) => ({ baseUrl, apiKey: `\${${name}}` })
    const directory = directoryWith({
      "execlog.json": {
        connections: {
          bot: { provider: "dify", settings: settings(simulator.dify.baseUrl, "BOT_KEY") },
          shop: { provider: "n8n", settings: settings(simulator.n8n.baseUrl, "SHOP_KEY") },
        },
      },
    })
    environment = { BOT_KEY: simulator.dify.apiKey, SHOP_KEY: simulator.n8n.apiKey }
    surroundings = { directory, environment }
  })
  const flags = ["follow", "--interval", "10ms"]

  it("prints the changes of all connections", async () => {
    let id = ""
    const polls = { dify: 0, n8n: 0 }
    simulator.intercept(({ path }) => {
      const isDify = path.includes("/workflows/logs?")
      if (isDify && ++polls.dify === 2) simulator.dify.insert({ status: "failed" })
      const isN8n = path.includes("/executions?") && !path.includes("status=")
      if (isN8n && ++polls.n8n === 2) id = simulator.n8n.insert({ workflow: 1 })
      return undefined
    })
    const child = start([...flags, "--limit", "3"], surroundings)
    const outcome = ended(child)
    await shown(child, /"shop"/)
    simulator.n8n.finish(id, "error")
    const { code, stdout } = await outcome
    expect(code).toBe(0)
    const changes = changesOf(stdout)
    const ofShop = changes.filter(({ execution }) => execution.connection === "shop")
    expect(ofShop.map(({ execution }) => execution.status)).toEqual(["running", "failed"])
    expect(changes.map(({ execution }) => execution.connection).toSorted()).toEqual([
      "bot",
      "shop",
      "shop",
    ])
  })

  it("names a connection that fails permanently, and continues with the others", async () => {
    let polls = 0
    let isSaid = false
    simulator.intercept(({ path }) => {
      if (path.includes("/n8n/")) return { status: 401, body: { message: "unauthorized" } }
      polls += 1
      if (isSaid && polls > 1) {
        isSaid = false
        simulator.dify.insert({ status: "failed" })
      }
      return undefined
    })
    const child = start([...flags, "--limit", "1"], surroundings)
    const outcome = ended(child)
    await shown(child, /shop \(n8n\): .*401.*\n/, "stderr")
    isSaid = true
    const { code, stdout, stderr } = await outcome
    expect(changesOf(stdout)).toHaveLength(1)
    expect(stderr).toMatch(/^execlog: shop \(n8n\): .*401/m)
    expect(code).toBe(3)
  })

  it("exits with 0 on SIGTERM even when one connection has failed", async () => {
    simulator.intercept(({ path }) =>
      path.includes("/n8n/") ? { status: 401, body: { message: "unauthorized" } } : undefined,
    )
    const child = start(flags, surroundings)
    const outcome = ended(child)
    await shown(child, /shop \(n8n\): .*401.*\n/, "stderr")
    child.kill("SIGTERM")
    expect((await outcome).code).toBe(0)
  })

  it("exits with the code of the failure when all connections have failed", async () => {
    simulator.intercept(() => ({ status: 401, body: { message: "unauthorized" } }))
    const { code, stderr } = await execlog(flags, surroundings)
    expect(code).toBe(3)
    expect(stderr).toMatch(/bot \(dify\)/)
    expect(stderr).toMatch(/shop \(n8n\)/)
  })

  it("hides the keys of all connections from the command", async () => {
    const directory = directoryWith({})
    beforePolls(() => simulator.dify.insert({ status: "failed" }))
    const { code } = await execlog(
      [...flags, "--limit", "1", "--exec", `env > '${directory}/seen'`],
      {
        ...surroundings,
        environment: { ...environment, DIFY_API_KEY: "canary-other", KEPT: "yes" },
      },
    )
    const seen = readFileSync(join(directory, "seen"), "utf8")
    expect(code).toBe(0)
    expect(seen).toContain("KEPT=yes")
    expect(seen).toContain("EXECLOG_CONNECTION=bot")
    expect(seen).not.toMatch(/canary|simulator-key|BOT_KEY|SHOP_KEY|API_KEY/)
  })

  it("hides what opens the store from the command", async () => {
    const path = join(surroundings.directory ?? "", "execlog.json")
    const config = JSON.parse(readFileSync(path, "utf8"))
    writeFileSync(path, JSON.stringify({ ...config, store: "${SOME_PLACE}" }))
    beforePolls(() => simulator.dify.insert({ status: "failed" }))
    const opening = {
      PGPASSWORD: "canary-1",
      EXECLOG_STORE: "canary-2",
      SOME_PLACE: "postgres://log:canary-%33@db.example.com/log",
      // The same secrets under other names.
      DATABASE_URL: "postgres://other:canary-3@db.example.com/other",
      DB_PASSWORD: "canary-1",
      HEADER: `Basic ${btoa("log:canary-1")}`,
      DSN: "host=db.example.com password=canary%2D1",
    }
    const { code, stderr } = await execlog([...flags, "--limit", "1", "--exec", "env"], {
      ...surroundings,
      environment: { ...environment, ...opening, KEPT: "yes" },
    })
    expect(code).toBe(0)
    expect(stderr).toContain("KEPT=yes")
    expect(stderr).not.toMatch(
      /canary|PGPASSWORD|EXECLOG_STORE|SOME_PLACE|DATABASE_URL|DB_PASSWORD|HEADER|DSN/,
    )
  })
})

describe("execlog follow, when it ends,", () => {
  it("exits with 130 on Ctrl-C", async () => {
    beforePolls(() => simulator.dify.insert({ status: "failed" }))
    const child = start(args, { environment })
    const outcome = ended(child)
    await shown(child, /\n/)
    child.kill("SIGINT")
    expect(await outcome).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(unwatched),
    })
  })

  it("exits with 0 on SIGTERM", async () => {
    beforePolls(() => simulator.dify.insert({ status: "failed" }))
    const child = start(args, { environment })
    const outcome = ended(child)
    await shown(child, /\n/)
    child.kill("SIGTERM")
    expect(await outcome).toMatchObject({ code: 0, stderr: expect.stringMatching(unwatched) })
  })

  it("ends by the second SIGTERM when nobody reads its output", async () => {
    const row = { status: "failed", error: "x".repeat(10_000) } as const
    for (let count = 0; count < 200; count++) simulator.dify.insert(row)
    const child = spawn(process.execPath, [bin, ...args, "--since", "1h"], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "ignore"],
    })
    const closed = new Promise<unknown>((resolve) => {
      child.once("exit", (code, signal) => resolve(signal ?? code))
    })
    // The program has written something that nobody reads.
    await new Promise((resolve) => child.stdout.once("readable", resolve))
    child.kill("SIGTERM")
    const again = setInterval(() => child.kill("SIGTERM"), 100)
    // Killed by the signal, or exited if the pipe had room for the change in hand.
    expect(["SIGTERM", 0]).toContain(await closed)
    clearInterval(again)
    child.stdout.destroy()
  })

  it("exits with 0 when its output is closed", async () => {
    let polls = 0
    simulator.intercept(() => {
      if (polls++ > 0) simulator.dify.insert({ status: "failed" })
      return undefined
    })
    const flags = args.map((arg) => `'${arg}'`).join(" ")
    const { stdout, stderr } = await shell(
      `{ execlog ${flags}; echo "ended with $?" >&2; } | head -n 1`,
      { environment },
    )
    expect(changesOf(stdout)).toHaveLength(1)
    expect(stderr.replace(unwatched, "")).toBe("ended with 0\n")
  })

  it("continues after a temporary failure, and warns of it", async () => {
    let requests = 0
    simulator.intercept(() => {
      requests += 1
      if (requests === 5) simulator.dify.insert({ status: "failed" })
      return requests > 1 && requests < 5 ? { status: 503, body: { message: "busy" } } : undefined
    })
    const { code, stdout, stderr } = await execlog([...args, "--limit", "1"], { environment })
    expect(code).toBe(0)
    expect(changesOf(stdout)).toHaveLength(1)
    expect(stderr.replace(unwatched, "")).toMatch(
      /^execlog: warning: dify: .*The next poll tries again\.\n$/,
    )
  })
})
