import { AdapterError, createClient } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { idOf, isErrorFixture } from "../kit/Fixture.js"
import { connectionName, getFixtures, type Subject } from "../kit/Subject.js"
import { errorOf } from "./ThrownError.js"

/** A missing execution is distinguished from an unavailable server. */
export const missingIds: AdapterCheck = {
  promise: "fails with NotFound when the execution is gone",
  appliesTo: (subject) => getFixtures(subject).length > 0,
  run: async (subject) => {
    for (const fixture of getFixtures(subject).slice(0, 1)) {
      const connection = subject.connection(fixture)
      const id = otherOf(idOf(fixture) ?? "", (other) => connection.get?.checkId(other) === null)
      for (const { status, body, what } of answersOf(subject)) {
        const client = createClient(connection, {
          name: connectionName,
          transport: { retries: 0 },
          fetch: async () => Response.json(body, { status }),
        })
        const error = await errorOf(() => client.get(id))
        holds(AdapterError.is(error) && error.reason === "NotFound", () => ({
          found: `get of ${id}, answered with ${what}, gave ${shown(error)}.`,
          expected:
            "NotFound: get.isMissing recognizes a success without an execution, and problem leaves a 404 as it is",
          why: "Otherwise a deleted running execution stays running in every store for ever.",
        }))
      }
    }
  },
}

/** A plain 404, and the provider's own response to an unknown id. */
const answersOf = (subject: Subject) => [
  { status: 404, body: { message: "Not Found" }, what: "a 404" },
  ...subject.fixtures
    .filter((fixture) => isErrorFixture(fixture) && fixture.expect?.reason === "NotFound")
    .filter((fixture) => idOf(fixture) !== null)
    .flatMap(({ name, exchanges }) =>
      exchanges.slice(-1).map(({ status, response }) => ({
        status,
        body: response ?? null,
        what: `what ${name}.json shows`,
      })),
    ),
]

/** An id of the same shape with other digits and letters that `get` accepts. */
const otherOf = (id: string, isTaken: (other: string) => boolean): string => {
  const other = id.replace(/[\da-f]/g, (sign) => (sign === "1" ? "2" : "1"))
  return isTaken(other) ? other : id
}
