import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { directoryWith, ended, execlog, shown, start } from "./Execlog.js"
import { type FollowedStore, isDifyList, startFollowedStore, changesIn } from "./FollowedStore.js"
import { saidBeside } from "./Unwatched.js"

let followed: FollowedStore
beforeEach(async () => {
  followed = await startFollowedStore()
})
afterEach(() => followed.simulator.stop())

const follow = ["follow", "--stored", "--interval", "10ms"]
const ofBot = ["--connection", "bot"]
const isN8nList = (path: string) => path.includes("/executions?") && !path.includes("status=")

type Acts = ReadonlyArray<() => void>

/** Runs the next function before the response to each poll of a list, from the second poll on. */
const beforeAllPolls = (dify: Acts, n8n: Acts): void => {
  const polls = { dify: 0, n8n: 0 }
  followed.simulator.intercept(({ path }) => {
    if (isDifyList(path)) dify[polls.dify++ - 1]?.()
    if (isN8nList(path)) n8n[polls.n8n++ - 1]?.()
    return undefined
  })
}
const beforePolls: FollowedStore["beforePolls"] = (...acts) => followed.beforePolls(...acts)

const failing = () => followed.failing()

describe("follow --stored", () => {
  it("reports what appears and what changes on all connections, but not the history", async () => {
    const { simulator, surroundings } = followed
    let run = ""
    let execution = ""
    beforeAllPolls(
      [
        () => {
          run = simulator.dify.insert({ status: "running" }).runId
        },
        () => simulator.dify.finish(run, "failed"),
      ],
      [
        () => {
          execution = simulator.n8n.insert({ workflow: 1 })
        },
        () => {},
        () => simulator.n8n.finish(execution, "error"),
      ],
    )
    const outcome = await execlog([...follow, "--limit", "4"], surroundings)
    expect([outcome.code, saidBeside(outcome.stderr)]).toEqual([0, ""])
    const changes = changesIn(outcome)
    expect(changes.toSorted()).toEqual([
      `bot ${run} running`,
      `bot ${run} running failed`,
      `shop ${execution} running`,
      `shop ${execution} running failed`,
    ])
    expect(await followed.recorded()).toEqual(expect.arrayContaining([...changes]))
  })

  it("reports the oldest first of what it finds on one page", async () => {
    const ids: Array<string> = []
    const insert = () => {
      for (const status of ["success", "error", "success"] as const) {
        const id = followed.simulator.n8n.insert({ workflow: 1 })
        followed.simulator.n8n.finish(id, status)
        ids.push(id)
      }
    }
    beforeAllPolls([], [insert])
    const outcome = await execlog([...follow, "--limit", "3"], followed.surroundings)
    expect(changesIn(outcome).map((change) => change.split(" ")[1])).toEqual(ids)
  })

  it("prints the parts of --include", async () => {
    beforePolls(failing)
    const flags = ["--limit", "1", "--include", "raw"]
    const { stdout } = await execlog([...follow, ...ofBot, ...flags], followed.surroundings)
    expect(JSON.parse(stdout)).toHaveProperty("execution.raw")
  })

  it("leaves the history to a later sync", async () => {
    beforePolls(failing)
    await execlog([...follow, ...ofBot, "--limit", "1"], followed.surroundings)
    expect(await execlog(["sync", ...ofBot], followed.surroundings)).toMatchObject({ code: 0 })
    const { stdout } = await execlog(
      ["list", "--stored", ...ofBot, "--limit", "all"],
      followed.surroundings,
    )
    expect(stdout.trimEnd().split("\n")).toHaveLength(31)
    // The history is not reported as changes.
    expect(await followed.recorded()).toHaveLength(1)
  })

  it("reports what was listed since --since on connections new to the store", async () => {
    const flags = ["--since", "1w", "--limit", "3"]
    const outcome = await execlog([...follow, ...ofBot, ...flags], followed.surroundings)
    const oldest = [...followed.simulator.dify.truth()].slice(-3).toReversed()
    expect(changesIn(outcome)).toEqual(
      oldest.map((row) => expect.stringContaining(row.workflow_run?.id ?? "")),
    )
  })

  it("reports what another sync recorded, even while nobody followed", async () => {
    const { surroundings, simulator } = followed
    beforePolls(failing)
    await execlog([...follow, ...ofBot, "--limit", "1"], surroundings)
    const { runId } = simulator.dify.insert({ status: "failed" })
    await execlog(["sync", ...ofBot], surroundings)
    simulator.intercept(({ path }) =>
      isDifyList(path) ? { status: 503, body: { message: "busy" } } : undefined,
    )
    const again = await execlog([...follow, ...ofBot, "--limit", "1"], surroundings)
    expect(changesIn(again)).toEqual([`bot ${runId} failed`])
  })

  it("keeps followers with different flags apart, and resumes one with the same flags", async () => {
    const { surroundings, simulator } = followed
    const all = [...follow, ...ofBot, "--limit", "1"]
    const since = ["--since", "1m"]
    beforePolls(failing)
    const [first] = changesIn(await execlog(all, surroundings))
    beforePolls(() => simulator.dify.insert({ status: "succeeded" }))
    const [second] = changesIn(await execlog(all, surroundings))
    expect([first, second]).toEqual([
      expect.stringMatching(/ failed$/),
      expect.stringMatching(/ succeeded$/),
    ])
    const failed = [...all, ...since, "--status", "failed"]
    expect(changesIn(await execlog(failed, surroundings))).toEqual([first])
    const called = [...all, ...since, "--exec", 'echo "$EXECLOG_CONNECTION $EXECLOG_ID"']
    const { stderr } = await execlog(called, surroundings)
    expect(saidBeside(stderr)).toBe(`${first?.replace(/ failed$/, "")}\n`)
  })

  it("does not read changes it filtered out a second time after a restart", async () => {
    const { surroundings, simulator } = followed
    beforePolls(() => simulator.dify.insert({ status: "succeeded" }), failing)
    await execlog([...follow, ...ofBot, "--limit", "1", "--status", "failed"], surroundings)
    simulator.dify.insert({ status: "succeeded" })
    const child = start([...follow, ...ofBot, "--status", "failed"], surroundings)
    const outcome = ended(child)
    let polls = 0
    simulator.intercept(({ path }) => {
      if (isDifyList(path) && ++polls === 3) child.kill("SIGTERM")
      return undefined
    })
    expect((await outcome).code).toBe(0)
    const names = await followed.recorded()
    expect(names).toHaveLength(3)
    const { DatabaseSync } = await import("node:sqlite")
    const database = new DatabaseSync(followed.path)
    expect(database.prepare("SELECT number FROM followers").all()).toEqual([{ number: 3 }])
    database.close()
  })

  it("does not store the command of --exec, which may hold a password", async () => {
    beforePolls(failing)
    const flags = ["--limit", "1", "--exec", "true # canary-password"]
    await execlog([...follow, ...ofBot, ...flags], followed.surroundings)
    expect(readFileSync(followed.path, "latin1")).not.toContain("canary-password")
  })

  it.each([
    ["--search", "refunds"],
    ["--page-size", "10"],
  ])("rejects %s, which a store does not have", async (...flag) => {
    const { code, stdout, stderr } = await execlog([...follow, ...flag], followed.surroundings)
    expect([code, stdout]).toEqual([2, ""])
    expect(stderr).toContain(`${flag[0]} cannot be combined with a store`)
  })
})

describe("follow --stored, when it ends,", () => {
  it("resumes after the last reported change when SIGTERM ended it", async () => {
    const { surroundings, simulator } = followed
    beforePolls(() => {
      failing()
      failing()
    })
    const command = `until [ -e "$DIR/go" ]; do sleep 0.02; done; echo called >> "$DIR/called"`
    const directory = directoryWith({})
    const environment = { ...surroundings.environment, DIR: directory }
    const flags = [...follow, ...ofBot, "--exec", command]
    const child = start(flags, { ...surroundings, environment })
    const outcome = ended(child)
    await shown(child, /\n/)
    child.kill("SIGTERM")
    await shown(child, /still running/, "stderr")
    writeFileSync(join(directory, "go"), "")
    const first = await outcome
    expect(first.code).toBe(0)
    simulator.intercept(() => undefined)
    const second = await execlog([...flags, "--limit", "1"], { ...surroundings, environment })
    expect(second.code).toBe(0)
    expect([...changesIn(first), ...changesIn(second)]).toEqual(await followed.recorded())
    expect(readFileSync(join(directory, "called"), "utf8")).toBe("called\ncalled\n")
  })

  it.each([
    ["a second SIGTERM", "SIGTERM", 0],
    ["Ctrl-C", "SIGINT", 130],
  ] as const)("reports the change in hand again after %s", async (_, signal, code) => {
    const { surroundings, simulator } = followed
    beforePolls(failing)
    const directory = directoryWith({})
    const environment = { ...surroundings.environment, DIR: directory }
    const command = `[ -e "$DIR/log" ] && exit; echo > "$DIR/log"; kill -TERM $PPID; sleep 300`
    const flags = [...follow, ...ofBot, "--exec", command]
    const child = start(flags, { ...surroundings, environment })
    const outcome = ended(child)
    // Two signals at the same time may arrive as one.
    await shown(child, /still running/, "stderr")
    child.kill(signal)
    const first = await outcome
    expect(first.code).toBe(code)
    simulator.intercept(() => undefined)
    const second = await execlog([...flags, "--limit", "1"], { ...surroundings, environment })
    expect(second.code).toBe(0)
    const recorded = await followed.recorded()
    expect([changesIn(first), changesIn(second)]).toEqual([recorded, recorded])
  })

  it("reports only the change in hand again when SIGKILL ended it", async () => {
    const { surroundings, simulator } = followed
    beforePolls(failing, failing)
    const directory = directoryWith({})
    const environment = { ...surroundings.environment, DIR: directory }
    const command = `echo "$EXECLOG_ID" >> "$DIR/called"
      [ "$(wc -l < "$DIR/called")" -ne 2 ] || kill -9 $PPID`
    const flags = [...follow, ...ofBot, "--exec", command]
    const first = await execlog(flags, { ...surroundings, environment })
    expect(first.code).toBeNull()
    simulator.dify.insert({ status: "failed" })
    const second = await execlog([...flags, "--limit", "2"], { ...surroundings, environment })
    const [one, two, three] = await followed.recorded()
    expect(changesIn(first)).toEqual([one, two])
    expect(changesIn(second)).toEqual([two, three])
  })

  it("ends soon on SIGTERM while a provider does not respond", async () => {
    const { surroundings, simulator } = followed
    let answer = () => {}
    const child = start([...follow, ...ofBot], surroundings)
    const outcome = ended(child)
    simulator.intercept(async ({ path }) => {
      if (isDifyList(path)) {
        child.kill("SIGTERM")
        await new Promise<void>((resolve) => {
          answer = resolve
        })
      }
      return undefined
    })
    const { code, stderr } = await outcome
    expect([code, saidBeside(stderr)]).toEqual([0, ""])
    answer()
  })

  it("reports the next change after a command failed its last try", async () => {
    beforePolls(failing, failing)
    const flags = ["--limit", "2", "--exec", "exit 3", "--exec-tries", "1"]
    const outcome = await execlog([...follow, ...ofBot, ...flags], followed.surroundings)
    expect(outcome.code).toBe(0)
    expect(changesIn(outcome)).toEqual(await followed.recorded())
    expect(outcome.stderr.match(/the command exited with 3/g)).toHaveLength(2)
  })
})
