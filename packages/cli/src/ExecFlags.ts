import { parseSpan } from "@execlog/core"
import type { FollowFlags } from "./FollowFlags.js"
import { readCount } from "./QueryReading.js"
import { UsageError } from "./UsageError.js"

/** How the command of --exec is called. */
export interface ExecSettings {
  readonly command: string
  readonly timeoutMs: number
  readonly mostTries: number
}

const defaultTimeoutMs = 60_000
const defaultTries = 5
// What Node can wait for.
const longestTimeoutMs = 2 ** 31 - 1

/** Reads --exec and how often and how long it is called; null where there is none. */
export const readExec = ({ exec, execTimeout, execTries }: FollowFlags): ExecSettings | null => {
  if (exec?.trim() === "") {
    throw new UsageError("--exec is empty.", "Write a command, or leave it out.")
  }
  if (exec === undefined) {
    const alone = execTimeout !== undefined ? "--exec-timeout" : execTries && "--exec-tries"
    if (!alone) return null
    throw new UsageError(`${alone} goes with --exec.`, `Add --exec, or leave ${alone} out.`)
  }
  return {
    command: exec,
    timeoutMs: readTimeout(execTimeout),
    mostTries: readCount("--exec-tries", execTries) ?? defaultTries,
  }
}

const readTimeout = (written: string | undefined): number => {
  if (written === undefined) return defaultTimeoutMs
  const span = parseSpan(written)
  if (span !== null && span >= 1 && span <= longestTimeoutMs) return span
  throw new UsageError(
    span === null
      ? `--exec-timeout: "${written}" is no span of time.`
      : `--exec-timeout: ${written} is too ${span < 1 ? "short" : "long"} for a command.`,
    "Write 30s or 5m, say.",
  )
}
