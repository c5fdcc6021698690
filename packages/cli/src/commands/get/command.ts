import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { withFormatFlag } from "../../flags/FormatFlag.js"
import { withStoredFlags } from "../../flags/StoreFlags.js"
import type { Session } from "../../session/Session.js"
import type { GetFlags } from "./run.js"

/** `execlog get` */
export const getCommand = (session: Session): Command =>
  withFormatFlag(withStoredFlags(withConnectionFlags(new Command("get"), "one")))
    .description("show everything that a provider has about one execution")
    .argument("<id>", "the execution's id, as list prints it")
    .option(
      "--include <list>",
      "raw: also the provider's response; everything else is always shown",
    )
    .addHelpText("after", examples)
    .action(async (id: string, flags: GetFlags) => {
      const { get } = await import("./run.js")
      session.end(await get(id, flags, session))
    })

const examples = `
Examples:
  execlog get --connection support-bot 0f4b1c2a-7d3e-4a58-9b6c-1e2d3f4a5b6c
  execlog get --provider dify 0f4b1c2a-7d3e-4a58-9b6c-1e2d3f4a5b6c --format json
  execlog get --stored 0f4b1c2a-7d3e-4a58-9b6c-1e2d3f4a5b6c
  execlog get --connection production -- -V1StGXR8_Z5jdHi6B-my     (an id that begins with -)`
