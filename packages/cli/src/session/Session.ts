import type { ExitCode } from "./ExitCode.js"
import type { Notices } from "./Notices.js"
import type { Output } from "./Output.js"

/** What a command works with: the world around this one call of the program. */
export interface Session {
  /** Where configuration and adapters are looked for. */
  readonly directory: string
  readonly environment: NodeJS.ProcessEnv
  /** The file that was called; undefined where there is none. */
  readonly script: string | undefined
  /** Aborts on Ctrl-C. */
  readonly interruption: AbortSignal
  /**
   * A signal that aborts on SIGTERM, for what ends in good order when a service manager asks; or on a
   * later SIGTERM than the first. Until it is asked for, SIGTERM ends the program.
   */
  readonly termination: (count?: number) => AbortSignal
  readonly output: Output
  readonly notices: Notices
  /** Says with which code the program ends when its command is done. */
  readonly end: (code: ExitCode) => void
}
