import { completeExecution } from "./ExecutionCompletion.js"
import { type FilterName, passesFilter } from "./LogQuery.js"
import type { Plan } from "./QueryPlan.js"
import { type Found, guarded } from "./Row.js"
import type { WalkState } from "./WalkState.js"

/** The filters that the provider is said to answer exactly, and whose excluded executions it gave. */
export const ignoredFilters = (
  plan: Plan,
  state: WalkState,
  found: ReadonlyArray<Found>,
): ReadonlyArray<FilterName> => {
  const trusted = plan.evaluated.filter(
    (filter) => plan.answeredExactly.includes(filter) && !state.ignored.includes(filter),
  )
  if (trusted.length === 0) return []
  const ignored = new Set<FilterName>()
  const draft = (item: unknown) => ({
    ok: true as const,
    draft: plan.endpoint.execution(item, plan.query),
  })
  for (const { item } of found) {
    const mapped = guarded(draft, item)
    if (!mapped.ok) continue
    const execution = completeExecution(mapped.draft, plan.source, {
      listedAt: null,
      raw: undefined,
    })
    for (const filter of trusted) {
      if (!passesFilter(execution, plan.query, filter)) ignored.add(filter)
    }
  }
  return [...ignored]
}
