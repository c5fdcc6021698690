import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { withDetailsFlag } from "../../flags/DetailsFlag.js"
import { reportFormats, withFormatFlag } from "../../flags/FormatFlag.js"
import { pageSizeFlag } from "../../flags/QueryFlags.js"
import { withStoreFlag } from "../../flags/StoreFlags.js"
import type { Session } from "../../session/Session.js"
import type { SyncFlags } from "./SyncFlags.js"

/** `execlog sync` */
export const syncCommand = (session: Session): Command =>
  withFormatFlag(
    withDetailsFlag(
      withStoreFlag(withConnectionFlags(new Command("sync"))).optionsGroup("What to store:"),
      "failed",
    )
      .option(
        "--since <time>",
        "store executions from this time on: ISO 8601, or an age; default: all that the provider has",
      )
      .option("--full", "read the whole history again, not only what is new")
      .option(
        "--include <list>",
        "also store steps, inputs, outputs or raw, as far as the list gives them",
      )
      .option(...pageSizeFlag)
      .option("--watch [span]", "keep syncing, every 30s or at this interval")
      .option("--look-back <span>", "how far to read again below the last sync; default: 10m")
      .option("--stale-after <span>", "give up on executions unfinished for this long; default: 7d")
      .option(
        "--recheck-failed <span>",
        "how long to check failed executions again, if they can restart under their id; 0: never; default: 7d",
      ),
    reportFormats,
  )
    .description("store executions, and keep the store up to date")
    .option("--strict", "exit with 6 if an item cannot be read")
    .addHelpText("after", examples)
    .action(async (flags: SyncFlags) => {
      const { syncAll } = await import("./run.js")
      session.end(await syncAll(flags, session))
    })

const examples = `
It may be stopped at any time, and resumes where it stopped.

Examples:
  execlog sync --since 90d
  execlog sync --watch 1m
  execlog sync --connection support-bot --store postgres://execlog@db.example.com/automations
  execlog list --stored --status failed`
