import { type Execution, type JsonObject, type LogQuery, AdapterError } from "@execlog/core"
import type { AdapterCheck } from "../kit/Check.js"
import { holds, shown } from "../kit/ContractViolation.js"
import { passes } from "../kit/InMemoryFilter.js"
import { isSent, planOf } from "../kit/PlannedQuery.js"
import { heldBy } from "../kit/RequestParameters.js"
import { type Subject, listFixtures } from "../kit/Subject.js"
import { type ItemServer, itemServers, type ReadItems, type ServedItems } from "./ItemServer.js"

const hasLists = (subject: Subject): boolean => listFixtures(subject).length > 0

/** The hint for adapters that hide a rejected parameter from core. */
const hint = "the adapter to pass on core's params unchanged, and to leave 400 as InvalidQuery"

/** Reads a walk that must not fail. */
const readThrough = async (
  { route, read }: ItemServer,
  query: LogQuery,
  served: ServedItems,
  what: string,
): Promise<ReadItems> => {
  const result = await read(query, served).catch((error: unknown) => error)
  holds(isRead(result), () => ({
    found: `${route}, where ${what}, gave ${shown(result)}.`,
    expected: `the executions nevertheless: ${hint}`,
    why: "Older or newer servers reject parameters that others accept; that must not fail a connection.",
  }))
  return result
}

const isRead = (result: unknown): result is ReadItems =>
  typeof result === "object" && result !== null && "executions" in result

const idsOf = (executions: ReadonlyArray<Execution>): ReadonlyArray<string> =>
  executions.map(({ id }) => id).toSorted()

const assertSame = (
  route: string,
  what: string,
  found: ReadonlyArray<Execution>,
  expected: ReadonlyArray<Execution>,
): void => {
  const [given, due] = [idsOf(found), idsOf(expected)]
  const missing = due.filter((id) => !given.includes(id))
  const added = given.filter((id, index) => !due.includes(id) || given[index - 1] === id)
  holds(missing.length === 0 && added.length === 0, () => ({
    found: `${route}, where ${what}, gave ${given.length} executions; missing ${shown(missing)}, added or duplicated ${shown(added)}.`,
    expected: `the same ${due.length} as without it, each once: ${hint}`,
    why: "Core works around rejected parameters: it filters itself or reads smaller pages.",
  }))
}

/** Core works around a filter that the server rejects. */
export const rejectedFilters: AdapterCheck = {
  promise: "filters in core when the server rejects a filter",
  appliesTo: hasLists,
  run: async (subject) => {
    for (const server of itemServers(subject)) {
      const { executions } = await server.read({})
      for (const [name, filter] of Object.entries(filtersShown(executions))) {
        const query = { ...server.base, planned: true, ...filter }
        const plan = planOf(server.client(), query)
        const sent = plan?.filters.find((part) => part.filter === name)?.sent ?? {}
        if (plan?.endpoint !== server.endpoint.name || !isSent(plan, filter)) continue
        const what = `the server rejects ${shown(sent)}`
        const reject = ({ parameters }: { readonly parameters: JsonObject }) =>
          heldBy(parameters, sent) ? 400 : null
        const found = await readThrough(server, query, { reject }, what)
        const expected = executions.filter((one) => passes(one, query, Date.parse(server.now)))
        assertSame(server.route, what, found.executions, expected)
      }
    }
  },
}

/** A value of some execution for each filter. */
const filtersShown = (executions: ReadonlyArray<Execution>) => {
  const all: ReadonlyArray<LogQuery> = executions.flatMap(({ status, workflow, actor, tags }) => [
    ...(status === "unknown" ? [] : [{ status: [status] }]),
    ...(workflow.id === null ? [] : [{ workflowId: workflow.id }]),
    ...(actor === null ? [] : [{ actorId: actor.id }]),
    ...tags.slice(0, 1).map((tag) => ({ tag })),
  ])
  return Object.fromEntries(all.map((filter) => [Object.keys(filter)[0] ?? "", filter]))
}

/** Core halves a page that is too large for the server. */
export const rejectedPageSizes: AdapterCheck = {
  promise: "returns each execution once when the server rejects the page size",
  appliesTo: hasLists,
  run: async (subject) => {
    for (const server of itemServers(subject)) {
      if (server.endpoint.pagination.size === null) continue
      const { executions } = await server.read({})
      for (const status of [400, 422]) {
        if (subject.options.reasons?.[status] !== undefined) continue
        const what = `the server answers ${status} to pages of more than ${mostItems}`
        const reject = ({ size }: { readonly size: number }) => (size > mostItems ? status : null)
        const found = await readThrough(server, {}, { reject }, what)
        assertSame(server.route, what, found.executions, executions)
      }
    }
  },
}

const mostItems = 3

/** An item that breaks its page costs only itself or its parts. */
export const brokenItems: AdapterCheck = {
  promise: "returns all other executions when one item breaks its page",
  appliesTo: hasLists,
  run: async (subject) => {
    for (const server of itemServers(subject)) {
      const { items, endpoint, route } = server
      const include = endpoint.gives
      const culprit = items[Math.floor(items.length / 2)]
      if (culprit === undefined || items.length < 3) continue
      const isCounted = ["pageNumber", "offset"].includes(endpoint.pagination.style)
      const [plain, whole] = [
        await parametersFor(server, {}),
        await parametersFor(server, { include }),
      ]
      const asking = Object.keys(whole).filter((name) => !(name in plain))
      // Without page numbers or offsets, only a list without parts gets past the item.
      if (!isCounted && asking.length === 0) continue
      const query: LogQuery = isCounted ? {} : { include }
      const reject = ({
        items: given,
        parameters,
      }: Parameters<NonNullable<ServedItems["reject"]>>[0]) =>
        given.includes(culprit) && (isCounted || asking.some((name) => name in parameters))
          ? 500
          : null
      const what = "the server answers 500 to pages that hold one of the items"
      const decoded = endpoint.item(culprit)
      const sound = (await server.read({})).executions.filter(
        ({ id }) => !isCounted || !decoded.ok || id !== decoded.id,
      )
      const found = await readThrough(server, query, { reject }, what)
      const given = found.executions.filter(
        ({ id }) => !isCounted || !decoded.ok || id !== decoded.id,
      )
      assertSame(route, what, given, sound)
      holds(!isCounted || found.rejected.length + found.executions.length > given.length, () => ({
        found: `${route}, where ${what}, reports nothing about the missing one.`,
        expected: "it among the rejected",
        why: "No execution may disappear silently.",
      }))
    }
  },
}

/** The parameters of the first request for a query. */
const parametersFor = async (server: ItemServer, query: LogQuery): Promise<JsonObject> => {
  let first: JsonObject | null = null
  const reject = ({ parameters }: { readonly parameters: JsonObject }) => {
    first ??= parameters
    return 401
  }
  await server.read(query, { reject }).catch((error: unknown) => {
    if (!AdapterError.is(error)) throw error
  })
  return first ?? {}
}
