import type { Entry, LogQuery } from "@execlog/core"
import type { ReadPlace } from "./ExecutionSource.js"
import type { ListFlags } from "../flags/ListFlags.js"
import { resumeCommand } from "./ResumeCommand.js"
import type { Session } from "../session/Session.js"
import { startedAs } from "../session/StartedAs.js"

/** Says the command that goes on after an entry. A cursor is one place's: several have none. */
export const sayHowToGoOn = (
  command: "list" | "export",
  opened: ReadonlyArray<ReadPlace>,
  flags: ListFlags,
  last: Entry,
  query: LogQuery,
  { notices, environment, directory, script }: Session,
): void => {
  const [only] = opened
  if (only === undefined || opened.length > 1) return
  notices.say("To go on after the last execution printed:")
  const program = [...startedAs(script, directory, environment), command]
  notices.say(`  ${resumeCommand(program, only.flags, flags, query, last.cursor())}`)
}
