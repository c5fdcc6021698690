import { isDeepStrictEqual } from "node:util"
import type { Execution, LogQuery } from "@execlog/core"
import type { AdapterCheck, FixtureCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { type Fixture, isErrorFixture, listQueryOf } from "../kit/Fixture.js"
import { isUnfiltered, passes } from "../kit/InMemoryFilter.js"
import { endpointAnswering } from "../kit/ListEndpoint.js"
import { getFixtures, listFixtures, type Subject } from "../kit/Subject.js"
import { executionsOf } from "./Outputs.js"

/** The unfiltered fixture of the same dataset and settings. */
const baselineOf = (subject: Subject, fixture: Fixture): Fixture | undefined => {
  const { dataset } = fixture.provenance
  const baseline = subject.fixtures.find(
    (other) =>
      dataset !== undefined &&
      other.provenance.dataset === dataset &&
      other !== fixture &&
      other.excerpt !== true &&
      isUnfiltered(listQueryOf(other) ?? { search: "" }),
  )
  return baseline === undefined
    ? undefined
    : { ...baseline, settings: { ...baseline.settings, ...fixture.settings } }
}

const isFiltered = (fixture: Fixture): boolean => {
  const query = listQueryOf(fixture)
  return (
    query !== null && !isErrorFixture(fixture) && fixture.excerpt !== true && !isUnfiltered(query)
  )
}

/** Whether a filter asks for statuses that the unfiltered list omits. */
const asksForOmitted = (subject: Subject, fixture: Fixture): boolean => {
  const { omits } = endpointAnswering(subject, fixture)
  const { status } = listQueryOf(fixture) ?? {}
  return status?.some((one) => omits?.statuses.includes(one)) === true
}

/** All results of a filter match it. */
export const filterHolds: FixtureCheck = {
  promise: "returns nothing that the query excludes",
  appliesTo: (_subject, fixture) => isFiltered(fixture),
  run: async (subject, fixture) => {
    const query = listQueryOf(fixture) ?? {}
    const wrong = (await executionsOf(subject, fixture)).filter(
      (execution) => !passes(execution, query, Date.parse(fixture.now)),
    )
    holds(wrong.length === 0, () => ({
      found: `${fixture.name}.json gave ${wrong.length} executions that ${shown(query)} excludes, such as ${shown(wrong[0])}.`,
      expected: "a filter to mean the same for every provider",
      why: "Users act on each failed execution that a query returns.",
    }))
  },
}

/** A filter returns what filtering everything in memory returns. */
export const filterEquivalence: FixtureCheck = {
  promise: "returns everything that filtering in memory would",
  appliesTo: (subject, fixture) =>
    isFiltered(fixture) &&
    baselineOf(subject, fixture) !== undefined &&
    !asksForOmitted(subject, fixture),
  run: async (subject, fixture) => {
    const baseline = baselineOf(subject, fixture)
    if (baseline === undefined) return
    const query = listQueryOf(fixture) ?? {}
    const given = await executionsOf(subject, fixture)
    const all = await executionsOf(subject, baseline)
    // Only the provider can evaluate its search.
    const expected =
      query.search === undefined
        ? all.filter((execution) => passes(execution, query, Date.parse(fixture.now)))
        : null
    const agrees =
      expected === null
        ? given.every(({ id }) => all.some((execution) => execution.id === id))
        : isSame(subject, { fixture, given }, { baseline, expected })
    const { differs } = fixture.expect ?? {}
    if (differs !== undefined) {
      holds(!agrees, () => ({
        found: `${fixture.name}.json expects a difference from ${baseline.name}.json, but there is none.`,
        expected: "the fixture without expect.differs",
        why: "An outdated exception hides the next fault.",
      }))
      return
    }
    holds(agrees, () => ({
      found: `${fixture.name}.json gave ${given.length} executions for ${shown(query)}${difference(given, expected ?? all)}.`,
      expected: `the ${expected?.length ?? "some"} of ${baseline.name}.json that match; is the filter sent in the provider's terms, and does the provider apply all of it?`,
      why: "Nobody notices executions that a filter omits by mistake.",
    }))
  },
}

const isSame = (
  subject: Subject,
  { fixture, given }: { readonly fixture: Fixture; readonly given: ReadonlyArray<Execution> },
  {
    baseline,
    expected,
  }: { readonly baseline: Fixture; readonly expected: ReadonlyArray<Execution> },
): boolean => {
  const [query, all] = [listQueryOf(fixture) ?? {}, listQueryOf(baseline) ?? {}]
  const endpoint = (of: Fixture, asked: LogQuery) => subject.client(of).explain(asked).endpoint
  // Another endpoint, or other parts, may show the same executions differently.
  if (
    endpoint(fixture, query) === endpoint(baseline, all) &&
    isDeepStrictEqual(query.include, all.include)
  ) {
    return isDeepStrictEqual(byId(given), byId(expected))
  }
  return isDeepStrictEqual(
    byId(given).map(({ id }) => id),
    byId(expected).map(({ id }) => id),
  )
}

const byId = (executions: ReadonlyArray<Execution>): ReadonlyArray<Execution> =>
  executions.toSorted((a, b) => (a.id < b.id ? -1 : 1))

const difference = (
  given: ReadonlyArray<Execution>,
  expected: ReadonlyArray<Execution>,
): string => {
  const missing = expected.filter(({ id }) => !given.some((execution) => execution.id === id))
  const added = given.filter(({ id }) => !expected.some((execution) => execution.id === id))
  return `; missing ${shown(missing.map(({ id }) => id))}, added ${shown(added.map(({ id }) => id))}`
}

/** A filter that execlog evaluates uses a field that is filled. */
export const filterFields: AdapterCheck = {
  promise: "filters only by fields that the provider fills",
  appliesTo: (subject) => listFixtures(subject).length > 0,
  run: async (subject) => {
    const seen: Array<Execution> = []
    for (const fixture of listFixtures(subject))
      seen.push(...(await executionsOf(subject, fixture)))
    const fields = {
      workflowId: seen.some(({ workflow }) => workflow.id !== null),
      actorId: seen.some(({ actor }) => actor !== null),
    }
    for (const name of ["workflowId", "actorId"] as const) {
      const answer = answerOf(subject, { [name]: "some-id" })
      holds(fields[name] || answer === "nobody" || answer === "settings", () => ({
        found: `The filter ${name} is answered by ${answer}, but no execution of the fixtures has that field.`,
        expected: `Filter.unsupported for ${name}, or a fixture that shows it`,
        why: "Filtering by a field that is never filled silently returns nothing.",
      }))
    }
  },
}

const answerOf = (subject: Subject, query: LogQuery): string => {
  try {
    return subject.client().explain(query).filters[0]?.answer ?? "nobody"
  } catch {
    return "nobody"
  }
}

/** List and get return the same execution. */
export const listAndGetAgree: FixtureCheck = {
  promise: "returns the same execution by list and by get",
  appliesTo: (subject, fixture) =>
    getFixtures(subject).includes(fixture) && baselineOf(subject, fixture) !== undefined,
  run: async (subject, fixture) => {
    const baseline = baselineOf(subject, fixture)
    if (baseline === undefined) return
    const [got] = await executionsOf(subject, fixture)
    const all = await executionsOf(subject, baseline)
    const listed = all.find(({ id }) => id === got?.id)
    const { omits } = subject.connection(fixture).list
    if (listed === undefined && got !== undefined && omits?.statuses.includes(got.status)) return
    const gist = gistBeside(all)
    holds(isDeepStrictEqual(gist(got), gist(listed)), () => ({
      found: `${fixture.name}.json returns ${shown(gist(got))}.`,
      expected: `${shown(gist(listed))}, as ${baseline.name}.json does`,
      why: "Users who open an execution from a list must get the same one.",
    }))
  },
}

/** The fields on which `get` and a list of these executions must agree. */
export const gistBeside = (listed: ReadonlyArray<Execution>) => {
  // A list may omit the error of all its executions.
  const tellsErrors = listed.some(({ error }) => error !== null)
  return (execution: Execution | undefined) =>
    execution === undefined
      ? null
      : {
          status: execution.status,
          providerStatus: execution.providerStatus,
          startedAt: execution.startedAt,
          finishedAt: execution.finishedAt,
          durationMs: execution.durationMs,
          error: tellsErrors ? (execution.error?.message ?? null) : null,
        }
}
