import { resolve } from "node:path"
import type { Entry } from "@execlog/core"
import { guardsFormulas } from "../../flags/FormatFlag.js"
import type { ListFlags } from "../../flags/QueryFlags.js"
import { type ListRequest, readListRequest } from "../../flags/ReadQuery.js"
import { countText } from "../../formats/Figure.js"
import { ExitCode, leastFailure } from "../../session/ExitCode.js"
import { reportFailure } from "../../session/Failure.js"
import type { Session } from "../../session/Session.js"
import { UsageError } from "../../session/UsageError.js"
import { type ExecutionSource, exitCodeAfterReading } from "../../sources/ExecutionSource.js"
import { printResumeCommand } from "../../sources/ResumeCommand.js"
import { chooseExecutions } from "../../sources/SourceChoice.js"
import { terminalText } from "../../text/TerminalText.js"
import { type AtomicFile, openAtomicFile } from "./AtomicFile.js"
import { type ExportFormat, makeExportWriter, readExportFormat } from "./ExportFormat.js"

/** The flags of `export`. */
export interface ExportFlags extends ListFlags {
  readonly output?: string
}

/** Writes executions to a file or to stdout. Returns the exit code. */
export const exportExecutions = async (flags: ExportFlags, session: Session): Promise<ExitCode> => {
  const request = readListRequest(flags, Date.now(), null)
  if (flags.output === "") {
    throw new UsageError("--output is empty.", "Name a file, or leave it out to write to stdout.")
  }
  const format = readExportFormat(flags, session.output.isTerminal)
  const guards = guardsFormulas(flags)
  const source = await chooseExecutions(flags, request, session)
  if (!source.isOpen) return leastFailure(source.reading.outcomes)
  return flags.output === undefined
    ? toStdout(source, format, guards, flags, request, session)
    : toFile(source, format, guards, flags.output, flags, session)
}

const toStdout = async (
  source: ExecutionSource,
  format: ExportFormat,
  guards: boolean,
  flags: ExportFlags,
  request: ListRequest,
  session: Session,
): Promise<ExitCode> => {
  const { output, notices, interruption } = session
  const writer = await makeExportWriter(format, output, notices, guards)
  let count = 0
  let last: Entry | null = null
  for await (const entry of source.entries) {
    await writer.write(entry.execution)
    last = entry
    count += 1
  }
  const hasEndedEarly = source.reading.hasFailed || interruption.aborted
  if (format === "parquet" && hasEndedEarly) {
    // Without its footer, no reader accepts it as a Parquet file.
    notices.print("The output is not a complete Parquet file, because reading ended early.")
    return exitCodeAfterReading(source, flags, session)
  }
  await writer.end()
  if (format !== "parquet" && last !== null && (hasEndedEarly || count === request.limit)) {
    printResumeCommand("export", source.resumedBy, flags, last, request.query, session)
  }
  return exitCodeAfterReading(source, flags, session)
}

/** Writes a complete file, or on any failure none. */
const toFile = async (
  source: ExecutionSource,
  format: ExportFormat,
  guards: boolean,
  path: string,
  flags: ExportFlags,
  session: Session,
): Promise<ExitCode> => {
  const { notices, interruption, directory } = session
  const nothingWritten = (code: ExitCode): ExitCode => {
    notices.error(`Nothing was written to ${path}.`, null)
    return code
  }
  if (source.reading.outcomes.length > 0) {
    return nothingWritten(leastFailure(source.reading.outcomes))
  }
  const file = await openAtomicFile(resolve(directory, path))
  try {
    const count = await writeAll(source, format, guards, file, session)
    const code = exitCodeAfterReading(source, flags, session)
    if (code !== ExitCode.done) {
      await file.discard()
      return nothingWritten(code)
    }
    if (!(await file.commit(interruption))) return nothingWritten(ExitCode.interrupted)
    notices.print(terminalText(`${countText(count)} executions written to ${path}.`))
    return code
  } catch (error) {
    await file.discard()
    return nothingWritten(reportFailure(notices, error, null))
  }
}

/** Returns the number of executions. Stops at a failure, because an incomplete file is discarded. */
const writeAll = async (
  source: ExecutionSource,
  format: ExportFormat,
  guards: boolean,
  file: AtomicFile,
  { notices }: Session,
): Promise<number> => {
  const writer = await makeExportWriter(format, file.output, notices, guards)
  let count = 0
  for await (const { execution } of source.entries) {
    if (source.reading.hasFailed) return count
    await writer.write(execution)
    count += 1
  }
  await writer.end()
  return count
}
