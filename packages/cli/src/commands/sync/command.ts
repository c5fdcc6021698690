import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { withDetailsFlag } from "../../flags/DetailsFlag.js"
import { pageSizeFlag } from "../../flags/QueryFlags.js"
import { reportFormats, withFormatFlag } from "../../flags/FormatFlag.js"
import type { Session } from "../../session/Session.js"
import { withStoreFlag } from "../../flags/StoreFlags.js"
import type { SyncFlags } from "./SyncFlags.js"

/** `execlog sync` */
export const syncCommand = (session: Session): Command =>
  withFormatFlag(
    withDetailsFlag(
      withStoreFlag(withConnectionFlags(new Command("sync"))).optionsGroup("What is kept:"),
      "failed",
    )
      .option(
        "--since <time>",
        "keep what counts under then or later: ISO 8601, or an age; default: all that the provider has",
      )
      .option("--full", "read the history again, and not only what is new")
      .option("--include <list>", "keep steps, inputs, outputs, raw where a list gives them")
      .option(...pageSizeFlag)
      .option("--watch [span]", "go on, a round every 30s or so often")
      .option("--look-back <span>", "read so far below what was read before; default: 10m")
      .option(
        "--stale-after <span>",
        "ask no more for what has been unfinished for so long; default: 7d",
      )
      .option(
        "--recheck-failed <span>",
        "ask again so long for what failed, where it may begin again under its id; 0: not; default: 7d",
      ),
    reportFormats,
  )
    .description("keep executions in a store, and bring it up to date")
    .option("--strict", "end with 6 when an item could not be read")
    .addHelpText("after", examples)
    .action(async (flags: SyncFlags) => {
      const { syncAll } = await import("./run.js")
      session.end(await syncAll(flags, session))
    })

const examples = `
Stopped at any time, it goes on where it was.

Examples:
  execlog sync --since 90d
  execlog sync --watch 1m
  execlog sync --connection support-bot --store postgres://execlog@db.example.com/automations
  execlog list --stored --status failed`
