import type { Entry, Execution } from "@execlog/core"
import { guardsFormulas, readFormat } from "../../flags/FormatFlag.js"
import type { ListFlags } from "../../flags/QueryFlags.js"
import { readListRequest } from "../../flags/ReadQuery.js"
import { makeExecutionWriter } from "../../formats/Formats.js"
import { type ExitCode, leastFailure } from "../../session/ExitCode.js"
import type { Session } from "../../session/Session.js"
import { exitCodeAfterReading } from "../../sources/ExecutionSource.js"
import { printResumeCommand } from "../../sources/ResumeCommand.js"
import { chooseExecutions } from "../../sources/SourceChoice.js"

/** Lists executions, several connections merged. Gives the exit code. */
export const list = async (flags: ListFlags, session: Session): Promise<ExitCode> => {
  const { output, notices, interruption } = session
  const request = readListRequest(flags, Date.now())
  const format = readFormat(flags, output.isTerminal)
  const guards = guardsFormulas(flags)
  const source = await chooseExecutions(flags, request, session)
  const { isOpen, resumedBy, entries, reading } = source
  if (!isOpen) return leastFailure(reading.outcomes)
  const { details } = request
  const isAsked = details === "failed" || details === "all"
  const isDetailed = new WeakMap<Execution, boolean>()
  const writer = await makeExecutionWriter(
    format,
    output,
    guards,
    (one) => isDetailed.get(one) ?? null,
  )

  let count = 0
  let last: Entry | null = null
  for await (const entry of entries) {
    if (entry.isDetailed !== undefined || isAsked) {
      isDetailed.set(entry.execution, entry.isDetailed ?? true)
    }
    await writer.write(entry.execution)
    last = entry
    count += 1
  }
  await writer.end()

  const hasEndedEarly = reading.hasFailed || interruption.aborted
  if (count > 0 && format === "table" && flags.gone === true) {
    notices.print("The providers no longer have these executions; the status is the last one seen.")
  }
  if (count === 0 && format === "table" && !hasEndedEarly) notices.print("No executions.")
  if (last !== null && (hasEndedEarly || count === request.limit)) {
    printResumeCommand("list", resumedBy, flags, last, request.query, session)
  }
  return exitCodeAfterReading(source, flags, session)
}
