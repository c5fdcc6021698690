import type { Details } from "@execlog/core"
import type { Command } from "commander"

/** Which executions are completed by a request of their own. */
export interface DetailsFlag {
  readonly details?: string
}

/** Adds the flag that says which executions are completed by `get`. */
export const withDetailsFlag = (command: Command, byDefault: Details): Command =>
  command.option(
    "--details <which>",
    `complete by a request each what failed without a reason told, all, or none; default: ${byDefault}`,
  )
