import type { Hint } from "../model/AdapterError.js"
import type { ExecutionStatus } from "../model/Execution.js"
import { type Json, type JsonObject, isJsonList, isJsonObject } from "../model/Json.js"
import type { CheckedQuery } from "../model/LogQuery.js"
import type { FilterName } from "../model/QueryParts.js"
import type { Omission } from "./Connection.js"
import { type Filter, here, type StatusFilter, unsupported } from "./Filter.js"
import type { FilterAnswer } from "./FilterAnswer.js"

/** Decides from an adapter's declaration who applies each filter of a query. */
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
        // execlog cannot filter out what is not listed.
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
        // A newer core may ask for a filter that this one does not know.
        return undeclared
    }
  }

/** The filters of an endpoint. A filter without a default is Unsupported unless declared. */
export interface Filters {
  readonly workflowId?: Filter
  /** Default: Unsupported, because the log does not return who started an execution. */
  readonly actorId?: Filter
  readonly status?: StatusFilter
  /** Default: Unsupported, because the executions have no tags. */
  readonly tag?: Filter
  /** Default: execlog applies it. */
  readonly providerStatus?: Filter
  /** Filters by attribute, by the attribute's name. */
  readonly attributes?: { readonly [name: string]: Filter }
  /** The filter of all other attributes. Default: execlog applies it. */
  readonly otherAttributes?: Filter
  /** Default: Unsupported, because the provider has no search. */
  readonly search?: Filter
}

const undeclared = { by: "nobody", note: "the adapter does not declare it." } as const
const noActors = unsupported("its log does not say who started an execution.")
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
    case "nobody":
      return { by: "nobody", note: filter.note, hint: wordedHint(filter.hint) }
    case "execlog":
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
  const rejected = answers.find(({ by }) => by === "nobody")
  if (rejected !== undefined) return rejected
  const sent = mergeParams(answers.map((answer) => ("sent" in answer ? answer.sent : {})))
  if (answers.every(({ by }) => by === "provider")) return { by: "provider", sent }
  return answers.some(({ by }) => by === "provider") ? { by: "both", sent } : here
}

const answerSearch = (filter: Filter, text: string): FilterAnswer => {
  const answer = answerValue(filter, text)
  return answer.by === "execlog"
    ? {
        by: "nobody",
        note: answer.note ?? "the provider cannot search for this text.",
        hint: filter.by === "provider" ? wordedHint(filter.hint) : undefined,
      }
    : answer
}

const wordedHint = (text: string | undefined): Hint | undefined =>
  text === undefined ? undefined : { code: "other", text }

const answerStatus = (
  filter: StatusFilter,
  wanted: ReadonlyArray<ExecutionStatus>,
  statuses: { readonly [word: string]: ExecutionStatus },
  omits: Omission | null,
): FilterAnswer => {
  // execlog cannot filter out what is not listed: an empty result would be wrong.
  if (filter.by === "execlog") return unlisted(wanted, omits) ?? filter
  const inHere =
    unlisted(wanted, omits) ??
    ({
      by: "execlog",
      note: `the provider cannot filter by ${wanted.length > 1 ? "these statuses together" : "this status"}`,
    } as const)
  // Words that the adapter does not know are `unknown`; no provider can filter by those.
  if (wanted.includes("unknown")) return inHere
  const words = Object.keys(statuses).filter((word) =>
    wanted.some((status) => statuses[word] === status),
  )
  if (words.length === 0 || words.some((word) => !filter.words.includes(word))) return inHere
  const sent = filter.push(words)
  if (sent === null) return inHere
  return filter.isSuperset
    ? { by: "both", sent, note: "the provider's filter returns a superset" }
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
        : { code: "change_value", text: `The list returns only ${listed.join(", ")}.` },
  }
}

/**
 * Merges fragments of parameters: objects by key, arrays end to end; otherwise the last value wins.
 */
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
