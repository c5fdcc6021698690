import type { ExecutionStatus } from "../model/Execution.js"
import { type Json, type JsonObject, isJsonList, isJsonObject } from "../model/Json.js"
import type { CheckedQuery } from "../model/LogQuery.js"
import type { FilterName } from "../model/QueryParts.js"
import type { Omission } from "./Connection.js"
import { type Filter, here, type StatusFilter, unsupported } from "./Filter.js"
import type { FilterAnswer } from "./FilterAnswer.js"

/** Answers a query's filters from what an adapter declared. */
export const answerFrom =
  (
    filters: Filters,
    statuses: { readonly [word: string]: ExecutionStatus },
    omits: Omission | null,
  ) =>
  (query: CheckedQuery, filter: FilterName): FilterAnswer => {
    switch (filter) {
      case "workflowId":
        return answerValue(filters.workflowId ?? undeclared, query.workflowId ?? "")
      case "actorId":
        return answerValue(filters.actorId ?? noActors, query.actorId ?? "")
      case "tag":
        return answerValue(filters.tag ?? noTags, query.tag ?? "")
      case "providerStatus": {
        const word = query.providerStatus ?? ""
        const answer = answerValue(filters.providerStatus ?? { by: "execlog" }, word)
        const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined
        // What is not listed cannot be filtered out of the list.
        return answer.by === "execlog" && status !== undefined
          ? (unlisted([status], omits) ?? answer)
          : answer
      }
      case "attributes":
        return answerAttributes(
          filters.attributes ?? {},
          filters.otherAttributes ?? here,
          query.attributes ?? [],
        )
      case "search":
        return answerSearch(filters.search ?? noSearch, query.search ?? "")
      case "status":
        return filters.status === undefined
          ? undeclared
          : answerStatus(filters.status, query.status ?? [], statuses, omits)
      case "since":
      case "until":
      case "finishedSince":
      case "finishedUntil":
      case "planned":
        return { by: "execlog" }
      default:
        // A newer core may ask for a filter that this one has not heard of.
        return undeclared
    }
  }

/** The filters of an endpoint. One that is not declared is Unsupported. */
export interface Filters {
  readonly workflowId?: Filter
  /** Where nothing is said, nobody can answer it: the log does not tell who started an execution. */
  readonly actorId?: Filter
  readonly status?: StatusFilter
  /** Where nothing is said, nobody can answer it: the executions have no tags. */
  readonly tag?: Filter
  /** Filtered here where nothing is said. */
  readonly providerStatus?: Filter
  /** By the attribute's name. */
  readonly attributes?: { readonly [name: string]: Filter }
  /** Of all that are not there. Filtered here where nothing is said. */
  readonly otherAttributes?: Filter
  /** Where nothing is said, nobody can answer it: the provider has no search. */
  readonly search?: Filter
}

const undeclared = { by: "nobody", note: "the adapter does not declare it." } as const
const noActors = unsupported("its log does not tell who started an execution.")
const noTags = unsupported("its executions have no tags.")
const noSearch = unsupported("it has no search.")

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

const answerAttributes = (
  filters: { readonly [name: string]: Filter },
  others: Filter,
  wanted: ReadonlyArray<readonly [name: string, value: string]>,
): FilterAnswer => {
  const answers = wanted.map(([name, value]) =>
    answerValue((Object.hasOwn(filters, name) ? filters[name] : undefined) ?? others, value),
  )
  const refused = answers.find(({ by }) => by === "nobody")
  if (refused !== undefined) return refused
  const sent = mergeParams(answers.map((answer) => ("sent" in answer ? answer.sent : {})))
  if (answers.every(({ by }) => by === "provider")) return { by: "provider", sent }
  return answers.some(({ by }) => by === "provider") ? { by: "both", sent } : here
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
  omits: Omission | null,
): FilterAnswer => {
  // What is not listed cannot be filtered out of the list: nothing found would be no answer.
  if (filter.by === "execlog") return unlisted(wanted, omits) ?? filter
  const inHere =
    unlisted(wanted, omits) ??
    ({
      by: "execlog",
      note: `the provider cannot filter by ${wanted.length > 1 ? "these statuses together" : "this status"}`,
    } as const)
  // Words that nobody has heard of are `unknown`, and no provider can be asked for those.
  if (wanted.includes("unknown")) return inHere
  const words = Object.keys(statuses).filter((word) =>
    wanted.some((status) => statuses[word] === status),
  )
  if (words.length === 0 || words.some((word) => !filter.words.includes(word))) return inHere
  const sent = filter.push(words)
  if (sent === null) return inHere
  return filter.isSuperset
    ? { by: "both", sent, note: "the provider's filter lets others pass as well" }
    : { by: "provider", sent }
}

const unlisted = (
  wanted: ReadonlyArray<ExecutionStatus>,
  omits: Omission | null,
): FilterAnswer | null => {
  const listed = wanted.filter((status) => omits?.statuses.includes(status) !== true)
  if (omits === null || listed.length === wanted.length) return null
  return {
    by: "nobody",
    note: omits.note,
    hint:
      listed.length === 0
        ? undefined
        : { code: "other_value", text: `The others can be asked for: ${listed.join(", ")}.` },
  }
}

/** Merges fragments of parameters: objects by key, arrays end to end; else the last one stands. */
export const mergeParams = (fragments: ReadonlyArray<JsonObject>): JsonObject => {
  const merged: Record<string, Json> = {}
  for (const fragment of fragments) {
    for (const [key, value] of Object.entries(fragment)) {
      merged[key] = mergeValues(merged[key], value)
    }
  }
  return merged
}

const mergeValues = (before: Json | undefined, value: Json): Json => {
  if (isJsonList(before) && isJsonList(value)) return [...before, ...value]
  return isJsonObject(before) && isJsonObject(value) ? mergeParams([before, value]) : value
}
