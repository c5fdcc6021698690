import { type ExecutionStatus, type LogQuery, isTerminal } from "@execlog/core"
import { planOf } from "./LiveSource.js"
import type { OpenConnection } from "../connections/Connections.js"
import type { Notices } from "../session/Notices.js"

/** Says what the list of a connection leaves out of a query without a status, and how to have it. */
export const warnOfOmitted = (
  connection: OpenConnection,
  query: LogQuery,
  notices: Notices,
): void => {
  const omitted = omittedOf(connection, query)
  if (omitted.length === 0) return
  const ways = [
    ...omitted
      .filter((status) => canBeAsked(connection, query, status))
      .map((status) => `--status ${status}`),
    ...(connection.connection.get === null ? [] : ["one by its id with execlog get"]),
  ]
  const asking = ways.length === 0 ? "" : `ask for ${ways.join(", or ")}, or `
  notices.warn(
    `${connection.label}: the list leaves out what is ${anyOf(omitted)}; ${asking}keep it with execlog sync.`,
  )
}

/** The statuses that a list leaves out, of those that the query does not exclude. */
const omittedOf = ({ client }: OpenConnection, query: LogQuery): ReadonlyArray<ExecutionStatus> => {
  // The list is known to hold a word that it can be asked for.
  if (query.providerStatus !== undefined) return []
  const asksForEnds = query.finishedSince !== undefined || query.finishedUntil !== undefined
  const omits = planOf(() => client.explain(query))?.omits ?? []
  return omits.filter((status) => !asksForEnds || isTerminal(status))
}

const canBeAsked = (
  { client }: OpenConnection,
  query: LogQuery,
  status: ExecutionStatus,
): boolean => planOf(() => client.explain({ ...query, status: [status] })) !== null

const anyOf = (words: ReadonlyArray<string>): string =>
  [words.slice(0, -1).join(", "), words.at(-1)].filter((part) => part !== "").join(" or ")
