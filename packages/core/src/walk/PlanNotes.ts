import type { Connection, JoinUse, ListEndpoint } from "../adapter/Connection.js"
import type { CheckedQuery } from "../model/LogQuery.js"
import type { Include } from "../model/Execution.js"

/** So many pages of the log of a workflow are read for executions that are looked for in it. */
export const mostLogPages = 10

/** A query, and what its plan has settled so far. */
interface Planned {
  readonly connection: Connection
  readonly endpoint: ListEndpoint
  readonly query: CheckedQuery
  readonly joins: ReadonlyArray<JoinUse>
  readonly absent: ReadonlyArray<Include>
  readonly consistency: "exact" | "bestEffort"
}

/** What a query without a status does not give. One with a status gives it all or is Unsupported. */
const omissionOf = (
  { omits, route }: ListEndpoint,
  { status }: CheckedQuery,
): ReadonlyArray<string> =>
  omits === null || status !== null
    ? []
    : [`${route} leaves out what is ${omits.statuses.join(" or ")}: ${omits.note}`]

/** How one execution is had, and why it failed, where no endpoint gives one by its id. */
const noteOfGet = ({ title, list, detail }: Connection): ReadonlyArray<string> => {
  const { lookup = null } = list
  const found = lookup === null ? "" : `; get takes the ${lookup} among its attributes`
  const told =
    detail === null
      ? "of a failure no more is known than the list tells"
      : `why it failed is looked for in the newest ${mostLogPages * detail.maxPageSize} rows of ${detail.route}, and is untold further down`
  return [`${title} gives no execution by its id${found}: ${told}.`]
}

/** What a person should know of how a query is answered. */
export const planNotes = (planned: Planned): ReadonlyArray<string> => {
  const { connection, endpoint, query, joins, absent, consistency } = planned
  const notes = [...omissionOf(endpoint, query)]
  if (absent.length > 0) {
    const remedy =
      connection.get !== null && absent.some((part) => connection.get?.gives.includes(part))
        ? "; get gives what the provider has of one execution"
        : ""
    notes.push(`${endpoint.route} does not give ${absent.join(", ")}${remedy}.`)
  }
  for (const route of new Set(joins.map(({ join }) => join.route))) {
    notes.push(`Each page takes one request or more to ${route} as well.`)
  }
  if (endpoint.fold !== null) {
    notes.push("The list holds events; those of one execution are folded into one.")
  }
  if (consistency === "bestEffort") {
    notes.push(
      endpoint.pagination.style === "pageNumber"
        ? "Numbered pages: where one execution is deleted and another inserted between two requests, a third may be missed."
        : "The provider's cursors may count rows: where executions are inserted or deleted between two requests, others may be given twice or missed.",
    )
  }
  if (connection.get === null) notes.push(...noteOfGet(connection))
  // Each number of a sequence belongs to one item.
  if (endpoint.time.isSequence) return notes
  notes.push(
    `Where more than ${endpoint.maxPageSize} items are listed in one instant, each is given once only if the provider keeps their order.`,
  )
  return notes
}
