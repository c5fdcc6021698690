import fc from "fast-check"
import { expect, it, vi } from "vitest"
import { databases } from "../test/Databases.js"
import { storeOf } from "../test/StoreOf.js"
import { anyStory, untruths } from "../test/TrueStore.js"
import { proofSeed } from "./ProofSeed.js"

const stories = 1000

for (const { make, name } of databases) {
  it.each(["numbers", "times"] as const)(
    `matches its provider after ${stories} histories, in ${name}, when that lists by %s`,
    { timeout: 1_800_000 },
    async (listing) => {
      const seed = proofSeed()
      console.log(`${name}, ${listing}: EXECLOG_PROOF_SEED=${seed}`)
      vi.useFakeTimers({ toFake: ["Date"] })
      await using database = await make()
      await using store = await storeOf(database)
      let count = 0
      await fc.assert(
        fc.asyncProperty(anyStory, async (story) => {
          count += 1
          expect(await untruths(store, listing, `${listing} ${count}`, story)).toEqual([])
        }),
        { numRuns: stories, seed },
      )
    },
  )
}
