import { type ExecutionStatus, executionStatuses } from "@execlog/core"
import { statusMeant } from "@execlog/core/unstable"
import { UsageError } from "../session/UsageError.js"
import { shellWord } from "../text/ShellWord.js"

/** Reads --status: a list of statuses, or a list of excluded ones, each after a !. */
export const readStatuses = (
  written: string | undefined,
): ReadonlyArray<ExecutionStatus> | undefined => {
  if (written === undefined) return undefined
  const words = written.split(",").map((word) => word.trim())
  const excluding = words.filter((word) => word.startsWith("!"))
  const named = words.map((word) => statusOf(word.replace(/^!\s*/, ""), written))
  if (excluding.length === 0) return named
  if (excluding.length < words.length) {
    const meant = named.filter((_, index) => !words[index]?.startsWith("!"))
    throw new UsageError(
      `--status: "${written}" mixes statuses with and without !.`,
      `Write --status ${meant.join()} for these alone, or --status ${shellWord(
        named.map((status) => `!${status}`).join(),
      )} for all but these.`,
    )
  }
  const others = executionStatuses.filter((status) => !named.includes(status))
  if (others.length > 0) return others
  throw new UsageError(`--status: "${written}" excludes every status.`, "Leave one of them out.")
}

const statusOf = (word: string, written: string): ExecutionStatus => {
  const status = executionStatuses.find((known) => known === word)
  if (status !== undefined) return status
  const all = `Write one or more of ${executionStatuses.join(", ")}, with commas between them.`
  if (word === "") throw new UsageError(`--status: a word is missing in "${written}".`, all)
  const meant = statusMeant(word)
  const guess = meant === null ? "" : ` Did you mean ${meant.status}?`
  throw new UsageError(
    `--status: "${word}" is not a status.${guess}`,
    meant?.isForeign === true
      ? `${all} For a provider's own status, use --provider-status ${shellWord(word)}.`
      : all,
  )
}
