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

/** The subject of a filter in messages, since a program may name its filters differently. */
export const filterSubjects: { readonly [filter in FilterName]: string } = {
  workflowId: "workflow",
  status: "status",
  actorId: "actor",
  tag: "tag",
  since: "time",
  until: "time",
  finishedSince: "end",
  finishedUntil: "end",
  planned: "due time",
  providerStatus: "provider status",
  attributes: "attribute",
  search: "text",
}

/** The parts of a `LogQuery`. */
export const queryParts = [...filterNames, "order", "include", "pageSize"] as const
