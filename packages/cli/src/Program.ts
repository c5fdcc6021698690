import { readFileSync } from "node:fs"
import { Command } from "commander"
import { explainCommand } from "./commands/explain/command.js"
import { exportCommand } from "./commands/export/command.js"
import { followCommand } from "./commands/follow/command.js"
import { getCommand } from "./commands/get/command.js"
import { helpCommand } from "./commands/help/command.js"
import { listCommand } from "./commands/list/command.js"
import { providersCommand } from "./commands/providers/command.js"
import { recordCommand } from "./commands/record/command.js"
import { serveCommand } from "./commands/serve/command.js"
import { statsCommand } from "./commands/stats/command.js"
import { syncCommand } from "./commands/sync/command.js"
import { CallError } from "./session/CallError.js"
import type { Session } from "./session/Session.js"

/** The program with its commands. The code of a command is loaded only when it is called. */
export const makeProgram = (session: Session): Command => {
  const program = new Command("execlog")
    .description("One log of workflow executions, whatever platform they run on.")
    .version(version(), "--version", "print the version of execlog")
    .helpCommand(false)
    .addHelpText("after", help)
    .addCommand(listCommand(session))
    .addCommand(getCommand(session))
    .addCommand(statsCommand(session))
    .addCommand(exportCommand(session))
    .addCommand(syncCommand(session))
    .addCommand(followCommand(session))
    .addCommand(serveCommand(session))
    .addCommand(explainCommand(session))
    .addCommand(providersCommand(session))
    .addCommand(recordCommand(session))
    .addCommand(helpCommand())
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride((error) => {
        throw new CallError(error, command)
      })
      .configureOutput({
        // A reader that has closed the pipe is not an error.
        writeOut: (text) => void session.output.write(text).catch(() => {}),
        writeErr: (text) => session.notices.print(text.replace(/\n$/, "")),
        // RunProgram words what is wrong with a call.
        outputError: () => {},
      })
  }
  return program
}

const version = (): string => {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  )
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "unknown"
}

const help = `
Examples:
  DIFY_API_KEY=… execlog list --provider dify --set baseUrl=http://127.0.0.1:5001/v1
  execlog list --status failed --since 24h
  execlog get --connection support-bot 0f4b1c2a-7d3e-4a58-9b6c-1e2d3f4a5b6c
  execlog stats --since 7d --by workflow
  execlog list --help

Configuration (./execlog.json, or --config PATH):
  { "connections": { "support-bot": { "provider": "dify", "settings": { "apiKey": "\${DIFY_API_KEY}" } } } }

Exit codes:
  0 success   1 error   2 usage or settings   3 key rejected   4 not found   5 unreachable or unreadable
  6 items rejected under --strict   130 interrupted`
