import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startSimulator, type Simulator } from "@execlog/simulator"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { directoryWith, ended, shown, start } from "./Execlog.js"
import { changesOf } from "./ToldChange.js"
import { unwatched } from "./Unwatched.js"

let simulator: Simulator
let directory: string
const at = (name: string) => join(directory, name)
const written = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), "utf8") : "")

beforeEach(async () => {
  simulator = await startSimulator({ dify: { executions: 3, now: new Date() } })
  directory = directoryWith({})
})

afterEach(() => simulator.stop())

/** Runs the next function before the response to each poll, from the second poll on. */
const beforePolls = (...acts: ReadonlyArray<() => void>): void => {
  let polls = 0
  simulator.intercept(({ path }) => {
    if (path.includes("/workflows/logs?")) acts[polls++ - 1]?.()
    return undefined
  })
}

const failing = () => void simulator.dify.insert({ status: "failed" })

/** Follows with a command, up to a number of changes. */
const following = (
  command: string,
  limit: number | "all" = "all",
  more: ReadonlyArray<string> = [],
) => {
  const flags = ["--provider", "dify", "--set", `baseUrl=${simulator.dify.baseUrl}`]
  const pace = ["--set", "retries=0", "--interval", "10ms", "--limit", String(limit)]
  const child = start(["follow", ...flags, ...pace, "--exec", command, ...more], {
    environment: { DIFY_API_KEY: simulator.dify.apiKey, DIR: directory },
  })
  const said = (pattern: RegExp) => shown(child, pattern, "stderr")
  const outcome = ended(child).then(({ stderr, ...rest }) => ({
    ...rest,
    stderr: stderr.replace(unwatched, ""),
  }))
  return { child, outcome, said }
}

const untilGo = 'until [ -e "$DIR/go" ]; do sleep 0.02; done'

describe("follow --exec", () => {
  it("passes each change to the command in its stdin and environment", async () => {
    let running = ""
    beforePolls(
      () => {
        running = simulator.dify.insert({ status: "running" }).runId
      },
      () => simulator.dify.finish(running, "failed"),
    )
    const command =
      'cat >> "$DIR/in"; echo "$EXECLOG_ID $EXECLOG_PREVIOUS_STATUS-$EXECLOG_STATUS $EXECLOG_PROVIDER [$EXECLOG_CONNECTION]" >> "$DIR/env"; echo said'
    const { code, stdout, stderr } = await following(command, 2).outcome
    expect(code).toBe(0)
    expect(written("env")).toBe(`${running} -running dify []\n${running} running-failed dify []\n`)
    const given = written("in").trimEnd().split("\n")
    expect(given.map((line) => JSON.parse(line))).toEqual(
      changesOf(stdout).map(({ execution }) => execution),
    )
    // Its output is not mixed with the data.
    expect(stderr).toBe("said\nsaid\n")
  })

  it("passes no variable that the configuration names, nor another that contains the same secret", async () => {
    beforePolls(failing)
    const settings = { baseUrl: simulator.dify.baseUrl }
    writeFileSync(
      at("execlog.json"),
      JSON.stringify({
        store: "postgres://me:${DB_PART}@db.example.com/log",
        connections: {
          bot: {
            provider: "dify",
            settings,
            headers: { "x-gateway-key": "Token ${GATEWAY_KEY}" },
          },
          other: {
            provider: "dify",
            settings: {
              ...settings,
              apiKey: "app-${OTHER_REST}",
              workflow: { id: "${DEEP_ID}", name: "${PLACE}" },
            },
          },
          acme: { provider: "acme", settings: {} },
        },
      }),
    )
    const command = 'env > "$DIR/env"'
    const flags = ["--connection", "bot", "--interval", "10ms", "--limit", "1", "--exec", command]
    const child = start(["follow", ...flags], {
      directory,
      environment: {
        DIFY_API_KEY: simulator.dify.apiKey,
        DIR: directory,
        GATEWAY_KEY: "canary-gateway-1",
        OTHER_REST: "canary-other-1",
        // The same key under another name, as part of an address.
        ELSEWHERE: "https://me:canary-other-1@elsewhere.example.com",
        DEEP_ID: "canary-deep-1",
        // Part of PATH.
        PLACE: "usr/local",
        DB_PART: "canary-database-1",
        ACME_TOKEN: "canary-acme-1",
        MINE: "stays",
      },
    })
    expect((await ended(child)).code).toBe(0)
    expect(written("env")).toContain("EXECLOG_STATUS=failed")
    expect(written("env")).toContain("MINE=stays")
    expect(written("env")).toMatch(/^PATH=.*usr\/local/m)
    expect(written("env")).not.toMatch(/canary|GATEWAY|OTHER|ELSEWHERE|DEEP|DB_PART|ACME/)
  })

  it.each([
    ["exit 3", /the command exited with 3 for execution/],
    ["no-such-command", /the command exited with 127 \(not found\) for execution/],
    ["kill -9 $$", /the command was killed by SIGKILL for execution/],
  ])("warns of a command that fails (%s), and continues", async (command, says) => {
    beforePolls(failing, failing)
    const { code, stdout, stderr } = await following(command, 2, ["--exec-tries", "1"]).outcome
    expect(code).toBe(0)
    expect(changesOf(stdout)).toHaveLength(2)
    const warnings = stderr
      .split("\n")
      .filter((line) => line.startsWith("execlog: warning: --exec"))
    expect(warnings).toHaveLength(3)
    expect(warnings[0]).toMatch(says)
    expect(warnings[2]).toMatch(/2 changes were not delivered: execution \S+, \S+\.$/)
  })

  it("retries a failed command for the same change before it reports later changes", async () => {
    beforePolls(failing, failing)
    const command =
      'echo "$EXECLOG_ID" >> "$DIR/called"; [ -e "$DIR/go" ] || { > "$DIR/go"; exit 3; }'
    const { code, stdout, stderr } = await following(command, 2).outcome
    expect(code).toBe(0)
    const [first, second] = changesOf(stdout).map(({ execution: { id } }) => id)
    expect(written("called")).toBe(`${first}\n${first}\n${second}\n`)
    expect(stderr).toMatch(/^execlog: warning: --exec: .* Retrying in 1\.0s .*\n$/)
  })

  it("ends a command that hangs, with all it started, and counts it as failed", async () => {
    beforePolls(failing)
    const limits = ["--exec-timeout", "500ms", "--exec-tries", "1"]
    const { code, stderr } = await following(deaf, 1, limits).outcome
    expect(code).toBe(0)
    expect(stderr).toMatch(/the command timed out for execution/)
    await expect.poll(isAlive).toBe(false)
  })

  it.each([
    [["--exec-timeout", "soon"], /--exec-timeout: "soon" is not a valid span of time/],
    [["--exec-timeout", "999d"], /--exec-timeout: 999d is too long/],
    [["--exec-tries", "0"], /--exec-tries: "0" is not a whole number of at least 1/],
  ])("rejects the flags %j of follow", async (more, says) => {
    const { code, stderr } = await following("true", 1, more).outcome
    expect(code).toBe(2)
    expect(stderr).toMatch(says)
  })

  it("accepts a command that does not read its stdin", async () => {
    const error = "x".repeat(500_000)
    beforePolls(() => simulator.dify.insert({ status: "failed", error }))
    const { code, stderr } = await following("exec true", 1).outcome
    expect([code, stderr]).toEqual([0, ""])
  })

  it("calls a slow command once per change, in order", async () => {
    let running = ""
    beforePolls(
      failing,
      () => {
        running = simulator.dify.insert({ status: "running" }).runId
      },
      () => simulator.dify.finish(running, "failed"),
      () => {},
      // All changes are observed by now, while the first command still waits for this file.
      () => writeFileSync(at("go"), ""),
    )
    const command = `${untilGo}; echo "$EXECLOG_PREVIOUS_STATUS-$EXECLOG_STATUS" >> "$DIR/log"`
    const { code } = await following(command, 3).outcome
    expect(code).toBe(0)
    expect(written("log")).toBe("-failed\n-running\nrunning-failed\n")
  })
})

// The shell starts a process of its own, which writes its process id.
const endless = `sh -c 'echo $$ > "$DIR/pid"; echo begun; exec sleep 300' & wait`
const deaf = `trap "" TERM; ${endless}`

/** Whether the process that the command started still runs; a zombie does not. */
const isAlive = (): boolean => {
  const pid = written("pid").trim()
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))
  } catch {
    return false
  }
}

const inHand = (command: string) => {
  beforePolls(failing)
  return following(command)
}

describe("a running command when follow ends", () => {
  it("finishes the running command on SIGTERM, and starts no other", async () => {
    beforePolls(() => {
      failing()
      failing()
    })
    const command = `echo begun; ${untilGo}; echo done >> "$DIR/log"`
    const { child, outcome, said } = following(command)
    await said(/begun/)
    child.kill("SIGTERM")
    await said(/still running/)
    writeFileSync(at("go"), "")
    const { code, stdout } = await outcome
    expect(code).toBe(0)
    expect(written("log")).toBe("done\n")
    expect(changesOf(stdout)).toHaveLength(1)
  })

  it("waits for the command on SIGTERM, says so, and ends it on a second one", async () => {
    const { child, outcome, said } = inHand(endless)
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
  ] as const)(
    "leaves no process behind on %s (%s) when the command is one %s",
    async (signal, code, _, command) => {
      const { child, outcome, said } = inHand(command)
      await said(/begun/)
      expect(isAlive()).toBe(true)
      child.kill(signal)
      expect(await outcome).toMatchObject({ code, stderr: "begun\n" })
      await expect.poll(isAlive).toBe(false)
    },
  )

  it("ends everything the command started on a second SIGTERM, even when its shell ends first", async () => {
    const begun = `trap "" TERM; echo $$ > "$DIR/pid"; echo begun; while :; do sleep 1; done`
    const { child, outcome, said } = inHand(`sh -c '${begun}' & wait`)
    await said(/begun/)
    child.kill("SIGTERM")
    await said(/still running/)
    child.kill("SIGTERM")
    expect((await outcome).code).toBe(0)
    await expect.poll(isAlive).toBe(false)
  })

  it("ends the command on Ctrl-C after SIGTERM", async () => {
    const { child, outcome, said } = inHand(endless)
    await said(/begun/)
    child.kill("SIGTERM")
    await said(/still running/)
    child.kill("SIGINT")
    expect((await outcome).code).toBe(130)
    await expect.poll(isAlive).toBe(false)
  })
})
