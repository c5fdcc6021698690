import { Command } from "commander"
import { withConnectionFlags } from "../../flags/ConnectionFlags.js"
import { withStoreFlag } from "../../flags/StoreFlags.js"
import type { Session } from "../../session/Session.js"
import type { ServeFlags } from "./ServeFlags.js"

/** `execlog serve` */
export const serveCommand = (session: Session): Command =>
  withStoreFlag(withConnectionFlags(new Command("serve")))
    .optionsGroup("Server:")
    .option("--host <address>", "the address to listen on; default: 127.0.0.1")
    .option("--port <number>", "the port to listen on; default: 4242")
    .option("--interval <span>", "the pause between two syncs of a connection; default: 30s")
    .option("--no-sync", "serve what is stored, without asking a provider")
    .option("--no-auth", "let everybody in who reaches the address, without a token")
    .option("--demo", "serve a company that is made up, to look around; nothing is kept")
    .option("--show <list>", "also show inputs, outputs or raw, which may hold data of users")
    .description("keep a store up to date, and serve it over HTTP")
    .addHelpText("after", examples)
    .action(async (flags: ServeFlags) => {
      const { runServer } = await import("./run.js")
      session.end(await runServer(flags, session))
    })

const examples = `
Off this machine, a token is required: under serve.tokens in the configuration, or in EXECLOG_TOKEN.

Examples:
  execlog serve --demo
  execlog serve
  execlog serve --interval 1m --store postgres://execlog@db.example.com/automations
  EXECLOG_TOKEN=… execlog serve --host 0.0.0.0
  curl http://127.0.0.1:4242/api/executions?status=failed`
