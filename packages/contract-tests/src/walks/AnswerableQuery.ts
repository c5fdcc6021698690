import { AdapterError, type Client, type LogQuery } from "@execlog/core"

/** A query without the unsupported filters of an adapter; of several statuses, one may remain. */
export const answerable = (client: Client, query: LogQuery): LogQuery => {
  const { status, workflowId, actorId, ...rest } = query
  const wanted: ReadonlyArray<LogQuery> = [
    { workflowId },
    { actorId },
    { status },
    { status: status?.slice(0, 1) },
  ]
  return wanted.reduce(
    (kept, filter) =>
      "status" in kept || !isAnswered(client, { ...kept, ...filter })
        ? kept
        : { ...kept, ...defined(filter) },
    rest,
  )
}

const isAnswered = (client: Client, query: LogQuery): boolean => {
  try {
    client.explain(query)
    return true
  } catch (error) {
    if (AdapterError.is(error) && error.reason === "Unsupported") return false
    throw error
  }
}

const defined = (query: LogQuery): LogQuery =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
