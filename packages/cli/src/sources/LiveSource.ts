import {
  type ChosenConnection,
  type OpenConnection,
  chooseConnections,
  chooseOneConnection,
  openConnections,
} from "../connections/Connections.js"
import type { ConnectionFlags } from "../flags/ConnectionFlags.js"
import type { ListRequest } from "../flags/ReadQuery.js"
import { reportFailure } from "../session/Failure.js"
import { warningText } from "../session/FlagNames.js"
import type { Notices } from "../session/Notices.js"
import type { Session } from "../session/Session.js"
import {
  type ExecutionSource,
  type Reading,
  entriesUpTo,
  rejectedNotices,
} from "./ExecutionSource.js"
import {
  createLog,
  type Entry,
  type ExecutionStatus,
  type LogQuery,
  type QueryPlan,
  isTerminal,
} from "@execlog/core"

/** The executions of the chosen connections, read from their providers. */
export const liveSource = async (
  flags: ConnectionFlags,
  request: ListRequest,
  session: Session,
): Promise<ExecutionSource> => {
  const { opened, outcomes } = await openConnections(
    await choose(flags, request.cursor, session),
    session,
  )
  for (const connection of opened) {
    warnOfMissingParts(connection, request.query, session.notices)
    warnOfOmittedStatuses(connection, request.query, session.notices)
  }
  const reading: Reading = { rejected: 0, hasFailed: false, outcomes }
  const [only, ...others] = opened
  if (only === undefined) return { isOpen: false, resumedBy: null, reading, entries: nothing }
  return {
    isOpen: true,
    resumedBy: others.length === 0 ? only.flags : null,
    reading,
    entries: entriesUpTo(request.limit, mergedEntries(opened, request, reading, session), session),
  }
}

const choose = async (
  flags: ConnectionFlags,
  cursor: string | null,
  session: Session,
): Promise<ReadonlyArray<ChosenConnection>> =>
  cursor === null
    ? await chooseConnections(flags, session)
    : [await chooseOneConnection(flags, session, "--cursor")]

const nothing: ExecutionSource["entries"] = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
}

const mergedEntries = (
  opened: ReadonlyArray<OpenConnection>,
  { query, details, limit, cursor }: ListRequest,
  reading: Reading,
  { notices, interruption }: Session,
): AsyncIterable<Entry> => {
  const reporting = new Map(
    opened.map(({ client, label }) => [
      client.name,
      { label, onRejected: rejectedNotices(notices, label) },
    ]),
  )
  const log = createLog(opened.map(({ client }) => client))
  const entries = log.entries(query, {
    limit: limit ?? undefined,
    cursor,
    details,
    signal: interruption,
    onRejected: (rejected) => {
      reading.rejected += 1
      reporting.get(rejected.connection)?.onRejected(rejected)
    },
    onWarning: (warning, { connection }) =>
      notices.warn(`${reporting.get(connection)?.label}: ${warningText(warning)}`),
    onFailure: (error) => {
      reading.hasFailed = true
      reading.outcomes.push(
        reportFailure(notices, error, reporting.get(error.connection)?.label ?? null),
      )
    },
  })
  return untilInterrupted(entries, interruption)
}

/** The entries read before an interruption, which is not a failure. */
async function* untilInterrupted<A>(
  values: AsyncIterable<A>,
  interruption: AbortSignal,
): AsyncGenerator<A, void, undefined> {
  try {
    yield* values
  } catch (error) {
    if (!interruption.aborted) throw error
  }
}

/** Warns of parts in --include that a list cannot return: they would look as if there were none. */
export const warnOfMissingParts = (
  { client, connection, label }: OpenConnection,
  query: LogQuery,
  notices: Notices,
): void => {
  const plan = planOf(() => client.explain(query))
  if (plan === null || plan.absent.length === 0) return
  const parts = plan.absent.join(", ")
  const isInGet = plan.absent.some((part) => connection.get?.gives.includes(part))
  notices.warn(
    `${label}: --include: ${parts} ${plan.absent.length === 1 ? "is" : "are"} not available: ${plan.route} does not return ${plan.absent.length === 1 ? "it" : "them"}` +
      `${isInGet ? "; execlog get returns them for a single execution" : ""}.`,
  )
}

/** Null if the query cannot be planned: reading reports why. */
const planOf = (explain: () => QueryPlan): QueryPlan | null => {
  try {
    return explain()
  } catch {
    return null
  }
}

/** Warns of executions that the list omits without a status filter, and says how to read them. */
const warnOfOmittedStatuses = (
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
    ...(connection.connection.get === null ? [] : ["execlog get"]),
    "execlog sync",
  ]
  notices.warn(
    `${connection.label}: the list omits ${anyOf(omitted)} executions; to read them, use ${anyOf(ways)}.`,
  )
}

/** The statuses that a list omits, unless the query excludes them anyway. */
const omittedOf = ({ client }: OpenConnection, query: LogQuery): ReadonlyArray<ExecutionStatus> => {
  // A list contains every provider status that it can filter by.
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
