/** The filters of a query: the parts that decide which executions are returned. */
export const filterNames = [
  "workflowId",
  "status",
  "actorId",
  "tag",
  "since",
  "until",
  "finishedSince",
  "finishedUntil",
  "planned",
  "providerStatus",
  "attributes",
  "search",
] as const

/** One of {@link filterNames}. */
export type FilterName = (typeof filterNames)[number]

/** The parts of a `LogQuery`. */
export const queryParts = [...filterNames, "order", "include", "pageSize"] as const
