import { settingVariable } from "@execlog/core"
import type { OpenConnection } from "./Connections.js"
import { officialAdapters } from "./OfficialAdapters.js"

/**
 * The environment for commands that the user names: without the keys of the connections, and without
 * what opens the store.
 */
export const commandEnvironment = (
  environment: NodeJS.ProcessEnv,
  connections: ReadonlyArray<Pick<OpenConnection, "adapter" | "connection" | "headerVariables">>,
  storeVariables: ReadonlyArray<string>,
): NodeJS.ProcessEnv => {
  const names = new Set([
    "PGPASSWORD",
    "EXECLOG_STORE",
    ...storeVariables,
    ...connections.flatMap(({ headerVariables }) => headerVariables),
    ...officialAdapters.map(({ id }) => settingVariable(id, "apiKey")),
    ...connections.flatMap(({ adapter }) =>
      adapter.settings
        .filter(({ kind }) => kind === "secret")
        .map(({ name }) => settingVariable(adapter.id, name)),
    ),
  ])
  // A configuration may take a key from a variable of any name.
  const secrets = connections.flatMap(({ connection }) => connection.secrets())
  const holdsSecret = (value: string | undefined) =>
    secrets.some((secret) => secret !== "" && value?.includes(secret) === true)
  return Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => !names.has(name) && !holdsSecret(value)),
  )
}
