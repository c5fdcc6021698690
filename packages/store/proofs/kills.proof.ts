import { type Randomness, randomness } from "@execlog/simulator"
import { expect, it } from "vitest"
import { databases } from "../test/Databases.js"
import { changing, type ChangingHistory, changingHistory } from "./ChangingHistory.js"
import { proofSeed } from "./ProofSeed.js"
import { startProviders } from "./Providers.js"
import { type Ended, type KillInstant, type Landing, runSyncer } from "./SyncProcess.js"
import { verifyStore } from "./Verification.js"

const killsOfEach = 26
const executions = 700

/** The number of killed syncs before one that completes, which also measures the duration of a sync. */
const killsBetween = 6

it.each(databases)(
  "leaves a true store when syncs are killed at any instant, in $name",
  { timeout: 900_000 },
  async ({ make, name }) => {
    const seed = proofSeed()
    await using database = await make()
    await using providers = await startProviders()
    const histories = providers.all.map((provider, index) =>
      changingHistory(providers, provider, randomness(seed + index), executions),
    )
    const random = randomness(seed + 100)
    const all: Array<Ended> = []
    const sync = async ({ provider }: ChangingHistory, instant: KillInstant | null) => {
      const { adapter, settings } = provider
      const forever = instant !== null
      const task = { store: database.address, adapter, settings, name: provider.name }
      const ended = await runSyncer({ ...task, full: random.chance(0.5), forever }, instant)
      expect(ended.signal).toBe(forever ? "SIGKILL" : null)
      all.push(ended)
      return ended
    }
    // Two at a time, of two connections, as several syncs into one store may be.
    const lane = async (own: ReadonlyArray<ChangingHistory>) => {
      let longestMs = 500
      for (let kill = 0; kill < killsOfEach; kill++) {
        for (const history of own) {
          await sync(history, killInstant(random, longestMs))
          if (kill % killsBetween !== killsBetween - 1) continue
          const { syncs } = await sync(history, null)
          longestMs = Math.max(100, ...syncs.map(({ from, to }) => to - from))
        }
      }
    }
    const changes = changing(histories, random)
    try {
      await Promise.all([lane(histories.slice(0, 2)), lane(histories.slice(2))])
    } finally {
      changes[Symbol.dispose]()
    }
    console.log(`${name}: ${described(all)}. EXECLOG_PROOF_SEED=${seed}`)
    await verifyStore(
      database,
      histories,
      all.flatMap(({ syncs }) => syncs),
    )
  },
)

/** Most instants lie in a sync; some while the process starts and opens the store. */
const killInstant = (random: Randomness, longestMs: number): KillInstant =>
  random.chance(0.1)
    ? { after: "spawn", ms: random.below(1200) }
    : { after: "sync", ms: random.below(longestMs) }

const described = (all: ReadonlyArray<Ended>): string => {
  const killed = all.filter(({ signal }) => signal === "SIGKILL")
  const landings = Map.groupBy(killed, ({ landing }): Landing => landing)
  const counts = [...landings].map(([landing, some]) => `${some.length} ${landing}`)
  const whole = all.flatMap(({ syncs }) => syncs).length
  return `${killed.length} kills (${counts.join("; ")}), ${whole} syncs came to their end`
}
