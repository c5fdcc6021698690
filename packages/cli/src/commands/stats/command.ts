import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { withFormatFlag } from "../../flags/FormatFlag.js"
import { pageSizeFlag, withFilterFlags } from "../../flags/QueryFlags.js"
import { withGoneFlag, withStoredFlags } from "../../flags/StoreFlags.js"
import type { Session } from "../../session/Session.js"
import type { StatsFlags } from "./run.js"

/** `execlog stats` */
export const statsCommand = (session: Session): Command =>
  withFormatFlag(
    withGoneFlag(withStoredFlags(withFilterFlags(withConnectionFlags(new Command("stats")))))
      .option(
        "--limit <number>",
        "count only this many of the newest, over all connections; default: all",
      )
      .option(...pageSizeFlag)
      .optionsGroup("Figures:")
      .option(
        "--by <list>",
        "provider, connection, workflow, day, hour, or several of them; default: connection",
      ),
  )
    .description("count executions by group: success rate, failures, durations, tokens")
    .option("--strict", "exit with 6 if an item cannot be read")
    .addHelpText("after", examples)
    .action(async (flags: StatsFlags) => {
      const { stats } = await import("./run.js")
      session.end(await stats(flags, session))
    })

const examples = `
Days and hours are in UTC, by the time that list shows.

Examples:
  execlog stats --since 24h
  execlog stats --stored --since 30d --by workflow,day
  execlog stats --since 7d --by workflow,day --format csv
  execlog stats --connection support-bot --status failed,timed_out --by hour`
