import type { AdapterCheck, FixtureCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { isErrorFixture, listQueryOf } from "../kit/Fixture.js"
import { endpointAnswering } from "../kit/ListEndpoint.js"
import { listFixtures } from "../kit/Subject.js"
import { executionsOf } from "./Outputs.js"

const parts = ["steps", "inputs", "outputs"] as const

/** Returned parts are declared. */
export const declaredParts: FixtureCheck = {
  promise: "returns steps, inputs and outputs only when it declares them",
  appliesTo: (_subject, fixture) => !isErrorFixture(fixture),
  run: async (subject, fixture) => {
    const endpoint =
      listQueryOf(fixture) === null
        ? subject.connection(fixture).get
        : endpointAnswering(subject, fixture)
    for (const execution of await executionsOf(subject, fixture)) {
      for (const part of parts) {
        if (execution[part] === undefined) continue
        holds(endpoint?.gives.includes(part) === true, () => ({
          found: `${fixture.name}.json: execution ${execution.id} has ${part}, which ${endpoint?.route} does not declare.`,
          expected: `gives: ${shown([...new Set([...(endpoint?.gives ?? []), part])].filter((one) => one !== "raw"))}`,
          why: "The plan says that the part is missing, so users do not look for it.",
        }))
      }
    }
  },
}

/** `get` accepts the ids of a list. */
export const gettableIds: AdapterCheck = {
  promise: "accepts in get each id that its lists return",
  appliesTo: (subject) => subject.connection().get !== null,
  run: async (subject) => {
    const unreasonable = ["", "?", "surely no id", "x".repeat(500)].find(
      (id) => subject.connection().get?.checkId(id)?.trim() === "",
    )
    holds(unreasonable === undefined, () => ({
      found: `get rejects the id ${shown(unreasonable)} without a reason.`,
      expected: "a name of get.id that says what an id looks like",
      why: "Users who mistype an id must learn what ids look like.",
    }))
    for (const fixture of listFixtures(subject)) {
      const { get } = subject.connection(fixture)
      for (const { id } of await executionsOf(subject, fixture)) {
        const rejection = get?.checkId(id) ?? null
        holds(rejection === null, () => ({
          found: `${fixture.name}.json gave the execution ${id}, but get rejects this id: ${rejection}.`,
          expected: "get.id to accept each id of a list",
          why: "Users open executions that they find in a list.",
        }))
      }
    }
  },
}
