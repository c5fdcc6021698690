import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { withFormatFlag } from "../../flags/FormatFlag.js"
import type { Session } from "../../session/Session.js"
import { type FollowFlags, withFollowFlags } from "./FollowFlags.js"

/** `execlog follow` */
export const followCommand = (session: Session): Command =>
  withFormatFlag(withFollowFlags(withConnectionFlags(new Command("follow"))))
    .description("report executions as they appear and as their status changes")
    .addHelpText("after", examples)
    .action(async (flags: FollowFlags) => {
      const { follow, followUndelivered } = await import("./run.js")
      session.end(await (flags.undelivered === true ? followUndelivered : follow)(flags, session))
    })

const examples = `
The command of --exec reads the execution as JSON on its stdin. Its environment has EXECLOG_STATUS,
EXECLOG_PREVIOUS_STATUS, EXECLOG_ERROR, EXECLOG_ID, EXECLOG_PROVIDER and EXECLOG_CONNECTION, but no key,
nothing that opens the store and no variable that the configuration names. Its output goes to stderr. A command
that fails is retried after 1, 4, 16 and 60 seconds; --undelivered lists the changes it gave up on.

Examples:
  execlog follow
  execlog follow --status failed,timed_out --since 1h
  execlog follow --connection support-bot --format ndjson --interval 30s
  execlog follow --status failed --exec './alert.sh "$EXECLOG_ID"'
  execlog follow --stored --undelivered`
