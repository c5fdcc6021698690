import type { Details } from "@execlog/core"
import type { Command } from "commander"

/** The flag that says whose details are read, by one request each. */
export interface DetailsFlag {
  readonly details?: string
}

/** Adds the flag that says which executions' details are read with `get`. */
export const withDetailsFlag = (command: Command, byDefault: Details): Command =>
  command.option(
    "--details <which>",
    `read the details of executions by a request each: failed (without a reason), all or none; default: ${byDefault}`,
  )
