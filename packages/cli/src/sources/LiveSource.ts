import { mergeByTimestamp } from "@execlog/core"
import { warnOfAbsent } from "./AbsentParts.js"
import type { ConnectionFlags } from "../flags/ConnectionFlags.js"
import {
  type ChosenConnection,
  chooseConnections,
  chooseOneConnection,
  type OpenConnection,
  openConnections,
} from "../connections/Connections.js"
import { entriesUpTo } from "./EntriesUpTo.js"
import type { ExecutionSource, Reading } from "./ExecutionSource.js"
import { reportFailure } from "../session/Failure.js"
import { warningInFlags } from "../session/FlagNames.js"
import { warnOfOmitted } from "./OmittedStatuses.js"
import type { Question } from "../flags/ReadQuery.js"
import { rejectedNotices } from "./RejectedItems.js"
import type { Session } from "../session/Session.js"

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
