import { AdapterError } from "./AdapterError.js"
import type { LogQuery } from "./LogQuery.js"
import type { QueryPlan } from "./QueryPlan.js"

/**
 * What to ask beside a query without a status for what its list leaves out: a query for each status
 * that can be asked alone. What cannot be asked for at all only `get` tells of. Throws what `explain`
 * throws for the query itself.
 */
export const omittedQueries = (
  explain: (query: LogQuery) => Pick<QueryPlan, "omits">,
  query: Omit<LogQuery, "status">,
): ReadonlyArray<LogQuery> =>
  explain(query)
    .omits.map((status): LogQuery => ({ ...query, status: [status] }))
    .filter((alone) => isSupported(explain, alone))

const isSupported = (explain: (query: LogQuery) => unknown, query: LogQuery): boolean => {
  try {
    explain(query)
    return true
  } catch (error) {
    if (AdapterError.is(error) && error.reason === "Unsupported") return false
    throw error
  }
}
