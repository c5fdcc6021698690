import { type Connection, executionStatuses, type JsonObject, type LogQuery } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { type Fixture, listQueryOf } from "../kit/Fixture.js"
import { isSent, planOf } from "../kit/PlannedQuery.js"
import { getFixtures, listFixtures, type Subject } from "../kit/Subject.js"
import { endpointsOf } from "./Endpoints.js"
import { executionsOf } from "./Outputs.js"

// What a declaration says and no fixture shows, no check can prove. Each of these asks for fixtures.

/** A list endpoint with the fixtures that it answers. */
interface ShownEndpoint {
  readonly endpoint: Connection["list"]
  readonly fixtures: ReadonlyArray<Fixture>
  /** The part of a query that leads to it. */
  readonly base: LogQuery
}

/** The list endpoints that an adapter declares, each with its fixtures. */
export const shownEndpoints = (subject: Subject): ReadonlyArray<ShownEndpoint> => {
  const { list, detail } = subject.connection()
  return [list, ...(detail === null ? [] : [detail])].map((endpoint) => {
    const fixtures = listFixtures(subject).filter(
      (fixture) =>
        subject.client(fixture).explain(listQueryOf(fixture) ?? {}).endpoint === endpoint.name,
    )
    const [first] = endpoint === list ? [] : fixtures
    const { workflowId, include } = (first && listQueryOf(first)) ?? {}
    return { endpoint, fixtures, base: { workflowId, include } }
  })
}

/** Each endpoint has a fixture, and each that lists a walk over several pages. */
export const endpointCoverage: AdapterCheck = {
  promise: "has a fixture for each endpoint, and one of a walk over several pages",
  appliesTo: () => true,
  run: async (subject) => {
    endpointsOf(subject)
    for (const { endpoint, fixtures } of shownEndpoints(subject)) {
      const walks = fixtures.filter(
        ({ excerpt, exchanges }) => excerpt !== true && exchanges.length > 1,
      )
      holds(endpoint.pagination.style === "single" || walks.length > 0, () => ({
        found: `The ${fixtures.length} fixtures of ${endpoint.route} hold no whole walk over several pages.`,
        expected: "one at least, recorded or simulated",
        why: "Paging goes wrong between pages, and nowhere else.",
      }))
    }
  },
}

/** Each order that is declared is shown. */
export const orderCoverage: AdapterCheck = {
  promise: "has a fixture for each order that it declares",
  appliesTo: () => true,
  run: async (subject) => {
    for (const { endpoint, fixtures } of shownEndpoints(subject)) {
      const shownOrders = fixtures.map((fixture) => listQueryOf(fixture)?.order ?? "newest")
      const unshown = endpoint.orders.filter((order) => !shownOrders.includes(order))
      holds(unshown.length === 0, () => ({
        found: `${endpoint.route} declares the orders ${endpoint.orders.join(", ")}, and no fixture shows ${unshown.join(", ")}.`,
        expected: `a fixture with "order": ${shown(unshown[0])}, or orders without it`,
        why: "A list in the wrong order ends early, and what comes behind is lost.",
      }))
    }
  },
}

/** The filters that an endpoint is said to answer, each with what is sent for it. */
export const sentFilters = (
  subject: Subject,
  endpoint: Connection["list"],
  base: LogQuery,
): ReadonlyArray<{
  readonly name: string
  readonly query: LogQuery
  readonly sent: JsonObject
}> => {
  const instant = "2026-11-20T00:00:00Z"
  const filters: ReadonlyArray<LogQuery> = [
    { workflowId: "some-workflow" },
    { actorId: "some-actor" },
    { search: subject.options.search ?? "text" },
    { since: instant },
    { until: instant },
    { tag: "some-tag" },
    { finishedSince: instant },
    { finishedUntil: instant },
    ...executionStatuses.map((status) => ({ status: [status] })),
  ]
  return filters.flatMap((filter) => {
    const [name = ""] = Object.keys(filter)
    const query = { ...base, ...filter }
    const plan = planOf(subject.client(), query)
    const part = plan?.filters.find((one) => one.filter === name)
    return plan?.endpoint === endpoint.name && part !== undefined && isSent(plan, filter)
      ? [{ name, query, sent: part.sent }]
      : []
  })
}

/** Each filter that is sent to the provider is shown. */
export const filterCoverage: AdapterCheck = {
  promise: "has a fixture for each filter that it sends to the provider",
  appliesTo: () => true,
  run: async (subject) => {
    for (const { endpoint, fixtures, base } of shownEndpoints(subject)) {
      for (const { name } of sentFilters(subject, endpoint, base)) {
        const isShown = fixtures.some((fixture) => name in (listQueryOf(fixture) ?? {}))
        holds(isShown, () => ({
          found: `${endpoint.route} sends the filter ${name} to the provider, and no fixture shows what it answers.`,
          expected: `a fixture whose query has ${name}; execlog record${name === "search" ? " --search TEXT" : ""} makes one`,
          why: "A filter that the provider answers in another way hides executions.",
        }))
      }
    }
  },
}

/** No steps at all show nothing of how they are read. */
const isGiven = (part: unknown): boolean =>
  part !== undefined && !(Array.isArray(part) && part.length === 0)

/** What an endpoint is said to give is given. */
export const givesCoverage: AdapterCheck = {
  promise: "returns each declared part in some fixture",
  appliesTo: () => true,
  run: async (subject) => {
    const { get } = subject.connection()
    const gets = get === null ? [] : [{ endpoint: get, fixtures: getFixtures(subject) }]
    for (const { endpoint, fixtures } of [...shownEndpoints(subject), ...gets]) {
      const executions = []
      for (const fixture of fixtures) executions.push(...(await executionsOf(subject, fixture)))
      for (const part of endpoint.gives) {
        if (part === "raw") continue
        holds(
          executions.some((execution) => isGiven(execution[part])),
          () => ({
            found: `${endpoint.route} declares that it gives ${part}, and none of its ${executions.length} executions in ${fixtures.length} fixtures has any.`,
            expected: `a fixture whose executions have ${part}, asked for with include where it lists; or gives without it`,
            why: "The plan says that it is given, and whoever asks for it gets nothing.",
          }),
        )
      }
    }
  },
}
