import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { adapterChecks, fixtureChecks } from "./checks/index.js"
import { loadFixtures } from "./kit/Fixture.js"
import { snapshotOf } from "./kit/Snapshot.js"
import { type ContractOptions, makeSubject } from "./kit/Subject.js"

const timeoutMs = 60_000

/**
 * Registers the contract suite for an adapter: a test for each promise, and for each fixture to which it
 * applies. The result of each fixture is compared with `__snapshots__/<case>.json` beside the test file.
 *
 * @example
 * await contractSuite({ adapter: dify, fixtures: new URL("../fixtures/", import.meta.url) })
 */
export const contractSuite = async (options: ContractOptions): Promise<void> => {
  const subject = makeSubject(options, await loadFixtures(options.fixtures))
  describe(options.adapter.title, () => {
    inAnotherZone()
    for (const check of Object.values(adapterChecks)) {
      if (check.appliesTo(subject)) it(check.promise, () => check.run(subject), timeoutMs)
    }
    for (const fixture of subject.fixtures) {
      describe(fixture.name, () => {
        for (const check of Object.values(fixtureChecks)) {
          if (!check.appliesTo(subject, fixture)) continue
          it(check.promise, () => check.run(subject, fixture), timeoutMs)
        }
        it(
          "matches its snapshot",
          async () => {
            const text = await snapshotOf(subject, fixture)
            await expect(text).toMatchFileSnapshot(`./__snapshots__/${fixture.name}.json`)
          },
          timeoutMs,
        )
      })
    }
  })
}

/** Sets another time zone: in UTC, a time read in the machine's zone would go unnoticed. */
export const inAnotherZone = (): void => {
  const zone = process.env["TZ"]
  beforeAll(() => {
    process.env["TZ"] = "Asia/Kathmandu"
  })
  afterAll(() => {
    if (zone === undefined) delete process.env["TZ"]
    else process.env["TZ"] = zone
  })
}
