import { describe, it } from "vitest"
import { adapterChecks, coverageChecks, fixtureChecks } from "../checks/index.js"
import { inAnotherZone } from "../ContractSuite.js"
import { connectLive, type LiveOptions } from "./Live.js"
import { liveChecks } from "./LiveChecks.js"
import { asksAsInMemory, liveQuestions } from "./LiveFilters.js"

const timeoutMs = 300_000

/**
 * Registers the contract suite against a real server. Settings come from environment variables such as
 * ACME_API_KEY and ACME_BASE_URL. Responses are recorded in memory and checked like fixtures; paging,
 * filters, `get` and errors are tested on the server itself. Nothing is written. Rejects if a setting is
 * missing or the log cannot be read.
 *
 * @example
 * await liveSuite({ adapter: acme, module: new URL("../dist/index.js", import.meta.url) })
 */
export const liveSuite = async (options: LiveOptions): Promise<void> => {
  const live = await connectLive(options)
  describe(`${options.adapter.title} at ${live.connection.baseUrl}`, () => {
    for (const check of Object.values(liveChecks)) {
      if (check.appliesTo(live)) it(check.promise, () => check.run(live), timeoutMs)
    }
    for (const place of live.endpoints) {
      describe(place.endpoint.route, () => {
        for (const question of liveQuestions(live, place)) {
          it(
            `returns for ${question.name} what filtering its log in memory would`,
            () => asksAsInMemory(live, place, question),
            timeoutMs,
          )
        }
      })
    }
    describe("by what was recorded", () => {
      inAnotherZone()
      const { recorded } = live
      for (const [name, check] of Object.entries(adapterChecks)) {
        // Coverage depends on the server's log, not on the adapter.
        if (name in coverageChecks || !check.appliesTo(recorded)) continue
        it(check.promise, () => check.run(recorded), timeoutMs)
      }
      for (const fixture of recorded.fixtures) {
        describe(fixture.name, () => {
          for (const check of Object.values(fixtureChecks)) {
            if (!check.appliesTo(recorded, fixture)) continue
            it(check.promise, () => check.run(recorded, fixture), timeoutMs)
          }
        })
      }
    })
  })
}
