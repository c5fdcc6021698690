import { renameSync, writeFileSync } from "node:fs"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { execlog } from "./Execlog.js"
import { type FollowedStore, isDifyList, startFollowedStore, changesIn } from "./FollowedStore.js"
import { saidBeside } from "./Unwatched.js"

let followed: FollowedStore
beforeEach(async () => {
  followed = await startFollowedStore()
})
afterEach(() => followed.simulator.stop())

const follow = ["follow", "--stored", "--interval", "10ms"]

const beforePolls: FollowedStore["beforePolls"] = (...acts) => followed.beforePolls(...acts)
const failing = () => followed.failing()

describe("follow --stored during failures", () => {
  it("warns once of a temporary failure, and continues with what was missed", async () => {
    let polls = 0
    followed.simulator.intercept(({ path }) => {
      if (!isDifyList(path)) return undefined
      polls += 1
      if (polls === 6) failing()
      return polls > 1 && polls < 6 ? { status: 503, body: { message: "busy" } } : undefined
    })
    const { code, stdout, stderr } = await execlog(
      [...follow, "--limit", "1"],
      followed.surroundings,
    )
    expect([code, changesIn({ stdout }).length]).toEqual([0, 1])
    expect(saidBeside(stderr)).toMatch(
      /^execlog: warning: bot \(dify\): .*The next round tries again\.\n$/,
    )
  })

  it("names a connection that fails permanently, and continues with the others", async () => {
    let polls = 0
    followed.simulator.intercept(({ path }) => {
      if (path.includes("/n8n/")) return { status: 401, body: { message: "unauthorized" } }
      if (isDifyList(path) && ++polls === 4) failing()
      return undefined
    })
    const { code, stdout, stderr } = await execlog(
      [...follow, "--limit", "1"],
      followed.surroundings,
    )
    expect(changesIn({ stdout })).toHaveLength(1)
    expect(saidBeside(stderr)).toMatch(/^execlog: shop \(n8n\): .*401/)
    expect(code).toBe(3)
  })

  it("reports all stored changes, then exits with the code of the failure, when all connections fail", async () => {
    const { surroundings, simulator } = followed
    beforePolls(failing)
    await execlog([...follow, "--limit", "1"], surroundings)
    const { runId } = simulator.dify.insert({ status: "failed" })
    await execlog(["sync"], surroundings)
    simulator.intercept(() => ({ status: 401, body: { message: "unauthorized" } }))
    const outcome = await execlog(["follow", "--stored", "--interval", "1h"], surroundings)
    expect(outcome.code).toBe(3)
    expect(changesIn(outcome)).toEqual([`bot ${runId} failed`])
    expect(outcome.stderr).toMatch(/bot \(dify\)/)
    expect(outcome.stderr).toMatch(/shop \(n8n\)/)
  })

  it("continues with other connections when one does not respond", async () => {
    let polls = 0
    let answer = () => {}
    followed.simulator.intercept(async ({ path }) => {
      if (path.includes("/n8n/")) {
        await new Promise<void>((resolve) => {
          answer = resolve
        })
      }
      if (isDifyList(path) && ++polls === 2) failing()
      return undefined
    })
    const outcome = await execlog([...follow, "--limit", "1"], followed.surroundings)
    expect(outcome.code).toBe(0)
    expect(changesIn(outcome)).toHaveLength(1)
    answer()
  })

  it("exits with 1 and names the store once when it was moved", async () => {
    const { surroundings, path } = followed
    beforePolls(
      failing,
      () => {},
      () => renameSync(path, `${path}.away`),
    )
    const { code, stdout, stderr } = await execlog(follow, surroundings)
    expect(code).toBe(1)
    expect(changesIn({ stdout })).toHaveLength(1)
    expect(saidBeside(stderr)).toBe(
      `execlog: The store ${path} was moved or replaced while it was open.\n` +
        "  Run the same command again to continue with the file that is there now.\n",
    )
  })

  it("exits with 1 without a request when the store is not a database", async () => {
    writeFileSync(followed.path, "no database, and long enough to be looked at. ".repeat(100))
    const { code, stdout, stderr } = await execlog(follow, followed.surroundings)
    expect([code, stdout]).toEqual([1, ""])
    expect(stderr).toContain(`The store ${followed.path} is not a database.`)
    expect(followed.simulator.requests).toEqual([])
  })
})
