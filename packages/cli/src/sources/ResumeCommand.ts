import type { ListFlags } from "../flags/QueryFlags.js"
import type { Session } from "../session/Session.js"
import { startedAs } from "../session/StartedAs.js"
import { shellWord } from "../text/ShellWord.js"
import type { ExecutionSource } from "./ExecutionSource.js"
import type { Entry, LogQuery } from "@execlog/core"

/** Prints the command that resumes after an entry. Several connections have none. */
export const printResumeCommand = (
  command: "list" | "export",
  resumedBy: ExecutionSource["resumedBy"],
  flags: ListFlags,
  last: Entry,
  query: LogQuery,
  { notices, environment, directory, script }: Session,
): void => {
  if (resumedBy === null) return
  notices.say("To resume after the last execution printed:")
  const program = [...startedAs(script, directory, environment), command]
  notices.say(`  ${resumeCommand(program, resumedBy, flags, query, last.cursor())}`)
}

/**
 * The command that resumes after the last execution printed: the program, its command, and
 * the flags. Ages are replaced by instants, because an age would mean another time later. No flag contains a secret.
 */
const resumeCommand = (
  program: ReadonlyArray<string>,
  connectionFlags: ReadonlyArray<string>,
  flags: ListFlags,
  query: LogQuery,
  cursor: string,
): string => {
  const values: ReadonlyArray<readonly [string, string | undefined]> = [
    ["--workflow", flags.workflow],
    ["--status", flags.status],
    ["--tag", flags.tag],
    ["--since", instant(query.since)],
    ["--until", instant(query.until)],
    ["--finished-since", instant(query.finishedSince)],
    ["--finished-until", instant(query.finishedUntil)],
    ["--provider-status", flags.providerStatus],
    ...(flags.where ?? []).map((pair) => ["--where", pair] as const),
    ["--actor", flags.actor],
    ["--search", flags.search],
    ["--order", flags.order],
    ["--include", flags.include],
    ["--details", flags.details],
    ["--page-size", flags.pageSize],
    ["--limit", flags.limit],
    ["--format", flags.format],
    ["--csv-safe", flags.csvSafe],
    ["--cursor", cursor],
  ]
  const words = [
    ...program,
    ...connectionFlags,
    ...values.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
    ...(flags.planned === true ? ["--planned"] : []),
    ...(flags.strict === true ? ["--strict"] : []),
  ]
  return words.map(shellWord).join(" ")
}

const instant = (time: Date | string | undefined): string | undefined =>
  time instanceof Date ? time.toISOString() : time
