import { Details } from "@execlog/core"
import type { Command } from "commander"
import { UsageError } from "./UsageError.js"

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

/** Reads --details; undefined where nothing is said. */
export const readDetails = ({ details: written }: DetailsFlag): Details | undefined => {
  if (written === undefined) return undefined
  const word = Details.literals.find((known) => known === written)
  if (word !== undefined) return word
  throw new UsageError(
    `--details: "${written}" is none of ${Details.literals.join(", ")}.`,
    "Write --details failed, say.",
  )
}
