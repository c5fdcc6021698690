import type { ExecutionStatus } from "./ExecutionStatus.js"
import type { FilterAnswer } from "./FilterAnswer.js"
import type { Filter, StatusFilter } from "./Filter.js"
import type { CheckedQuery, FilterName } from "./LogQuery.js"

/** Answers a query's filters from what an adapter declared. */
export const answerFrom =
  (
    filters: {
      readonly workflowId: Filter
      readonly actorId: Filter
      readonly status: StatusFilter
      readonly search: Filter
    },
    statuses: { readonly [word: string]: ExecutionStatus },
  ) =>
  (query: CheckedQuery, filter: FilterName): FilterAnswer => {
    switch (filter) {
      case "workflowId":
        return answerValue(filters.workflowId, query.workflowId ?? "")
      case "actorId":
        return answerValue(filters.actorId, query.actorId ?? "")
      case "search":
        return answerSearch(filters.search, query.search ?? "")
      case "status":
        return answerStatus(filters.status, query.status ?? [], statuses)
      case "startedAfter":
      case "startedBefore":
        return { by: "execlog" }
    }
  }

const answerValue = (filter: Filter, value: string): FilterAnswer => {
  switch (filter.by) {
    case "provider": {
      const sent = filter.push(value)
      return sent === null ? { by: "execlog", note: filter.note } : { by: "provider", sent }
    }
    case "settings":
      return { by: "settings", passes: filter.value === value }
    case "execlog":
    case "nobody":
      return filter
  }
}

const answerSearch = (filter: Filter, text: string): FilterAnswer => {
  const answer = answerValue(filter, text)
  return answer.by === "execlog"
    ? { by: "nobody", note: answer.note ?? "the provider cannot search for this text." }
    : answer
}

const answerStatus = (
  filter: StatusFilter,
  wanted: ReadonlyArray<ExecutionStatus>,
  statuses: { readonly [word: string]: ExecutionStatus },
): FilterAnswer => {
  if (filter.by === "execlog") return filter
  const inHere = { by: "execlog", note: "the provider cannot filter by these statuses" } as const
  // Words that nobody has heard of are `unknown`, and no provider can be asked for those.
  if (wanted.includes("unknown")) return inHere
  const words = Object.keys(statuses).filter((word) =>
    wanted.some((status) => statuses[word] === status),
  )
  if (words.length === 0 || words.some((word) => !filter.words.includes(word))) return inHere
  const sent = filter.push(words)
  return sent === null ? inHere : { by: "provider", sent }
}
