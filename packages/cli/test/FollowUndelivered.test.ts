import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ended, execlog, shown, start } from "./Execlog.js"
import { type FollowedStore, startFollowedStore, changesIn } from "./FollowedStore.js"

let followed: FollowedStore
beforeEach(async () => {
  followed = await startFollowedStore()
})
afterEach(() => followed.simulator.stop())

const follow = ["follow", "--stored", "--interval", "10ms"]
const ofBot = ["--connection", "bot"]

const beforePolls: FollowedStore["beforePolls"] = (...acts) => followed.beforePolls(...acts)
const failing = () => followed.failing()

const surroundings = () => {
  const { directory = "", environment } = followed.surroundings
  return { directory, environment: { ...environment, DIR: directory } }
}
const written = (name: string) => {
  const path = join(surroundings().directory, name)
  return existsSync(path) ? readFileSync(path, "utf8") : ""
}
const calls = () => written("called").trimEnd().split("\n")

/** Records its call, and fails until there is a file `up`. */
const command = 'echo "$EXECLOG_ID" >> "$DIR/called"; [ -e "$DIR/up" ] || exit 3'

describe("follow --stored with a command that fails", () => {
  it("calls the command again after a restart, up to --exec-tries in all", async () => {
    beforePolls(failing)
    const flags = [...follow, ...ofBot, "--exec", command, "--exec-tries", "2"]
    const child = start(flags, surroundings())
    const first = ended(child)
    await shown(child, /Retrying in/, "stderr")
    child.kill("SIGTERM")
    expect((await first).code).toBe(0)
    expect(calls()).toHaveLength(1)
    followed.simulator.intercept(() => undefined)
    const second = await execlog([...flags, "--limit", "1"], surroundings())
    expect(second.code).toBe(0)
    const [id, again, ...more] = calls()
    expect([again, more]).toEqual([id, []])
    expect(second.stderr).toContain(
      `1 change was not delivered: execution ${id}. List them with execlog follow --stored --undelivered.`,
    )
  })

  it("lists undelivered changes, and delivers them once the command works", async () => {
    beforePolls(failing, failing)
    const flags = [...ofBot, "--limit", "2", "--exec", command, "--exec-tries", "1"]
    await execlog([...follow, ...flags], surroundings())
    const recorded = await followed.recorded()
    expect(recorded).toHaveLength(2)

    // This sends no request and needs no key.
    const asked = followed.simulator.requests.length
    const keyless = { ...surroundings(), environment: { DIR: surroundings().directory } }
    const undelivered = ["follow", "--stored", "--undelivered"]
    const listed = await execlog(undelivered, keyless)
    expect([listed.code, changesIn(listed)]).toEqual([0, recorded])
    const [first, second] = calls()
    expect(listed.stderr).toBe(
      `execlog: Execution ${first}: the command exited with 3 on try 1.\n` +
        `execlog: Execution ${second}: the command exited with 3 on try 1.\n` +
        "execlog: 2 undelivered changes.\n",
    )
    expect(followed.simulator.requests).toHaveLength(asked)

    const fails = await execlog([...undelivered, "--exec", command], keyless)
    expect([fails.code, changesIn(fails)]).toEqual([1, recorded])
    expect(fails.stderr).toContain("0 delivered now")

    writeFileSync(join(surroundings().directory, "up"), "")
    const works = await execlog([...undelivered, "--exec", command], keyless)
    expect([works.code, changesIn(works)]).toEqual([0, recorded])
    expect(calls()).toHaveLength(6)
    expect(changesIn(await execlog(undelivered, keyless))).toEqual([])
  })

  it("delivers only the change in hand after SIGTERM", async () => {
    beforePolls(failing, failing)
    const flags = [...ofBot, "--limit", "2", "--exec", command, "--exec-tries", "1"]
    await execlog([...follow, ...flags], surroundings())
    const waits = `echo begun; until [ -e "$DIR/go" ]; do sleep 0.02; done; ${command}`
    const child = start(["follow", "--stored", "--undelivered", "--exec", waits], surroundings())
    const outcome = ended(child)
    await shown(child, /begun/, "stderr")
    child.kill("SIGTERM")
    await shown(child, /still running/, "stderr")
    writeFileSync(join(surroundings().directory, "up"), "")
    writeFileSync(join(surroundings().directory, "go"), "")
    expect((await outcome).code).toBe(0)
    expect(calls()).toHaveLength(3)
    const left = await execlog(["follow", "--stored", "--undelivered"], surroundings())
    expect(changesIn(left)).toEqual((await followed.recorded()).slice(1))
  })

  it.each(["--undelivered", "--follower=mail"])("rejects %s without a store", async (flag) => {
    const { code, stderr } = await execlog(["follow", flag], surroundings())
    expect(code).toBe(2)
    expect(stderr).toContain(`${flag.split("=")[0]} requires a store`)
  })
})

describe("a follower of a store", () => {
  /** One change of each connection, recorded by another program while nobody follows. */
  const recordBoth = async () => {
    failing()
    const id = followed.simulator.n8n.insert({ workflow: 1 })
    followed.simulator.n8n.finish(id, "error")
    followed.simulator.intercept(() => undefined)
    await execlog(["sync"], surroundings())
  }
  /** Starts to follow both connections, and receives one change. */
  const begin = async (...flags: ReadonlyArray<string>) => {
    // The store then has the history of both.
    await execlog(["sync"], surroundings())
    beforePolls(failing)
    const first = await execlog([...follow, ...flags, "--limit", "1"], surroundings())
    expect(first.code).toBe(0)
  }

  it("loses no change when the connections of the configuration change their order", async () => {
    await begin()
    await recordBoth()
    const path = join(surroundings().directory, "execlog.json")
    const { connections } = JSON.parse(readFileSync(path, "utf8"))
    const turned = Object.fromEntries(Object.entries(connections).toReversed())
    writeFileSync(path, JSON.stringify({ connections: turned }))
    const outcome = await execlog([...follow, "--limit", "2"], surroundings())
    expect(changesIn(outcome)).toEqual((await followed.recorded()).slice(1))
  })

  it("loses no change of a connection whose key is missing", async () => {
    await begin()
    await recordBoth()
    const { SHOP: _, ...environment } = followed.surroundings.environment
    const outcome = await execlog([...follow, "--limit", "2"], { ...surroundings(), environment })
    expect(outcome.stderr).toContain("SHOP is not set")
    expect(changesIn(outcome)).toEqual((await followed.recorded()).slice(1))
  })

  it("resumes by its name with another command and other filters", async () => {
    await begin("--follower", "mail", "--exec", "true")
    await recordBoth()
    const flags = ["--follower", "mail", "--exec", "true # another", "--status", "failed"]
    const outcome = await execlog([...follow, ...flags, "--limit", "2"], surroundings())
    expect(changesIn(outcome)).toEqual((await followed.recorded()).slice(1))
  })
})
