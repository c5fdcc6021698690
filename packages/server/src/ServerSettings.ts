import { AdapterError, type Details } from "@execlog/core"
import { checkOptionNames, wholeNumberOption } from "@execlog/core/unstable"
import type { SyncClient } from "@execlog/store"
import type { PrivatePart } from "./routes/Shown.js"
import type { AccessToken } from "./security/Access.js"
import { isLoopback } from "./security/AllowedHosts.js"
import type { SyncedConnection } from "./syncing/Syncs.js"

/** What to serve, and to whom. */
export interface ServeOptions {
  /** The store: a path or a Postgres URL. It is created if it does not exist. */
  readonly store: string
  /** The password of a Postgres store, if its URL has none. */
  readonly password?: string | undefined
  /** Clients to sync at `intervalMs`, or connections with settings of their own. Default: none. */
  readonly connections?: ReadonlyArray<SyncClient | SyncedConnection> | undefined
  /** The pause between two syncs of a client, in milliseconds. Default: 30,000. */
  readonly intervalMs?: number | undefined
  /**
   * Which executions of clients to complete by `get`, as a sync does. Default: failed ones whose
   * reason the list omits.
   */
  readonly details?: Details | undefined
  /** The address to listen on. Default: `127.0.0.1`. Any other requires `tokens`, or `open`. */
  readonly host?: string | undefined
  /** The port to listen on; 0 for any that is free. Default: 4242. */
  readonly port?: number | undefined
  /** The tokens that are let in. Default: none, and everybody is let in. */
  readonly tokens?: ReadonlyArray<AccessToken> | undefined
  /** Let everybody in, from other machines too. Default: false. */
  readonly open?: boolean | undefined
  /** Other names under which the server is reached, such as that of a proxy. */
  readonly hosts?: ReadonlyArray<string> | undefined
  /** Origins whose pages may ask the server, such as `https://tools.example.com`. Default: none. */
  readonly origins?: ReadonlyArray<string> | undefined
  /** The parts of executions to show that may hold data of users. Default: none. */
  readonly show?: ReadonlyArray<PrivatePart> | undefined
  /** The most event streams at once. Default: 500. */
  readonly mostEventStreams?: number | undefined
  /** Receives what an operator should know, such as a sync that failed. Default: printed on stderr. */
  readonly onWarning?: ((text: string) => void) | undefined
}

/** Checked options, with defaults filled in. */
export interface ServerSettings {
  readonly host: string
  readonly port: number
  readonly connections: ReadonlyArray<SyncedConnection>
  readonly tokens: ReadonlyArray<AccessToken>
  readonly hosts: ReadonlyArray<string>
  readonly origins: ReadonlyArray<string>
  readonly show: ReadonlyArray<PrivatePart>
  readonly mostEventStreams: number
  readonly onWarning: (text: string) => void
}

const names: ReadonlyArray<string> = [
  "store",
  "password",
  "connections",
  "intervalMs",
  "details",
  "host",
  "port",
  "tokens",
  "open",
  "hosts",
  "origins",
  "show",
  "mostEventStreams",
  "onWarning",
] satisfies ReadonlyArray<keyof ServeOptions>

const largestPort = 65_535
const leastTokenLength = 16

/** Checks options. Throws an AdapterError that names the option. */
export const checkSettings = (options: ServeOptions): ServerSettings => {
  checkOptionNames("serve", options, names)
  const { host = "127.0.0.1", tokens = [], open = false, details } = options
  const port = wholeNumberOption("port", options.port, 4242, 0)
  if (port > largestPort) throw invalid("port", `The port ${port} is above ${largestPort}.`)
  checkTokens(tokens)
  if (!isLoopback(host) && tokens.length === 0 && !open) {
    throw invalid(
      "tokens",
      `Whoever reaches ${host} could read all executions, and no token is asked for.`,
      "Give tokens, listen on 127.0.0.1, or set open to let everybody in.",
    )
  }
  const intervalMs = wholeNumberOption("intervalMs", options.intervalMs, 30_000, 1000)
  const connections = (options.connections ?? []).map((given) =>
    "open" in given ? given : connectionOf(given, { intervalMs, details }),
  )
  checkNames(connections)
  return {
    host,
    port,
    connections,
    tokens,
    hosts: options.hosts ?? [],
    origins: options.origins ?? [],
    show: options.show ?? [],
    onWarning: options.onWarning ?? printWarning,
    mostEventStreams: wholeNumberOption("mostEventStreams", options.mostEventStreams, 500, 1),
  }
}

const printWarning = (text: string): void => {
  process.stderr.write(`execlog: warning: ${text}\n`)
}

const connectionOf = (
  client: SyncClient,
  settings: Pick<SyncedConnection, "intervalMs" | "details">,
): SyncedConnection => ({
  name: client.name ?? client.provider,
  provider: client.provider,
  open: () => Promise.resolve(client),
  ...settings,
})

const checkNames = (connections: ReadonlyArray<SyncedConnection>): void => {
  const seen = new Set<string>()
  for (const { name } of connections) {
    if (seen.has(name)) {
      throw invalid(
        "connections",
        `Two connections have the name ${name}.`,
        "Give each client a name of its own: createClient(connection, { name }).",
      )
    }
    seen.add(name)
  }
}

const checkTokens = (tokens: ReadonlyArray<AccessToken>): void => {
  for (const { name, token } of tokens) {
    if (typeof token !== "string" || token.length < leastTokenLength) {
      throw invalid(
        "tokens",
        `The token ${JSON.stringify(name)} is shorter than ${leastTokenLength} characters.`,
        "Use a random one, such as the output of: openssl rand -hex 32",
      )
    }
  }
}

const invalid = (option: string, message: string, hint = "Correct it."): AdapterError =>
  new AdapterError({
    reason: "InvalidSettings",
    message,
    operation: "serve",
    subject: { kind: "option", name: option },
    hint: { code: "correct_setting", text: hint },
  })
