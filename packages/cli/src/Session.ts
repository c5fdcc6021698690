import type { Notices } from "./Notices.js"
import type { Output } from "./Output.js"

/** What a command works with: the world around this one call of the program. */
export interface Session {
  /** Where configuration and adapters are looked for. */
  readonly directory: string
  readonly environment: NodeJS.ProcessEnv
  /** Aborts on Ctrl-C. */
  readonly interruption: AbortSignal
  readonly output: Output
  readonly notices: Notices
}
