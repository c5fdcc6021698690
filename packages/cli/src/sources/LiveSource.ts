import {
  type ChosenConnection,
  type OpenConnection,
  chooseConnections,
  chooseOneConnection,
  openConnections,
} from "../connections/Connections.js"
import type { ConnectionFlags } from "../flags/ConnectionFlags.js"
import type { Question } from "../flags/ReadQuery.js"
import { reportFailure } from "../session/Failure.js"
import { warningInFlags } from "../session/FlagNames.js"
import type { Notices } from "../session/Notices.js"
import type { Session } from "../session/Session.js"
import {
  type ExecutionSource,
  type Reading,
  entriesUpTo,
  rejectedNotices,
} from "./ExecutionSource.js"
import { warnOfOmitted } from "./OmittedStatuses.js"
import { type LogQuery, type QueryPlan, mergeByTimestamp } from "@execlog/core"

/** The executions of the chosen connections, asked of their providers. */
export const liveSource = async (
  flags: ConnectionFlags,
  question: Question,
  session: Session,
): Promise<ExecutionSource> => {
  const chosen = await choose(flags, question.cursor, session)
  const { opened, outcomes } = await openConnections(chosen, session)
  for (const connection of opened) {
    warnOfAbsent(connection, question.query, session.notices)
    warnOfOmitted(connection, question.query, session.notices)
  }
  const reading: Reading = { rejected: 0, hasFailed: false, outcomes }
  const merged = mergeByTimestamp(
    opened.map((connection) => mergeSource(connection, question, reading, session)),
    question.query.order,
  )
  return { opened, reading, entries: entriesUpTo(question.limit, merged, session) }
}

const choose = async (
  flags: ConnectionFlags,
  cursor: string | null,
  session: Session,
): Promise<ReadonlyArray<ChosenConnection>> =>
  cursor === null
    ? await chooseConnections(flags, session)
    : [await chooseOneConnection(flags, session, "--cursor")]

const mergeSource = (
  { client, label }: OpenConnection,
  { query, details, limit, cursor }: Question,
  reading: Reading,
  { notices, interruption }: Session,
) => {
  const onRejected = rejectedNotices(notices, label)
  return {
    entries: client.entries(query, {
      limit: limit ?? undefined,
      cursor,
      details,
      signal: interruption,
      onRejected: (rejected) => {
        reading.rejected += 1
        onRejected(rejected)
      },
      onWarning: (warning) => notices.warn(`${label}: ${warningInFlags(warning)}`),
    }),
    onFailure: (error: unknown) => {
      if (interruption.aborted) return
      reading.hasFailed = true
      reading.outcomes.push(reportFailure(notices, error, label))
    },
  }
}

/** Says what of --include a list cannot give, which would else look as if there were none. */
export const warnOfAbsent = (
  { client, label }: OpenConnection,
  query: LogQuery,
  notices: Notices,
): void => {
  const plan = planOf(() => client.explain(query))
  if (plan === null || plan.absent.length === 0) return
  const parts = plan.absent.join(", ")
  const note = plan.notes.find((candidate) => candidate.includes(parts))
  notices.warn(
    `${label}: --include: ${parts} ${plan.absent.length === 1 ? "stays" : "stay"} absent` +
      (note === undefined ? "." : `: ${note.replace("; get gives", "; execlog get gives")}`),
  )
}

/** Null where the query cannot be planned: asking for it says why. */
export const planOf = (explain: () => QueryPlan): QueryPlan | null => {
  try {
    return explain()
  } catch {
    return null
  }
}
