import { makeRedactor, settingVariable } from "@execlog/core/unstable"
import type { Config } from "../../connections/Config.js"
import { variablesInAll } from "../../connections/ConfigVariables.js"
import type { OpenConnection } from "../../connections/Connections.js"
import { officialAdapters } from "../../connections/OfficialAdapters.js"

/** Shorter values may occur in other variables by chance. */
const shortestSecret = 8

/**
 * The environment of the user's commands: without the keys of the connections, the variables that
 * open the store, and those that the configuration names, for whichever connection.
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
  // Another variable may contain a secret too, for example in a URL.
  const { holds } = makeRedactor([
    ...opened.flatMap(({ connection }) => connection.secrets()),
    ...["PGPASSWORD", "EXECLOG_STORE", ...named].flatMap((name) => secretOf(environment[name])),
    ...secretOf(config?.store ?? undefined),
  ])
  const isKept = ([name, value = ""]: readonly [string, string | undefined]): boolean =>
    !names.has(name) &&
    !prefixes.some((prefix) => name.startsWith(prefix)) &&
    // Without PATH, no command is found; what it shares with a setting is not a secret.
    (name === "PATH" || !holds(value))
  return Object.fromEntries(Object.entries(environment).filter(isKept))
}

/** The providers whose adapter is not loaded, so that their variables for keys are unknown. */
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

/** The secrets in a value. Paths and URLs without a password occur in other values, and are not secret. */
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
