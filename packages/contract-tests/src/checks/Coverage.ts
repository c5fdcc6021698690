import { executionStatuses, type FilterPlan, type JsonObject, type LogQuery } from "@execlog/core"
import type { Connection } from "@execlog/core/adapter"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { type Fixture, listQueryOf } from "../kit/Fixture.js"
import { isSent, planOf } from "../kit/PlannedQuery.js"
import { getFixtures, listFixtures, type Subject } from "../kit/Subject.js"
import { endpointsOf } from "./Endpoints.js"
import { executionsOf } from "./Outputs.js"

// No check can prove a declaration without a fixture. These checks require the fixtures.

/** A list endpoint and its fixtures. */
interface ShownEndpoint {
  readonly endpoint: Connection["list"]
  readonly fixtures: ReadonlyArray<Fixture>
  /** The part of a query that selects it. */
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

/** Each endpoint has a fixture, and each list endpoint a walk over several pages. */
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
        found: `The ${fixtures.length} fixtures of ${endpoint.route} contain no complete walk over several pages.`,
        expected: "at least one, recorded or simulated",
        why: "Paging goes wrong between pages, and nowhere else.",
      }))
    }
  },
}

/** Each declared order has a fixture. */
export const orderCoverage: AdapterCheck = {
  promise: "has a fixture for each order that it declares",
  appliesTo: () => true,
  run: async (subject) => {
    for (const { endpoint, fixtures } of shownEndpoints(subject)) {
      const shownOrders = fixtures.map((fixture) => listQueryOf(fixture)?.order ?? "newest")
      const unshown = endpoint.orders.filter((order) => !shownOrders.includes(order))
      holds(unshown.length === 0, () => ({
        found: `${endpoint.route} declares the orders ${endpoint.orders.join(", ")}, but no fixture shows ${unshown.join(", ")}.`,
        expected: `a fixture with "order": ${shown(unshown[0])}, or orders without it`,
        why: "A walk in the wrong order ends early and loses the rest.",
      }))
    }
  },
}

/** The filters that an endpoint is declared to answer, each with what is sent for it. */
export const coveredFilters = (
  subject: Subject,
  endpoint: Connection["list"],
  base: LogQuery,
): ReadonlyArray<{
  readonly name: string
  readonly query: LogQuery
  readonly sent: JsonObject
}> => {
  const instant = "2026-11-20T00:00:00Z"
  const filters: Readonly<Record<FilterPlan["filter"], ReadonlyArray<LogQuery>>> = {
    workflowId: [{ workflowId: "some-workflow" }],
    actorId: [{ actorId: "some-actor" }],
    search: [{ search: subject.options.search ?? "text" }],
    since: [{ since: instant }],
    until: [{ until: instant }],
    tag: [{ tag: "some-tag" }],
    finishedSince: [{ finishedSince: instant }],
    finishedUntil: [{ finishedUntil: instant }],
    status: executionStatuses.map((status) => ({ status: [status] })),
    // Nobody knows which values of these an adapter sends.
    planned: [],
    providerStatus: [],
    attributes: [],
  }
  return Object.values(filters)
    .flat()
    .flatMap((filter) => {
      const [name = ""] = Object.keys(filter)
      const query = { ...base, ...filter }
      const plan = planOf(subject.client(), query)
      const part = plan?.filters.find((one) => one.filter === name)
      return plan?.endpoint === endpoint.name && part !== undefined && isSent(plan, filter)
        ? [{ name, query, sent: part.sent }]
        : []
    })
}

/** Each filter sent to the provider has a fixture. */
export const filterCoverage: AdapterCheck = {
  promise: "has a fixture for each filter that it sends to the provider",
  appliesTo: () => true,
  run: async (subject) => {
    for (const { endpoint, fixtures, base } of shownEndpoints(subject)) {
      for (const { name } of coveredFilters(subject, endpoint, base)) {
        const isShown = fixtures.some((fixture) => name in (listQueryOf(fixture) ?? {}))
        holds(isShown, () => ({
          found: `${endpoint.route} sends the filter ${name} to the provider, but no fixture shows the response.`,
          expected: `a fixture whose query has ${name}; execlog record${name === "search" ? " --search TEXT" : ""} makes one`,
          why: "A filter that the provider understands differently hides executions.",
        }))
      }
    }
  },
}

/** An empty list of steps does not show how steps are read. */
const isGiven = (part: unknown): boolean =>
  part !== undefined && !(Array.isArray(part) && part.length === 0)

/** Each part that an endpoint declares is in some fixture. */
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
            found: `${endpoint.route} declares that it gives ${part}, but none of its ${executions.length} executions in ${fixtures.length} fixtures has any.`,
            expected: `a fixture whose executions have ${part} (in a list, by include), or gives without ${part}`,
            why: "The plan promises a part that users then do not get.",
          }),
        )
      }
    }
  },
}
