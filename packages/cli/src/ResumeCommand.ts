import type { LogQuery } from "@execlog/core"
import type { ListFlags } from "./ListFlags.js"
import { shellWord } from "./ShellWord.js"

/**
 * The whole command that goes on after the last execution printed: the program and its command, then
 * the flags. It says instants where ages
 * were given, since an age would mean another time by then. No flag holds a secret.
 */
export const resumeCommand = (
  program: ReadonlyArray<string>,
  connectionFlags: ReadonlyArray<string>,
  flags: ListFlags,
  query: LogQuery,
  cursor: string,
): string => {
  const since = flags.since === undefined ? undefined : instant(query.since)
  const until = flags.until === undefined ? undefined : instant(query.until)
  const values: ReadonlyArray<readonly [string, string | undefined]> = [
    ["--workflow", flags.workflow],
    ["--status", flags.status],
    ["--since", since],
    ["--until", until],
    ["--actor", flags.actor],
    ["--search", flags.search],
    ["--order", flags.order],
    ["--include", flags.include],
    ["--page-size", flags.pageSize],
    ["--limit", flags.limit],
    ["--format", flags.format],
    ["--cursor", cursor],
  ]
  const words = [
    ...program,
    ...connectionFlags,
    ...values.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
    ...(flags.strict === true ? ["--strict"] : []),
  ]
  return words.map(shellWord).join(" ")
}

const instant = (time: Date | string | undefined): string | undefined =>
  time instanceof Date ? time.toISOString() : time
