import type { Connection, JoinUse, ListEndpoint } from "../adapter/Connection.js"
import { mayCount } from "../adapter/Pagination.js"
import type { Include } from "../model/Execution.js"
import type { CheckedQuery } from "../model/LogQuery.js"

/** How many pages of a workflow's log are searched for an execution. */
export const mostLogPages = 10

/** The kind of a note, for programs. */
type PlanNoteCode =
  /** The list omits executions of some statuses. */
  | "omits_statuses"
  /** The list does not return parts of `include`. */
  | "include_unavailable"
  /** Each page takes requests to another endpoint as well. */
  | "extra_requests"
  /** Each walk takes requests to another endpoint first. */
  | "initial_requests"
  /** The list contains events, which are combined into executions. */
  | "merges_events"
  /** If the list changes meanwhile, an execution may be missed or returned twice. */
  | "best_effort"
  /** No endpoint returns an execution by its id. */
  | "no_get"
  /** Many executions at one listing time require that the provider keeps their order. */
  | "requires_stable_order"

/** Something to know about how a query is answered. */
export interface PlanNote {
  readonly code: PlanNoteCode
  readonly text: string
}

/** A query, and what is decided about it. */
interface Planned {
  readonly connection: Connection
  readonly endpoint: ListEndpoint
  readonly query: CheckedQuery
  readonly joins: ReadonlyArray<JoinUse>
  readonly absent: ReadonlyArray<Include>
  readonly consistency: "exact" | "bestEffort"
}

/** The statuses that a query without a status omits. One with a status returns all, or is Unsupported. */
const omissionOf = (
  { omits, route }: ListEndpoint,
  { status }: CheckedQuery,
): ReadonlyArray<PlanNote> =>
  omits === null || status !== null
    ? []
    : [
        {
          code: "omits_statuses",
          text: `${route} omits ${omits.statuses.join(", ")} executions: ${omits.note}`,
        },
      ]

/** How to get a single execution, and the reason of its failure, without an endpoint for it. */
const noteOfGet = ({ title, list, detail }: Connection): PlanNote => {
  const { lookup = null } = list
  const found = lookup === null ? "" : `; get accepts the attribute ${lookup} instead of an id`
  const reasons =
    detail === null
      ? "the list contains everything that is known about a failure"
      : `the reason of a failure is looked up in the newest ${mostLogPages * detail.maxPageSize} rows of ${detail.route}, and is unknown for older ones`
  return {
    code: "no_get",
    text: `${title} has no endpoint for a single execution${found}: ${reasons}.`,
  }
}

/** The requirement on a provider whose tie exceeds a page. */
export const requirementOf = ({ pagination }: ListEndpoint): string =>
  `exactly-once delivery requires that the provider keeps their order${mayCount(pagination) ? " and deletes none meanwhile" : ""}`

/** The notes of a plan. */
export const planNotes = (planned: Planned): ReadonlyArray<PlanNote> => {
  const { connection, endpoint, query, joins, absent, consistency } = planned
  const notes = [...omissionOf(endpoint, query)]
  const note = (code: PlanNoteCode, text: string) => notes.push({ code, text })
  if (absent.length > 0) {
    const remedy =
      connection.get !== null && absent.some((part) => connection.get?.gives.includes(part))
        ? "; get returns them for a single execution"
        : ""
    note("include_unavailable", `${endpoint.route} does not return ${absent.join(", ")}${remedy}.`)
  }
  if (endpoint.within?.when(query) === true) {
    const { route } = endpoint.within.join
    note("initial_requests", `Each walk also takes one or more requests to ${route}.`)
  }
  for (const route of new Set(joins.map(({ join }) => join.route))) {
    note("extra_requests", `Each page also takes one or more requests to ${route}.`)
  }
  if (endpoint.fold !== null) {
    note(
      "merges_events",
      "The list contains events; the events of an execution are merged into one execution.",
    )
  }
  if (consistency === "bestEffort") {
    note(
      "best_effort",
      endpoint.pagination.style === "pageNumber"
        ? "Numbered pages: if one execution is deleted and another inserted between two requests, a third may be missed."
        : "The provider's cursors may count rows: if executions are inserted or deleted between two requests, others may be returned twice or missed.",
    )
  }
  if (connection.get === null) notes.push(noteOfGet(connection))
  // No two items share a number.
  if (endpoint.time.isSequence) return notes
  note(
    "requires_stable_order",
    `If more than ${endpoint.maxPageSize} items share one listing time, ${requirementOf(endpoint)}.`,
  )
  return notes
}
