import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { reportFormats, withFormatFlag } from "../../flags/FormatFlag.js"
import { type ListFlags, withQueryFlags } from "../../flags/QueryFlags.js"
import type { Session } from "../../session/Session.js"

/** `execlog explain` */
export const explainCommand = (session: Session): Command =>
  withFormatFlag(withQueryFlags(withConnectionFlags(new Command("explain"))), reportFormats)
    .description("show what list would request, and which filters the provider and execlog apply")
    .option("--strict", "accepted for compatibility with list; has no effect")
    .addHelpText("after", examples)
    .action(async (flags: ListFlags) => {
      const { explain } = await import("./run.js")
      session.end(await explain(flags, session))
    })

const examples = `
Examples:
  execlog explain --status failed --since 24h
  execlog explain --connection support-bot --actor anna@example.com --format json`
