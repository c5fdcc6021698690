import type { ListFlags } from "../flags/QueryFlags.js"
import type { Session } from "../session/Session.js"
import { startedAs } from "../session/StartedAs.js"
import { shellWord } from "../text/ShellWord.js"
import type { ExecutionSource } from "./ExecutionSource.js"
import type { Entry, LogQuery } from "@execlog/core"

/** Says the command that goes on after an entry, where there is one. */
export const sayHowToGoOn = (
  command: "list" | "export",
  resumedBy: ExecutionSource["resumedBy"],
  flags: ListFlags,
  last: Entry,
  query: LogQuery,
  { notices, environment, directory, script }: Session,
): void => {
  if (resumedBy === null) return
  notices.say("To go on after the last execution printed:")
  const program = [...startedAs(script, directory, environment), command]
  notices.say(`  ${resumeCommand(program, resumedBy, flags, query, last.cursor())}`)
}

/**
 * The whole command that goes on after the last execution printed: the program and its command, then
 * the flags. It says instants where ages
 * were given, since an age would mean another time by then. No flag holds a secret.
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
