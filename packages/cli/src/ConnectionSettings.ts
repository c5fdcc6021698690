import type { Adapter, Json } from "@execlog/core"
import { settingVariable } from "./SettingVariable.js"
import { UsageError } from "./UsageError.js"

/** Settings by name, as an adapter takes them. */
export type Settings = { readonly [name: string]: Json }

/**
 * Adds the secrets that are not given from the environment. A missing or an empty one is a
 * UsageError that names the variable.
 */
export const withSecrets = (
  adapter: Adapter.Adapter<unknown>,
  given: Settings,
  environment: NodeJS.ProcessEnv,
): Settings => {
  const settings: Record<string, Json> = { ...given }
  for (const { name, kind, required } of adapter.settings) {
    if (kind !== "secret" || settings[name] !== undefined) continue
    const variable = settingVariable(adapter.id, name)
    const secret = environment[variable]
    if (secret !== undefined && secret.trim() !== "") {
      settings[name] = secret
    } else if (required) {
      const is = secret === undefined ? "missing" : `empty: ${variable} is set to nothing`
      throw new UsageError(
        `The setting "${name}" of ${adapter.id} is ${is}.`,
        `Set the environment variable ${variable}, or name another in the configuration file: "${name}": "\${NAME}".`,
      )
    }
  }
  return settings
}

/** Reads `--set name=value`. A secret is refused; a structured setting is read as JSON. */
export const readSettingFlags = (
  adapter: Adapter.Adapter<unknown>,
  flags: ReadonlyArray<string>,
  transportNames: ReadonlyArray<string>,
): { readonly settings: Settings; readonly transport: Settings } => {
  const settings: Record<string, Json> = {}
  const transport: Record<string, Json> = {}
  for (const flag of flags) {
    const at = flag.indexOf("=")
    if (at < 1) {
      throw new UsageError(
        `--set: ${at === 0 ? "a name is missing before the =" : "a = is missing"}.`,
        "Write --set name=value, such as --set baseUrl=https://dify.example.com/v1.",
      )
    }
    const name = flag.slice(0, at)
    const value = flag.slice(at + 1)
    const setting = adapter.settings.find((known) => known.name === name)
    if (setting?.kind === "secret") {
      throw new UsageError(
        `--set: "${name}" of ${adapter.id} is a secret, and others can read the flags of a program.`,
        `Set the environment variable ${settingVariable(adapter.id, name)} instead.`,
      )
    }
    if (setting === undefined && transportNames.includes(name)) {
      transport[name] = readJson(name, value)
    } else if (setting === undefined) {
      throw new UsageError(
        `--set: ${adapter.id} has no setting "${name}".`,
        `Its settings are ${adapter.settings.map((known) => known.name).join(", ")}; those of all providers are ${transportNames.join(", ")}.`,
      )
    } else {
      settings[name] = setting.kind === "json" ? readJson(name, value) : value
    }
  }
  return { settings, transport }
}

const readJson = (name: string, value: string): Json => {
  try {
    return JSON.parse(value)
  } catch {
    throw new UsageError(
      `--set: the value of "${name}" is not JSON: ${value}`,
      `Write it as JSON, in quotes for the shell: --set '${name}={"id": "…"}', say.`,
    )
  }
}
