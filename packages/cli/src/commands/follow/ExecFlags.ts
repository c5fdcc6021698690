import { readCount } from "../../flags/ReadQuery.js"
import { readSpan } from "../../flags/SpanFlag.js"
import { UsageError } from "../../session/UsageError.js"
import type { FollowFlags } from "./FollowFlags.js"

/** The settings of --exec. */
export interface ExecSettings {
  readonly command: string
  readonly timeoutMs: number
  readonly mostTries: number
}

const defaultTimeoutMs = 60_000
const defaultTries = 5
const timeoutLimits = { example: "30s", shortest: 1, waits: "a time for a command" }

/** Reads --exec, --exec-timeout and --exec-tries; null without --exec. */
export const readExec = ({ exec, execTimeout, execTries }: FollowFlags): ExecSettings | null => {
  if (exec?.trim() === "") {
    throw new UsageError("--exec is empty.", "Write a command, or leave it out.")
  }
  if (exec === undefined) {
    const alone = execTimeout !== undefined ? "--exec-timeout" : execTries && "--exec-tries"
    if (!alone) return null
    throw new UsageError(`${alone} requires --exec.`, `Add --exec, or leave ${alone} out.`)
  }
  return {
    command: exec,
    timeoutMs: readSpan("--exec-timeout", execTimeout, timeoutLimits) ?? defaultTimeoutMs,
    mostTries: readCount("--exec-tries", execTries) ?? defaultTries,
  }
}
