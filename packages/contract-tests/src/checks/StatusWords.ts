import { type Execution, executionStatuses } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import type { AdapterCheck, FixtureCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { isErrorFixture } from "../kit/Fixture.js"
import { executionsOf } from "./Outputs.js"

/** Throws unless the adapter maps each status word of some executions. */
export const assertWordsKnown = (
  statuses: Connection["statuses"],
  executions: ReadonlyArray<Execution>,
  place: string,
  foreseen?: string,
): void => {
  const counts = new Map<string, number>()
  for (const { providerStatus: word } of executions) {
    if (word === null || word === foreseen || Object.hasOwn(statuses, word)) continue
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const words = [...counts].map(([word, count]) => `${shown(word)} (${count} executions)`)
  holds(words.length === 0, () => ({
    found: `${place}: the provider says ${words.join(", ")}, and statuses has ${Object.keys(statuses).map(shown).join(", ")}.`,
    expected:
      "every word of the provider in statuses; look up its meaning in the provider's documentation",
    why: "These executions are unknown: no status filter and no alert finds them.",
  }))
}

/** Each status word of the provider is mapped. */
export const statusWords: FixtureCheck = {
  promise: "maps every status word that the provider uses",
  appliesTo: (_subject, fixture) => !isErrorFixture(fixture),
  run: async (subject, fixture) => {
    const executions = await executionsOf(subject, fixture)
    const foreseen = fixture.expect?.unknownStatus
    assertWordsKnown(subject.adapter.statuses, executions, `${fixture.name}.json`, foreseen)
    holds(
      foreseen === undefined ||
        executions.some(({ providerStatus }) => providerStatus === foreseen),
      () => ({
        found: `${fixture.name}.json foresees the unknown word ${shown(foreseen)}, but no execution has it.`,
        expected: "the fixture without expect.unknownStatus",
        why: "An outdated exception hides the next fault.",
      }),
    )
  },
}

/** The mapped statuses exist. */
export const statusTable: AdapterCheck = {
  promise: "maps status words only to statuses of execlog",
  appliesTo: () => true,
  run: async ({ adapter: { statuses } }) => {
    const wrong = Object.entries(statuses).find(([, status]) => !executionStatuses.includes(status))
    holds(wrong === undefined, () => ({
      found: `statuses maps ${shown(wrong?.[0])} to ${shown(wrong?.[1])}.`,
      expected: `one of ${executionStatuses.join(", ")}`,
      why: "Users' code switches over these ten words.",
    }))
  },
}
