import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { withDetailsFlag } from "../../flags/DetailsFlag.js"
import { withFormatFlag } from "../../flags/FormatFlag.js"
import { type ListFlags, withQueryFlags } from "../../flags/QueryFlags.js"
import { withGoneFlag, withStoredFlags } from "../../flags/StoreFlags.js"
import type { Session } from "../../session/Session.js"

/** `execlog list` */
export const listCommand = (session: Session): Command =>
  withFormatFlag(
    withGoneFlag(
      withStoredFlags(
        withDetailsFlag(withQueryFlags(withConnectionFlags(new Command("list"))), "none"),
      ),
    ),
  )
    .description("list executions of all connections, or of some")
    .option("--strict", "exit with 6 if an item cannot be read")
    .addHelpText("after", examples)
    .action(async (flags: ListFlags) => {
      const { list } = await import("./run.js")
      session.end(await list(flags, session))
    })

const examples = `
Examples:
  execlog list
  execlog list --status failed,timed_out --since 24h
  execlog list --stored --status failed --since 90d
  execlog list --connection support-bot --since 2026-11-01 --until 2026-12-01 --limit all --format csv
  DIFY_API_KEY=… execlog list --provider dify --set baseUrl=http://127.0.0.1:5001/v1`
