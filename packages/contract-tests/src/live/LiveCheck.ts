import type { Live } from "./Live.js"

/** A promise checked against a real server. `run` throws a ContractViolation if it is broken. */
export interface LiveCheck {
  /** The name of the test. */
  readonly promise: string
  readonly appliesTo: (live: Live) => boolean
  readonly run: (live: Live) => Promise<void>
}
