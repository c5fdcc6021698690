import { redactPaths } from "@execlog/core"
import type { ConnectionFlags } from "../flags/ConnectionFlags.js"
import type { ExitCode } from "../session/ExitCode.js"
import { reportFailure } from "../session/Failure.js"
import { useProxies } from "../session/Proxies.js"
import type { Session } from "../session/Session.js"
import { UsageError } from "../session/UsageError.js"
import { shellWord } from "../text/ShellWord.js"
import { findAdapter, requirePackageName } from "./AdapterLookup.js"
import {
  type Config,
  defaultConfigName,
  readConfig,
  readTransport,
  transportNames,
} from "./Config.js"
import {
  type ConfigPlace,
  emptyVariableIn,
  textWithVariables,
  withVariables,
} from "./ConfigVariables.js"
import { type Connected, type OriginOf, connect, readSettingFlags } from "./ConnectionSettings.js"

/** A connection that the user chose, not yet loaded or checked. */
export interface ChosenConnection {
  /** Its name in messages. */
  readonly label: string
  /** Its name in the configuration, or else the provider's id. */
  readonly name: string
  readonly provider: string
  /** The flags that choose this connection alone, without a secret. */
  readonly flags: ReadonlyArray<string>
  /** Finds its adapter and checks its settings. */
  readonly open: () => Promise<Connected>
}

/** A connection that is ready for requests. */
export interface OpenConnection extends Connected {
  readonly label: string
  readonly flags: ReadonlyArray<string>
}

/** The connections that the flags choose: at least one. */
export const chooseConnections = async (
  flags: ConnectionFlags,
  session: Session,
): Promise<ReadonlyArray<ChosenConnection>> => {
  const { provider, connection: named, config: configPath, set = [] } = flags
  await useProxies(session.environment)
  if (provider !== undefined) {
    const other =
      named !== undefined ? "--connection" : configPath !== undefined ? "--config" : null
    if (other === null) return [adHoc(provider, set, session)]
    throw new UsageError(
      `--provider and ${other} cannot be combined.`,
      "Name a configured connection with --connection, or a provider with --provider and --set.",
    )
  }
  if (set.length > 0) {
    throw new UsageError(
      "--set requires --provider.",
      "Write the settings of a connection in the configuration file.",
    )
  }
  const config = await readConfig(configPath, session.directory)
  if (config === null) {
    throw new UsageError(
      `There is no ${defaultConfigName} in ${session.directory}, and neither --config nor --provider is given.`,
      `Write one, or name a provider: DIFY_API_KEY=… ${withProvider(session.args)}`,
    )
  }
  const names = Object.keys(config.connections)
  if (names.length === 0) {
    throw new UsageError(`${config.path} has no connection.`, "Add one under connections.")
  }
  const unknown = named?.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(
      `${config.path} has no connection "${unknown}".`,
      `Its connections are ${names.join(", ")}.`,
    )
  }
  const place = configPath === undefined ? [] : ["--config", configPath]
  return [...new Set(named ?? names)].map((name) => configured(config, name, place, session))
}

/** The command in hand, with a provider to read. */
const withProvider = ([command = "list", ...args]: Session["args"]): string =>
  ["execlog", command, "--provider", "dify", ...args].map(shellWord).join(" ")

/** The single connection that the flags choose; several are a UsageError. */
export const chooseOneConnection = async (
  flags: ConnectionFlags,
  session: Session,
  what: string,
): Promise<ChosenConnection> => {
  const chosen = await chooseConnections(flags, session)
  const [only] = chosen
  if (only !== undefined && chosen.length === 1) return only
  throw new UsageError(
    `${what} needs a single connection, and ${chosen.length} are selected: ${chosen.map(({ label }) => label).join(", ")}.`,
    "Choose one with --connection.",
  )
}

/** Opens connections. Reports one that fails, and continues with the others. */
export const openConnections = async (
  chosen: ReadonlyArray<ChosenConnection>,
  session: Session,
): Promise<{
  readonly opened: ReadonlyArray<OpenConnection>
  readonly outcomes: Array<ExitCode>
}> => {
  const opened: Array<OpenConnection> = []
  const outcomes: Array<ExitCode> = []
  for (const { label, flags, open } of chosen) {
    try {
      opened.push({ label, flags, ...(await open()) })
    } catch (error) {
      outcomes.push(reportFailure(session.notices, error, label))
    }
  }
  return { opened, outcomes }
}

const adHoc = (
  provider: string,
  set: ReadonlyArray<string>,
  session: Session,
): ChosenConnection => ({
  label: provider,
  name: provider,
  provider,
  flags: ["--provider", provider, ...set.flatMap((setting) => ["--set", setting])],
  open: async () => {
    const { adapter } = await findAdapter(provider, undefined, session.directory)
    const { settings, transport } = readSettingFlags(adapter, set, transportNames)
    const options = { transport: readTransport(transport) }
    return connect(adapter, settings, options, () => null, session.environment)
  },
})

const configured = (
  config: Config,
  name: string,
  configFlags: ReadonlyArray<string>,
  session: Session,
): ChosenConnection => {
  const written = config.connections[name]
  if (written === undefined) throw new Error(`no connection ${name}`)
  const at = (key: string): ConfigPlace => ({
    file: config.path,
    path: `connections.${name}.${key}`,
  })
  return {
    label: `${name} (${written.provider})`,
    name,
    provider: written.provider,
    flags: [...configFlags, "--connection", name],
    open: async () => {
      const { directory, environment } = session
      const text = (key: string, value: string) => textWithVariables(value, at(key), environment)
      const provider = text("provider", written.provider)
      const packageName =
        written.package === undefined ? undefined : text("package", written.package)
      if (packageName !== undefined) {
        const { file, path } = at("package")
        requirePackageName(packageName, `${file}: ${path}`)
      }
      const settings = Object.fromEntries(
        Object.entries(written.settings ?? {}).map(([key, value]) => [
          key,
          withVariables(value, at(`settings.${key}`), environment),
        ]),
      )
      const headers = Object.fromEntries(
        Object.entries(written.headers ?? {}).map(([key, value]) => [
          key,
          text(`headers.${key}`, value),
        ]),
      )
      const { adapter } = await findAdapter(provider, packageName, directory)
      const originOf: OriginOf = (setting) => {
        const value = setting === null ? undefined : written.settings?.[setting]
        if (setting === null || value === undefined) return `${config.path}: connections.${name}`
        const { file, path } = at(`settings.${setting}`)
        const empty = emptyVariableIn(value, environment)
        return `${file}: ${path}${empty === null ? "" : ` (${empty} is set to nothing)`}`
      }
      const redact = written.redact && redactPaths(...written.redact)
      const options = { name, transport: { ...written.transport, headers }, redact }
      return connect(adapter, settings, options, originOf, environment)
    },
  }
}
