import { makeProgram } from "./Program.js"
import { CallError } from "./session/CallError.js"
import { ExitCode } from "./session/ExitCode.js"
import { OutputError } from "./session/Output.js"
import type { Session } from "./session/Session.js"

/** Runs the command that the arguments name. Reports a failure, and ends the session with its exit code. */
export const runProgram = async (argv: ReadonlyArray<string>, session: Session): Promise<void> => {
  await makeProgram(session)
    .parseAsync(argv)
    .catch(async (error: unknown) => session.end(await exitCodeOf(error, session)))
}

const exitCodeOf = async (error: unknown, { notices, args }: Session): Promise<ExitCode> => {
  if (error instanceof CallError) {
    if (error.cause.exitCode === 0) return ExitCode.done
    const { faultOfCall } = await import("./session/CallFaults.js")
    const fault = faultOfCall(error, args)
    if (fault !== null) notices.error(fault.message, fault.hint)
    return ExitCode.usage
  }
  if (error instanceof OutputError && error.isClosed) return ExitCode.done
  const { reportFailure } = await import("./session/Failure.js")
  return reportFailure(notices, error, null)
}
