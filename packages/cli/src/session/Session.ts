import type { ExitCode } from "./ExitCode.js"
import type { Notices } from "./Notices.js"
import type { Output } from "./Output.js"

/** The surroundings of one call of the program, as commands see them. */
export interface Session {
  /** Where to look for the configuration and adapters. */
  readonly directory: string
  readonly environment: NodeJS.ProcessEnv
  /** The script that Node runs; undefined if there is none. */
  readonly script: string | undefined
  /** The arguments of the program, from the name of its command on. */
  readonly args: ReadonlyArray<string>
  /** Aborts on Ctrl-C. */
  readonly interruption: AbortSignal
  /**
   * Returns a signal that aborts on SIGTERM, or on the SIGTERM with the given count, for commands that
   * stop in good order. Until this is called, SIGTERM kills the program.
   */
  readonly termination: (count?: number) => AbortSignal
  readonly output: Output
  readonly notices: Notices
  /** Sets the exit code for when the command is done. */
  readonly end: (code: ExitCode) => void
}
