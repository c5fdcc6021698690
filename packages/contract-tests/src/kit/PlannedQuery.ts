import { AdapterError, type Client, type LogQuery, type QueryPlan } from "@execlog/core"

/** The plan of a query; null if it is unsupported. */
export const planOf = (client: Client, query: LogQuery): QueryPlan | null => {
  try {
    return client.explain(query)
  } catch (error) {
    if (AdapterError.is(error)) return null
    throw error
  }
}

/** Whether a plan sends a filter to the provider, which applies it fully or in part. */
export const isSent = (plan: QueryPlan | null, filter: LogQuery): boolean =>
  plan?.filters.some(
    (part) => part.filter in filter && (part.answer === "provider" || part.answer === "both"),
  ) === true
