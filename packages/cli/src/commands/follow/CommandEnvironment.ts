import { makeRedactor, settingVariable } from "@execlog/core/unstable"
import type { Config } from "../../connections/Config.js"
import { variablesInAll } from "../../connections/ConfigVariables.js"
import type { OpenConnection } from "../../connections/Connections.js"
import { officialAdapters } from "../../connections/OfficialAdapters.js"

/** A value that short stands in others by chance. */
const shortestSecret = 8

/**
 * The environment for commands that the user names: without the keys of the connections, without what
 * opens the store, and without all that the configuration names, whether it is used now or not.
 */
export const commandEnvironment = (
  environment: NodeJS.ProcessEnv,
  opened: ReadonlyArray<Pick<OpenConnection, "adapter" | "connection">>,
  config: Config | null,
): NodeJS.ProcessEnv => {
  const named = variablesInAll(config)
  const names = new Set([
    "PGPASSWORD",
    "PGPASSFILE",
    "PGSERVICEFILE",
    "EXECLOG_STORE",
    ...named,
    ...officialAdapters.map(({ id }) => settingVariable(id, "apiKey")),
    ...opened.flatMap(({ adapter }) =>
      adapter.settings
        .filter(({ kind }) => kind === "secret")
        .map(({ name }) => settingVariable(adapter.id, name)),
    ),
  ])
  const prefixes = unknownProviders(config, opened).map((id) => settingVariable(id, ""))
  // A secret may stand in another variable as well, in an address, say.
  const { holds } = makeRedactor([
    ...opened.flatMap(({ connection }) => connection.secrets()),
    ...["PGPASSWORD", "EXECLOG_STORE", ...named].flatMap((name) => secretOf(environment[name])),
    ...secretOf(config?.store ?? undefined),
  ])
  const isKept = ([name, value = ""]: readonly [string, string | undefined]): boolean =>
    !names.has(name) &&
    !prefixes.some((prefix) => name.startsWith(prefix)) &&
    // Without PATH no command is found; what it shares with a setting is no secret.
    (name === "PATH" || !holds(value))
  return Object.fromEntries(Object.entries(environment).filter(isKept))
}

/** Of an adapter that is not loaded nobody knows in which of its variables a key stands. */
const unknownProviders = (
  config: Config | null,
  opened: ReadonlyArray<Pick<OpenConnection, "adapter">>,
): ReadonlyArray<string> => {
  const known = [
    ...officialAdapters.map(({ id }) => id),
    ...opened.map(({ adapter }) => adapter.id),
  ]
  return Object.values(config?.connections ?? {})
    .map(({ provider }) => provider)
    .filter((provider) => provider !== "" && !known.includes(provider))
}

/** Addresses and paths are part of others' values, and no secret by themselves. */
const secretOf = (value: string | undefined): ReadonlyArray<string> => {
  if (value === undefined || value.length < shortestSecret || value.startsWith("/")) return []
  if (!URL.canParse(value)) return [value]
  const { protocol, password } = new URL(value)
  if (password !== "") return [value, password, decoded(password)]
  return /^https?:$/.test(protocol) ? [] : [value]
}

const decoded = (password: string): string => {
  try {
    return decodeURIComponent(password)
  } catch {
    return password
  }
}
