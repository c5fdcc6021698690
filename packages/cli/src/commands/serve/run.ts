import type { SyncClient } from "@execlog/store"
import { type ChosenConnection, chooseConnections } from "../../connections/Connections.js"
import { chooseStore } from "../../connections/OpenStore.js"
import { readServeConfig } from "../../connections/ServeConfig.js"
import { ExitCode } from "../../session/ExitCode.js"
import type { Session } from "../../session/Session.js"
import { readServeFlags, type ServeFlags } from "./ServeFlags.js"

const defaultIntervalMs = 30_000

/** Serves a store until it is stopped. Returns the exit code. */
export const runServer = async (flags: ServeFlags, session: Session): Promise<ExitCode> => {
  const { environment, notices, interruption } = session
  const request = readServeFlags(flags)
  const termination = session.termination()
  const config = await readServeConfig(flags.config, session)
  const demo = flags.demo === true ? await startDemo() : null
  const chosen = demo === null && flags.sync ? await chooseConnections(flags, session) : []
  const address = demo === null ? (await chooseStore(flags, session)).address : ":memory:"
  const token = environment["EXECLOG_TOKEN"] ?? ""
  const tokens = [
    ...(config.tokens ?? []),
    ...(token === "" ? [] : [{ name: "EXECLOG_TOKEN", token }]),
  ]
  try {
    const { serve } = await import("@execlog/server")
    const server = await serve({
      store: address,
      password: environment["PGPASSWORD"],
      connections:
        demo?.connections ??
        chosen.map((connection) => ({
          name: connection.name,
          provider: connection.provider,
          open: () => openClient(connection),
          intervalMs: request.intervalMs ?? config.intervalOf(connection.name) ?? defaultIntervalMs,
          webhookSecret: config.webhookSecretOf(connection.name),
        })),
      host: request.host ?? config.host,
      port: request.port ?? config.port,
      tokens: flags.auth ? tokens : [],
      open: !flags.auth,
      hosts: config.hosts,
      origins: config.origins,
      show: request.show ?? config.show,
      onWarning: (text) => notices.warn(text),
    })
    notices.info(`serving ${server.url}`)
    await untilAborted(AbortSignal.any([interruption, termination]))
    await server.close()
  } finally {
    await demo?.stop()
  }
  return interruption.aborted ? ExitCode.interrupted : ExitCode.done
}

/** Loaded only when it is asked for: it is larger than the server. */
const startDemo = async () => (await import("@execlog/server/demo")).startDemo()

const openClient = async ({ open }: ChosenConnection): Promise<SyncClient> => (await open()).client

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener("abort", () => resolve(), { once: true })
  })
