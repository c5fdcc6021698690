import { describe, it } from "vitest"
import { adapterChecks, coverageChecks, fixtureChecks } from "../checks/index.js"
import { inAnotherZone } from "../ContractSuite.js"
import { connectLive, type LiveOptions } from "./Live.js"
import { liveChecks } from "./LiveChecks.js"
import { asksAsInMemory, liveQuestions } from "./LiveFilters.js"

const timeoutMs = 300_000

/**
 * Registers the contract suite against a real server. Settings come from the environment, as
 * ACME_API_KEY and ACME_BASE_URL. What the server answers is recorded in memory and checked as
 * fixtures are; paging, filters, `get` and refusals are asked of the server itself. Nothing is
 * written. Rejects where a setting is missing or the log cannot be read.
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
            `answers ${question.name} as filtering its log in memory does`,
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
        // Which cases a server's log happens to show is not the adapter's merit or fault.
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
