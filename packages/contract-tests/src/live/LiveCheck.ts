import type { Live } from "./Live.js"

/** A promise that is kept against a real server. `run` throws a ContractViolation where it is not. */
export interface LiveCheck {
  /** In users' words. */
  readonly promise: string
  readonly appliesTo: (live: Live) => boolean
  readonly run: (live: Live) => Promise<void>
}
