import { Command } from "commander"
import { reportFormats, withFormatFlag } from "../../flags/FormatFlag.js"
import type { Session } from "../../session/Session.js"
import type { ProvidersFlags } from "./run.js"

/** `execlog providers` */
export const providersCommand = (session: Session): Command =>
  withFormatFlag(new Command("providers"), reportFormats)
    .description("list the adapters that are installed, their settings, and how to install others")
    .option("--config <path>", "also look for the packages that this configuration names")
    .option("--all", "load each package that looks like an adapter, which runs its code")
    .addHelpText("after", "\nExamples:\n  execlog providers\n  execlog providers --all")
    .action(async (flags: ProvidersFlags) => {
      const { providers } = await import("./run.js")
      session.end(await providers(flags, session))
    })
