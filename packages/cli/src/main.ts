import { ExitCode } from "./session/ExitCode.js"
import { watchInterruption, watchTermination } from "./session/Interruption.js"
import { makeNotices } from "./session/Notices.js"
import { makeOutput } from "./session/Output.js"
import { runProgram } from "./Calling.js"
import { makeProgress } from "./session/Progress.js"
import { UsageError } from "./session/UsageError.js"

/** The whole of one call: reads the arguments, does what they ask, and ends the process. */
export const main = async (argv: ReadonlyArray<string>): Promise<void> => {
  const { stdout, stderr, env: environment } = process
  const progress = makeProgress(stderr, environment)
  const interruption = watchInterruption()
  const notices = makeNotices(stderr, progress)
  // Adapters are code of others. What was rejected may hold a key: its kind alone is told.
  process.on("unhandledRejection", (error) => {
    const kind = error instanceof Error ? error.name : typeof error
    notices.warn(
      `A promise that nobody waits for was rejected: ${kind}. Report it to the adapter's author.`,
    )
  })
  let code: ExitCode = ExitCode.done
  await runProgram(argv, {
    get directory() {
      return workingDirectory()
    },
    environment,
    script: argv[1],
    interruption,
    termination: watchTermination,
    output: makeOutput(stdout, environment, progress.clear),
    notices,
    end: (reached) => {
      code = reached
    },
  })
  progress.stop()
  await Promise.all([written(stdout), written(stderr)])
  // Sockets that are kept for a next request would hold the process open.
  process.exit(interruption.aborted ? ExitCode.interrupted : code)
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

const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write("", () => resolve())
  })
