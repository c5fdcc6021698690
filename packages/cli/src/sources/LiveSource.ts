import {
  createLog,
  type Entry,
  type ExecutionStatus,
  type LogQuery,
  type PreparedLog,
  type QueryPlan,
  isTerminal,
} from "@execlog/core"
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
  const reading: Reading = { rejected: 0, hasFailed: false, outcomes }
  const [only, ...others] = opened
  if (only === undefined) return { isOpen: false, resumedBy: null, reading, entries: nothing }
  // Reading reports the connections that cannot answer the query.
  const prepared = createLog(opened.map(({ client }) => client)).prepare(request.query, {
    onFailure: () => {},
  })
  for (const connection of opened) {
    const plan = prepared.plans.find((one) => one.connection === connection.client.name)
    if (plan === undefined) continue
    warnOfMissingParts(connection, plan, session.notices)
    warnOfOmittedStatuses(connection, plan, request.query, session.notices)
  }
  return {
    isOpen: true,
    resumedBy: others.length === 0 ? only.flags : null,
    reading,
    entries: entriesUpTo(
      request.limit,
      mergedEntries(prepared, opened, request, reading, session),
      session,
    ),
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
  prepared: PreparedLog<"promise">,
  opened: ReadonlyArray<OpenConnection>,
  { details, limit, cursor }: ListRequest,
  reading: Reading,
  { notices, interruption }: Session,
): AsyncIterable<Entry> => {
  const reporting = new Map(
    opened.map(({ client, label }) => [
      client.name,
      { label, onRejected: rejectedNotices(notices, label) },
    ]),
  )
  const entries = prepared.entries({
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
  { connection, label }: OpenConnection,
  plan: QueryPlan,
  notices: Notices,
): void => {
  if (plan.absent.length === 0) return
  const parts = plan.absent.join(", ")
  const isInGet = plan.absent.some((part) => connection.get?.gives.includes(part))
  notices.warn(
    `${label}: --include: ${parts} ${plan.absent.length === 1 ? "is" : "are"} not available: ${plan.route} does not return ${plan.absent.length === 1 ? "it" : "them"}` +
      `${isInGet ? "; execlog get returns them for a single execution" : ""}.`,
  )
}

/** The plan of a query; null if the connection cannot answer it, for which reading reports the reason. */
export const planOf = ({ client }: OpenConnection, query: LogQuery): QueryPlan | null => {
  try {
    return client.explain(query)
  } catch {
    return null
  }
}

/** Warns of executions that the list omits without a status filter, and says how to read them. */
const warnOfOmittedStatuses = (
  connection: OpenConnection,
  plan: QueryPlan,
  query: LogQuery,
  notices: Notices,
): void => {
  const omitted = omittedOf(plan, query)
  if (omitted.length === 0) return
  const ways = [
    ...omitted
      .filter((status) => planOf(connection, { ...query, status: [status] }) !== null)
      .map((status) => `--status ${status}`),
    ...(connection.connection.get === null ? [] : ["execlog get"]),
    "execlog sync",
  ]
  notices.warn(
    `${connection.label}: the list omits ${anyOf(omitted)} executions; to read them, use ${anyOf(ways)}.`,
  )
}

/** The statuses that a list omits, unless the query excludes them anyway. */
const omittedOf = ({ omits }: QueryPlan, query: LogQuery): ReadonlyArray<ExecutionStatus> => {
  // A list contains every provider status that it can filter by.
  if (query.providerStatus !== undefined) return []
  const asksForEnds = query.finishedSince !== undefined || query.finishedUntil !== undefined
  return omits.filter((status) => !asksForEnds || isTerminal(status))
}

const anyOf = (words: ReadonlyArray<string>): string =>
  [words.slice(0, -1).join(", "), words.at(-1)].filter((part) => part !== "").join(" or ")
