import { runProgram } from "./RunProgram.js"
import { ExitCode } from "./session/ExitCode.js"
import { watchInterruption, watchTermination } from "./session/Interruption.js"
import { makeNotices } from "./session/Notices.js"
import { makeOutput } from "./session/Output.js"
import { makeProgress } from "./session/Progress.js"
import { UsageError } from "./session/UsageError.js"

/** Runs the command of the arguments, and exits the process. */
export const main = async (argv: ReadonlyArray<string>): Promise<void> => {
  const { stdout, stderr, env: environment } = process
  const progress = makeProgress(stderr, environment)
  const interruption = watchInterruption()
  const notices = makeNotices(stderr, progress)
  // The error comes from an adapter, and may contain a key: report only its kind.
  process.on("unhandledRejection", (error) => {
    const kind = error instanceof Error ? error.name : typeof error
    notices.warn(`An unhandled promise was rejected: ${kind}. Report it to the adapter's author.`)
  })
  let code: ExitCode = ExitCode.done
  await runProgram(argv, {
    get directory() {
      return workingDirectory()
    },
    environment,
    script: argv[1],
    args: argv.slice(2),
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
  // Sockets kept alive for another request would keep the process running.
  process.exit(interruption.aborted ? ExitCode.interrupted : code)
}

/** Read only on demand: help and version work in a removed directory. */
const workingDirectory = (): string => {
  try {
    return process.cwd()
  } catch {
    throw new UsageError(
      "The working directory no longer exists, or cannot be read.",
      "Change to another directory with cd, and run execlog again.",
    )
  }
}

const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write("", () => resolve())
  })
