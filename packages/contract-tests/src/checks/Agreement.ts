import type { FixtureCheck } from "../kit/Check.js"
import { holds } from "../kit/ContractViolation.js"
import { isErrorFixture, listQueryOf } from "../kit/Fixture.js"
import { endpointAnswering } from "../kit/ListEndpoint.js"
import { executionsOf } from "./Outputs.js"

const sound = new Set(["succeeded", "skipped", "queued"])

/** Error and end of an execution agree with its status. */
export const statusAgreement: FixtureCheck = {
  promise: "returns no error for a succeeded execution, and an end if the provider has ends",
  appliesTo: (_subject, fixture) => !isErrorFixture(fixture),
  run: async (subject, fixture) => {
    const executions = await executionsOf(subject, fixture)
    const failed = executions.find(({ status, error }) => sound.has(status) && error !== null)
    holds(failed === undefined, () => ({
      found: `${fixture.name}.json: execution ${failed?.id} is ${failed?.status} (${failed?.providerStatus}), and its error is "${failed?.error?.message}".`,
      expected: "another status, or no error; do statuses map this word as the provider means it?",
      why: "Nobody notices a failure that is reported as a success.",
    }))
    const tellsEnds = executions.some(({ finishedAt }) => finishedAt !== null)
    const open = executions.find(
      ({ status, finishedAt }) => status === "succeeded" && finishedAt === null,
    )
    holds(!tellsEnds || open === undefined, () => ({
      found: `${fixture.name}.json: execution ${open?.id} is succeeded (${open?.providerStatus}) and has no finishedAt, although others have one.`,
      expected: "a finishedAt; does this word mean that the execution is still running?",
      why: "A running execution reported as a success is never requested again.",
    }))
  },
}

/** Timestamps and listing times differ by no more than the endpoint declares. */
export const listingDistance: FixtureCheck = {
  promise: "lists each execution within time.skew before and time.delay after its timestamp",
  appliesTo: (_subject, fixture) => listQueryOf(fixture) !== null && !isErrorFixture(fixture),
  run: async (subject, fixture) => {
    const { time, route } = endpointAnswering(subject, fixture)
    for (const { id, timestamp, listedAt } of await executionsOf(subject, fixture)) {
      if (timestamp === null || listedAt === null) continue
      const early = timestamp.getTime() - listedAt.getTime()
      holds(time.skew === null || early <= time.skew, () => ({
        found: `${fixture.name}.json: ${route} lists execution ${id} ${early} ms before its timestamp, and time.skew is ${time.skew} ms.`,
        expected: "time.skew to be at least that long, or null if it has no bound",
        why: "A query with since stops at the listing time and misses executions with a later timestamp.",
      }))
      holds(time.delay === null || -early <= time.delay, () => ({
        found: `${fixture.name}.json: ${route} lists execution ${id} ${-early} ms after its timestamp, and time.delay is ${time.delay} ms.`,
        expected: "time.delay to be at least that long, or null if it has no bound",
        why: "A query with until requests nothing listed later and misses these executions.",
      }))
    }
  },
}
