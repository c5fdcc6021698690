import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { databases } from "./Databases.js"
import { storeOf } from "./StoreOf.js"
import { anyStory, untruths } from "./TrueStore.js"

describe.each(databases)("a store in $name", ({ make }) => {
  it.each(["numbers", "times"] as const)(
    "matches its provider after the last sync when that lists by %s",
    async (listing) => {
      await using database = await make()
      await using store = await storeOf(database)
      let count = 0
      await fc.assert(
        fc.asyncProperty(anyStory, async (story) => {
          count += 1
          expect(await untruths(store, listing, `${listing} ${count}`, story)).toEqual([])
        }),
        { numRuns: 25 },
      )
    },
  )
})
