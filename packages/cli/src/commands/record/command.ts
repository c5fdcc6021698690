import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { reportFormats, withFormatFlag } from "../../flags/FormatFlag.js"
import type { Session } from "../../session/Session.js"
import type { RecordFlags } from "./run.js"

/** `execlog record` */
export const recordCommand = (session: Session): Command =>
  withFormatFlag(withConnectionFlags(new Command("record"), "one"), reportFormats)
    .description("record a provider's responses as fixtures for the contract suite, without keys")
    .optionsGroup("Fixtures:")
    .requiredOption("--out <dir>", "the folder of the fixtures")
    .option("--dry-run", "show what would be written, and write nothing")
    .option("--force", "overwrite existing fixtures")
    .option("--provider-version <version>", "the server's version; default: as it reports")
    .option("--server <text>", "a description of the server, for readers of the fixtures")
    .option("--search <text>", "a text that the provider's search finds, to record a search")
    .optionsGroup("Masking:")
    .option("--mask", "replace e-mail addresses, the names of actors, and your server's host")
    .option(
      "--mask-path <path>",
      "replace the values at a path in the responses, such as data.*.phone; repeatable",
      (value: string, before: ReadonlyArray<string> | undefined) => [...(before ?? []), value],
    )
    .addHelpText("after", examples)
    .action(async (flags: RecordFlags) => {
      const { record } = await import("./run.js")
      session.end(await record(flags, session))
    })

const examples = `
Requires the package @execlog/contract-tests.

Examples:
  DIFY_API_KEY=… execlog record --provider dify --out fixtures --dry-run
  execlog record --connection support-bot --out fixtures --mask --server "Dify cloud"
  execlog record --connection support-bot --out fixtures --mask-path "data.*.phone"`
