import type { FixtureCheck } from "../kit/Check.js"
import { holds } from "../kit/ContractViolation.js"
import { isRefusal, listQueryOf } from "../kit/Fixture.js"
import { endpointAnswering } from "../kit/ListEndpoint.js"
import { executionsOf } from "./Outputs.js"

const sound = new Set(["succeeded", "skipped", "queued"])

/** What an execution tells of itself agrees with its status. */
export const statusAgreement: FixtureCheck = {
  promise: "returns no error for a succeeded execution, and an end if the provider has ends",
  appliesTo: (_subject, fixture) => !isRefusal(fixture),
  run: async (subject, fixture) => {
    const executions = await executionsOf(subject, fixture)
    const failed = executions.find(({ status, error }) => sound.has(status) && error !== null)
    holds(failed === undefined, () => ({
      found: `${fixture.name}.json: execution ${failed?.id} is ${failed?.status} (${failed?.providerStatus}), and its error is "${failed?.error?.message}".`,
      expected: "another status, or no error; do statuses map this word as the provider means it?",
      why: "A failure that is called a success is seen by nobody.",
    }))
    const tellsEnds = executions.some(({ finishedAt }) => finishedAt !== null)
    const open = executions.find(
      ({ status, finishedAt }) => status === "succeeded" && finishedAt === null,
    )
    holds(!tellsEnds || open === undefined, () => ({
      found: `${fixture.name}.json: execution ${open?.id} is succeeded (${open?.providerStatus}) and has no finishedAt, which others have.`,
      expected: "a time at which it ended; does this word mean that it still runs?",
      why: "What still runs and is called a success is never looked at again.",
    }))
  },
}

/** Timestamps and listing times lie no further apart than the endpoint says. */
export const listingDistance: FixtureCheck = {
  promise: "lists each execution within time.skew before and time.delay after its timestamp",
  appliesTo: (_subject, fixture) => listQueryOf(fixture) !== null && !isRefusal(fixture),
  run: async (subject, fixture) => {
    const { time, route } = endpointAnswering(subject, fixture)
    for (const { id, timestamp, listedAt } of await executionsOf(subject, fixture)) {
      if (timestamp === null || listedAt === null) continue
      const early = timestamp.getTime() - listedAt.getTime()
      holds(time.skew === null || early <= time.skew, () => ({
        found: `${fixture.name}.json: ${route} lists execution ${id} ${early} ms before its timestamp, and time.skew is ${time.skew} ms.`,
        expected: "time.skew to be as long as that, or null where nobody knows how long",
        why: "A query with since stops reading at the listing time, and misses what counts under a later time.",
      }))
      holds(time.delay === null || -early <= time.delay, () => ({
        found: `${fixture.name}.json: ${route} lists execution ${id} ${-early} ms after its timestamp, and time.delay is ${time.delay} ms.`,
        expected: "time.delay to be as long as that, or null where nobody knows how long",
        why: "A query with until does not ask for what is listed later, and misses it.",
      }))
    }
  },
}
