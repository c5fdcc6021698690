import { flowTest } from "./Filters.js"
import type { PrefectHistory } from "./History.js"
import type { PrefectLists } from "./Lists.js"
import type { PrefectWireFlow } from "./Objects.js"
import type { PrefectQuery } from "./Query.js"
import { wireFlow } from "./Wire.js"

/** Prefect's orders of flows. */
export const flowSorts = ["CREATED_DESC", "UPDATED_DESC", "NAME_ASC", "NAME_DESC"]

const madeNames = [
  "orders-to-ledger",
  "stock-report",
  "supplier-import",
  "nightly-digest",
  "invoice-reminders",
  "part-import",
]

/** The names of so many flows. */
export const flowNamesOf = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, flow) => {
    const name = madeNames[flow % madeNames.length] ?? ""
    const round = Math.floor(flow / madeNames.length)
    return round === 0 ? name : `${name}-${round + 1}`
  })

/** The page of flows that a query finds. */
export const findFlows = (
  history: PrefectHistory,
  lists: PrefectLists,
  names: ReadonlyArray<string>,
  query: PrefectQuery,
): ReadonlyArray<PrefectWireFlow> => {
  const { flows, flow_runs, offset, limit } = query
  const passes = flows === null ? () => true : flowTest(history, flows, names)
  const withRuns = new Set<number>()
  if (flow_runs !== null) {
    const { items } = lists.runs({ ...query, sort: "ID_DESC", flows: null })
    for (const run of items) withRuns.add(history.flowOf(run))
  }
  const found = names
    .map((_, flow) => flow)
    .filter((flow) => passes(flow) && (flow_runs === null || withRuns.has(flow)))
    .map((flow) => wireFlow(history, names, flow))
    .toSorted(orderOf(query.sort))
  return found.slice(offset, offset + limit)
}

const orderOf =
  (sort: string) =>
  (left: PrefectWireFlow, right: PrefectWireFlow): number => {
    if (sort === "NAME_ASC") return left.name < right.name ? -1 : 1
    if (sort === "NAME_DESC") return left.name < right.name ? 1 : -1
    return left.created < right.created ? 1 : -1
  }
