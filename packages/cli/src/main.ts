import { CommanderError } from "commander"
import { ExitCode } from "./ExitCode.js"
import { watchInterruption } from "./Interruption.js"
import { makeNotices } from "./Notices.js"
import { makeOutput, OutputError } from "./Output.js"
import { makeProgram } from "./Program.js"
import { makeProgress } from "./Progress.js"
import type { Session } from "./Session.js"
import { UsageError } from "./UsageError.js"

/** The whole of one call: reads the arguments, does what they ask, and ends the process. */
export const main = async (argv: ReadonlyArray<string>): Promise<void> => {
  const { stdout, stderr, env: environment } = process
  const progress = makeProgress(stderr, environment)
  const session: Session = {
    get directory() {
      return workingDirectory()
    },
    environment,
    interruption: watchInterruption(),
    output: makeOutput(stdout, environment, progress.clear),
    notices: makeNotices(stderr, progress),
  }
  await makeProgram(session)
    .parseAsync(argv)
    .catch(async (error: unknown) => {
      process.exitCode = await exitCodeOf(error, session)
    })
  progress.stop()
  await Promise.all([written(stdout), written(stderr)])
  // Sockets that are kept for a next request would hold the process open.
  process.exit(session.interruption.aborted ? ExitCode.interrupted : process.exitCode)
}

/** Asked for only where it is needed: the help and the version can do without. */
const workingDirectory = (): string => {
  try {
    return process.cwd()
  } catch {
    throw new UsageError(
      "The working directory is not there any more, or may not be read.",
      "Change to another directory with cd, and call execlog again.",
    )
  }
}

const exitCodeOf = async (error: unknown, { notices }: Session): Promise<ExitCode> => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.done : ExitCode.usage
  if (error instanceof OutputError && error.isClosed) return ExitCode.done
  const { reportFailure } = await import("./Failure.js")
  return reportFailure(notices, error, null)
}

const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write("", () => resolve())
  })
