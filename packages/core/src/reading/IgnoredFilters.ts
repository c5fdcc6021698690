import type { Execution } from "../model/Execution.js"
import { executionMapper, type MappingGround } from "./ExecutionMapping.js"
import { type FilterName, passesFilter } from "../model/LogQuery.js"
import type { Plan } from "../walk/QueryPlan.js"
import type { Found } from "../walk/Row.js"
import { Unreadable } from "../model/Guarded.js"
import type { WalkState } from "../walk/WalkState.js"

/** What was found on a page, mapped already because a filter had to be looked at. */
export type Mapped = ReadonlyMap<Found, Execution | Unreadable>

/** The filters that the provider is said to answer exactly, and whose excluded executions it gave. */
export const ignoredFilters = (
  plan: Plan,
  state: WalkState,
  found: ReadonlyArray<Found>,
  given: MappingGround,
): { readonly ignored: ReadonlyArray<FilterName>; readonly mapped: Mapped | null } => {
  const trusted = plan.evaluated.filter(
    (filter) => plan.answeredExactly.includes(filter) && !state.ignored.includes(filter),
  )
  if (trusted.length === 0) return { ignored: [], mapped: null }
  const map = executionMapper(plan, given)
  const mapped = new Map(found.map((one) => [one, map(one)]))
  const all = [...mapped.values()]
  const ignored = trusted.filter((filter) =>
    all.some((made) => !(made instanceof Unreadable) && !passesFilter(made, plan.query, filter)),
  )
  return { ignored, mapped }
}
