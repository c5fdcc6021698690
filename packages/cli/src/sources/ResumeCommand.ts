import type { Entry, LogQuery } from "@execlog/core"
import type { ConnectionFlags } from "../flags/ConnectionFlags.js"
import type { ListFlags } from "../flags/QueryFlags.js"
import type { GoneFlag, StoredFlags } from "../flags/StoreFlags.js"
import type { Session } from "../session/Session.js"
import { startedAs } from "../session/StartedAs.js"
import { shellWord } from "../text/ShellWord.js"
import type { ExecutionSource } from "./ExecutionSource.js"

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
  notices.print("To resume after the last execution printed:")
  const program = [...startedAs(script, directory, environment), command]
  notices.print(`  ${resumeCommand(program, resumedBy, flags, query, last.cursor())}`)
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
  const values: RepeatedFlags = {
    workflow: flags.workflow,
    status: flags.status,
    tag: flags.tag,
    since: instant(query.since),
    until: instant(query.until),
    finishedSince: instant(query.finishedSince),
    finishedUntil: instant(query.finishedUntil),
    providerStatus: flags.providerStatus,
    where: flags.where,
    actor: flags.actor,
    search: flags.search,
    order: flags.order,
    include: flags.include,
    details: flags.details,
    pageSize: flags.pageSize,
    limit: flags.limit,
    format: flags.format,
    csvSafe: flags.csvSafe,
    cursor,
    planned: flags.planned,
    strict: flags.strict,
  }
  const words = Object.entries(values).flatMap(([name, value]) => flagWords(name, value))
  return [...program, ...connectionFlags, ...words].map(shellWord).join(" ")
}

/** All flags of `list` but those of its source, which the source repeats. */
type RepeatedFlags = {
  readonly [
    Name in Exclude<keyof ListFlags, keyof ConnectionFlags | keyof StoredFlags | keyof GoneFlag>
  ]: ListFlags[Name]
}

/** A flag as commander reads it: `finishedSince` is --finished-since. */
const flagWords = (
  name: string,
  value: string | boolean | ReadonlyArray<string> | undefined,
): ReadonlyArray<string> => {
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  if (typeof value === "string") return [flag, value]
  if (typeof value === "object") return value.flatMap((one) => [flag, one])
  return value === true ? [flag] : []
}

const instant = (time: Date | string | undefined): string | undefined =>
  time instanceof Date ? time.toISOString() : time
