import { once } from "node:events"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ended, execlog, start } from "../test/Execlog.js"
import { type FollowedStore, startFollowedStore, changesIn } from "../test/FollowedStore.js"
import { collected } from "../test/KeyWatch.js"

const kills = 20

let followed: FollowedStore
beforeEach(async () => {
  followed = await startFollowedStore()
})
afterEach(() => followed.simulator.stop())

const follow = ["follow", "--stored", "--interval", "1ms"]

/** When a run of the program is killed: after a number of requests or lines. */
const end = fc.record({
  at: fc.constantFrom("request", "line"),
  count: fc.integer({ min: 1, max: 12 }),
})

describe("follow --stored that is killed repeatedly", () => {
  it(`reports each recorded change in order after ${kills} kills, and repeats only the last`, async () => {
    const { simulator, surroundings } = followed
    const ends = fc.sample(end, { seed: 6, numRuns: kills })
    // The first run stores the follower's position.
    await endAtRequest(8)
    const lives: Array<ReadonlyArray<string>> = []
    const running: Array<() => void> = []
    const happens = (): void => {
      running.shift()?.()
      if (running.length > 3) return
      const { runId } = simulator.dify.insert({ status: "running" })
      running.push(() => simulator.dify.finish(runId, "failed"))
      const id = simulator.n8n.insert({ workflow: 1 })
      running.push(() => simulator.n8n.finish(id, "error"))
    }
    for (const { at, count } of ends) lives.push(await killedAt(at, count, happens))
    simulator.intercept(() => undefined)
    // A change that was not observed yet, and one that was not reported.
    simulator.dify.insert({ status: "failed" })
    await execlog(["sync"], surroundings)
    const recorded = await followed.recorded()
    const child = start(follow, surroundings)
    const outcome = ended(child)
    child.stdout?.on("data", () => {
      if (changesIn({ stdout: collected(child.stdout).text }).at(-1) === recorded.at(-1))
        child.kill()
    })
    lives.push(changesIn(await outcome))
    expect(recorded.length).toBeGreaterThan(kills)
    expect(followedFrom(lives)).toEqual(recorded)
  }, 180_000)

  const endAtRequest = async (count: number): Promise<void> => {
    const child = start(follow, followed.surroundings)
    const outcome = ended(child)
    let requests = 0
    followed.simulator.intercept(() => {
      requests += 1
      if (requests === count) child.kill("SIGTERM")
      return undefined
    })
    expect((await outcome).code).toBe(0)
  }

  /** The changes that a run reports before it is killed. */
  const killedAt = async (
    at: "request" | "line",
    count: number,
    happens: () => void,
  ): Promise<ReadonlyArray<string>> => {
    const child = start(follow, followed.surroundings)
    const outcome = ended(child)
    let seen = 0
    const see = (): void => {
      seen += 1
      if (seen >= count) child.kill("SIGKILL")
    }
    followed.simulator.intercept(() => {
      if (at === "request") see()
      happens()
      return undefined
    })
    if (at === "line") child.stdout?.on("data", see)
    await once(child, "exit")
    return changesIn(await outcome)
  }
})

/** The changes of several runs, without a first line that repeats the last one of the previous run. */
const followedFrom = (lives: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const all: Array<string> = []
  for (const life of lives) {
    all.push(...(life[0] !== undefined && life[0] === all.at(-1) ? life.slice(1) : life))
  }
  return all
}
