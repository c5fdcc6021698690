import { type Entry, type LogQuery, mergeByListing } from "@execlog/core"
import {
  type ChosenConnection,
  chooseConnections,
  chooseOneConnection,
  type OpenConnection,
  openConnections,
} from "./Connections.js"
import { ExitCode, leastFailure } from "./ExitCode.js"
import { reportFailure } from "./Failure.js"
import { readFormat } from "./FormatFlag.js"
import type { ListFlags } from "./ListFlags.js"
import { makeExecutionWriter } from "./formats/ExecutionFormats.js"
import { readQuestion } from "./QueryReading.js"
import { resumeCommand } from "./ResumeCommand.js"
import type { Session } from "./Session.js"
import { startedAs } from "./StartedAs.js"
import { warnOfAbsent } from "./AbsentParts.js"

/** Lists executions, several connections merged. Gives the exit code. */
export const list = async (flags: ListFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, interruption } = session
  const question = readQuestion(flags, Date.now())
  const format = readFormat(flags, output.isTerminal)
  const chosen = await choose(flags, question.cursor, session)
  const { opened, outcomes } = await openConnections(chosen, session)
  if (opened.length === 0) return leastFailure(outcomes)
  for (const connection of opened) warnOfAbsent(connection, question.query, notices)
  const writer = await makeExecutionWriter(format, output)

  const walk = { rejected: 0, hasFailed: false }
  const merged = mergeByListing(
    opened.map(({ client, label }) => ({
      entries: client.entries(question.query, {
        limit: question.limit ?? undefined,
        cursor: question.cursor,
        signal: interruption,
        onRejected: ({ id, index, reason }) => {
          walk.rejected += 1
          notices.warn(`${label}: item ${index} (${id ?? "without id"}) was rejected: ${reason}`)
        },
        onWarning: (warning) => notices.warn(`${label}: ${warning}`),
      }),
      onFailure: (error) => {
        if (interruption.aborted) return
        walk.hasFailed = true
        outcomes.push(reportFailure(notices, error, label))
      },
    })),
    question.query.order,
  )

  let count = 0
  let last: Entry | null = null
  notices.progress.show("reading")
  for await (const entry of merged) {
    if (interruption.aborted) break
    await writer.write(entry.execution)
    last = entry
    count += 1
    notices.progress.show(`reading: ${count} executions`)
    if (count === question.limit) break
  }
  notices.progress.stop()
  await writer.end()

  const isFull = count === question.limit
  if (count === 0 && format === "table" && !walk.hasFailed && !interruption.aborted) {
    notices.say("No executions.")
  }
  if (last !== null && (isFull || walk.hasFailed || interruption.aborted)) {
    sayHowToGoOn(opened, flags, last, question.query, session)
  }
  if (flags.strict === true && walk.rejected > 0) {
    notices.fail(`${walk.rejected} items were rejected, and --strict is given.`, null)
    outcomes.push(ExitCode.rejected)
  }
  return interruption.aborted ? ExitCode.interrupted : leastFailure(outcomes)
}

const choose = async (
  flags: ListFlags,
  cursor: string | null,
  session: Session,
): Promise<ReadonlyArray<ChosenConnection>> =>
  cursor === null
    ? await chooseConnections(flags, session)
    : [await chooseOneConnection(flags, session, "--cursor")]

const sayHowToGoOn = (
  opened: ReadonlyArray<OpenConnection>,
  flags: ListFlags,
  last: Entry,
  query: LogQuery,
  { notices, environment, directory }: Session,
): void => {
  const [only] = opened
  if (only === undefined || opened.length > 1) return
  notices.say("To go on after the last execution printed:")
  const program = startedAs(process.argv[1], directory, environment)
  notices.say(`  ${resumeCommand(program, only.flags, flags, query, last.cursor())}`)
}
