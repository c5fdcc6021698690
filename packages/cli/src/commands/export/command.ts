import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { withDetailsFlag } from "../../flags/DetailsFlag.js"
import { csvSafeFlag } from "../../flags/FormatFlag.js"
import { withQueryFlags } from "../../flags/QueryFlags.js"
import { withGoneFlag, withStoredFlags } from "../../flags/StoreFlags.js"
import type { Session } from "../../session/Session.js"
import { exportFormats } from "./ExportFormat.js"
import type { ExportFlags } from "./run.js"

/** `execlog export` */
export const exportCommand = (session: Session): Command =>
  withGoneFlag(
    withStoredFlags(
      withDetailsFlag(withQueryFlags(withConnectionFlags(new Command("export")), null), "none"),
    ),
  )
    .description("write executions to a file for other programs, or to stdout")
    .optionsGroup("Output:")
    .option(
      "--format <format>",
      `${exportFormats.join(", ")}; default: by the extension of the file, else ndjson`,
    )
    .option(...csvSafeFlag)
    .option("--output <file>", "write to this file, completely or not at all; default: stdout")
    .option("--strict", "write no file and exit with 6 if an item cannot be read")
    .addHelpText("after", examples)
    .action(async (flags: ExportFlags) => {
      const { exportExecutions } = await import("./run.js")
      session.end(await exportExecutions(flags, session))
    })

const examples = `
Examples:
  execlog export --output executions.parquet
  execlog export --stored --since 365d --output year.parquet
  execlog export --connection support-bot --since 2026-11-01 --until 2026-12-01 --output november.csv
  execlog export --status failed --include inputs,outputs --format ndjson | gzip > failed.ndjson.gz`
