import { pathToFileURL } from "node:url"
import {
  adapterChecks,
  type AdapterUnderTest,
  fixtureChecks,
  loadFixtures,
  makeSubject,
} from "@execlog/contract-tests"

/** Checks that use the suite's own responses, and not the recorded ones. */
const ofOwnAnswers: ReadonlySet<string> = new Set([
  "secretSafety",
  "httpErrors",
  "brokenAnswers",
  "rejectedPageSizes",
  "missingFields",
  "unknownFields",
  "unknownStatus",
])

/** Runs the contract suite over a folder. Returns the promises that hold, and throws for one that does not. */
export const suiteOver = async (
  adapter: AdapterUnderTest,
  folder: string,
  settings: { readonly [name: string]: unknown } = {},
): Promise<ReadonlyArray<string>> => {
  const subject = await subjectOf(adapter, folder, settings)
  const kept: Array<string> = []
  for (const [name, check] of Object.entries(adapterChecks)) {
    if (!check.appliesTo(subject) || ofOwnAnswers.has(name)) continue
    await check.run(subject)
    kept.push(name)
  }
  return [...kept, ...(await keptOverFixtures(subject))]
}

/** The same for checks of single fixtures, without those of the adapter as a whole. */
export const fixturesOver = async (
  adapter: AdapterUnderTest,
  folder: string,
): Promise<ReadonlyArray<string>> => keptOverFixtures(await subjectOf(adapter, folder, {}))

const subjectOf = async (
  adapter: AdapterUnderTest,
  folder: string,
  settings: { readonly [name: string]: unknown },
) => {
  const fixtures = pathToFileURL(`${folder}/`)
  return makeSubject({ adapter, fixtures, settings }, await loadFixtures(fixtures))
}

const keptOverFixtures = async (
  subject: ReturnType<typeof makeSubject>,
): Promise<ReadonlyArray<string>> => {
  const kept: Array<string> = []
  for (const fixture of subject.fixtures) {
    for (const [name, check] of Object.entries(fixtureChecks)) {
      if (!check.appliesTo(subject, fixture) || ofOwnAnswers.has(name)) continue
      await check.run(subject, fixture)
      kept.push(`${name} over ${fixture.name}`)
    }
  }
  return kept
}
