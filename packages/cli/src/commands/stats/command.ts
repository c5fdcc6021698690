import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import type { StatsFlags } from "./run.js"
import { withFormatFlag } from "../../flags/FormatFlag.js"
import { pageSizeFlag, withFilterFlags } from "../../flags/QueryFlags.js"
import type { Session } from "../../session/Session.js"
import { withGoneFlag, withStoredFlags } from "../../flags/StoreFlags.js"

/** `execlog stats` */
export const statsCommand = (session: Session): Command =>
  withFormatFlag(
    withGoneFlag(withStoredFlags(withFilterFlags(withConnectionFlags(new Command("stats")))))
      .option("--limit <number>", "count the newest so many, over all connections; default: all")
      .option(...pageSizeFlag)
      .optionsGroup("Figures:")
      .option(
        "--by <list>",
        "provider, connection, workflow, day, hour, or several of them; default: connection",
      ),
  )
    .description("count executions: success rate, failures, durations, tokens, by what you choose")
    .option("--strict", "end with 6 when an item could not be read")
    .addHelpText("after", examples)
    .action(async (flags: StatsFlags) => {
      const { stats } = await import("./run.js")
      session.end(await stats(flags, session))
    })

const examples = `
Days and hours are those of UTC of the time that each execution counts under.

Examples:
  execlog stats --since 24h
  execlog stats --stored --since 30d --by workflow,day
  execlog stats --since 7d --by workflow,day --format csv
  execlog stats --connection support-bot --status failed,timed_out --by hour`
