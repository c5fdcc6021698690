import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { type FollowFlags, withFollowFlags } from "./FollowFlags.js"
import { withFormatFlag } from "../../flags/FormatFlag.js"
import type { Session } from "../../session/Session.js"

/** `execlog follow` */
export const followCommand = (session: Session): Command =>
  withFormatFlag(withFollowFlags(withConnectionFlags(new Command("follow"))))
    .description("tell of executions as they appear and as their status changes")
    .addHelpText("after", examples)
    .action(async (flags: FollowFlags) => {
      const { follow, followUndelivered } = await import("./run.js")
      session.end(await (flags.undelivered === true ? followUndelivered : follow)(flags, session))
    })

const examples = `
A command of --exec reads the execution as JSON on its stdin. EXECLOG_STATUS, EXECLOG_PREVIOUS_STATUS, EXECLOG_ERROR,
EXECLOG_ID, EXECLOG_PROVIDER and EXECLOG_CONNECTION are in its environment; no key, nothing that opens
the store and no variable that the configuration names is. What it writes goes to stderr. One that fails is
called again after 1, 4, 16 and 60 seconds; what it was not told in the end, --undelivered tells.

Examples:
  execlog follow
  execlog follow --status failed,timed_out --since 1h
  execlog follow --connection support-bot --format ndjson --interval 30s
  execlog follow --status failed --exec './alert.sh "$EXECLOG_ID"'
  execlog follow --stored --undelivered`
