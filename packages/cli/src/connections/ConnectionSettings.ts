import {
  AdapterError,
  type Client,
  type ClientOptions,
  type Json,
  createClient,
} from "@execlog/core"
import type { Connection, Adapter } from "@execlog/core/adapter"
import { settingVariable } from "@execlog/core/unstable"
import { UsageError } from "../session/UsageError.js"
import { tooDeepAt } from "../text/DeepJson.js"

/** Settings by name, as an adapter takes them. */
export type Settings = { readonly [name: string]: Json }

/** Names the file or flag that gave a setting, for an error; null if there is nothing to add. */
export type OriginOf = (name: string | null) => string | null

/** A connection with what it is made of. */
export interface Connected {
  readonly adapter: Adapter.Adapter<unknown>
  readonly connection: Connection
  readonly options: ClientOptions
  readonly client: Client
}

/**
 * Connects with the given settings, and takes missing secrets from the environment. A setting that
 * is not valid is a UsageError that says where it was given.
 */
export const connect = (
  adapter: Adapter.Adapter<unknown>,
  given: Settings,
  options: ClientOptions,
  originOf: OriginOf,
  environment: NodeJS.ProcessEnv,
): Connected => {
  const settings = withSecrets(adapter, given, environment)
  try {
    const connection = adapter(settings)
    const client = createClient(connection, options)
    return { adapter, connection, options, client }
  } catch (error) {
    if (!AdapterError.is(error) || error.reason !== "InvalidSettings") throw error
    throw usageErrorOf(error, adapter, given, settings, originOf)
  }
}

/** Core says which setting is wrong; this adds where it was given, and how to give it here. */
const usageErrorOf = (
  { message, subject, hint }: AdapterError,
  adapter: Adapter.Adapter<unknown>,
  given: Settings,
  settings: Settings,
  originOf: OriginOf,
): UsageError => {
  const name = subject?.kind === "setting" ? subject.name : null
  const isGiven = name === null || given[name] !== undefined
  const isMissing = hint?.code === "add_setting"
  const isFromEnvironment = !isGiven && name in settings
  const origin = isFromEnvironment ? settingVariable(adapter.id, name) : originOf(name)
  return new UsageError(
    origin === null || (isMissing && !isGiven) ? message : `${origin}: ${message}`,
    (name === null ? null : hintOfSecret(adapter, name, given, settings)) ??
      (isMissing ? `Add --set ${name}=…, or write it into the configuration file.` : null) ??
      (hint?.code === "allow_http" ? allowHttpHint(originOf) : hint?.text) ??
      "Correct the setting.",
  )
}

/** A connection of the configuration takes no flags for its settings. */
const allowHttpHint = (originOf: OriginOf): string =>
  originOf(null) === null
    ? "Use https, or add --set allowHttp=true."
    : 'Use https, or add "transport": { "allowHttp": true } to the connection.'

/** The settings, with the secrets that only the environment contains. */
const withSecrets = (
  adapter: Adapter.Adapter<unknown>,
  given: Settings,
  environment: NodeJS.ProcessEnv,
): Settings => {
  const settings: Record<string, Json> = { ...given }
  for (const { name, kind, required } of adapter.settings) {
    const secret = environment[settingVariable(adapter.id, name)]
    if (kind !== "secret" || settings[name] !== undefined || secret === undefined) continue
    if (required || !isEmpty(secret)) settings[name] = secret
  }
  return settings
}

/** The hint for a secret that is missing or empty; null for any other setting. */
const hintOfSecret = (
  adapter: Adapter.Adapter<unknown>,
  name: string,
  given: Settings,
  settings: Settings,
): string | null => {
  const isSecret = adapter.settings.some((one) => one.name === name && one.kind === "secret")
  if (!isSecret || !isEmpty(settings[name] ?? null)) return null
  const variable = settingVariable(adapter.id, name)
  const reference = `"${name}": "\${NAME}"`
  return given[name] === undefined
    ? `Set the environment variable ${variable}, or name another in the configuration file: ${reference}.`
    : `Name a variable that is set: ${reference}, or leave it out of the file and set ${variable}.`
}

const isEmpty = (value: Json): boolean =>
  value === null || (typeof value === "string" && value.trim() === "")

/** Reads `--set name=value`. Rejects a secret; parses a structured setting as JSON. */
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
        problemOfPair(flag, at, [
          ...adapter.settings.map((known) => known.name),
          ...transportNames,
        ]),
        "Write --set name=value, such as --set baseUrl=https://dify.example.com/v1.",
      )
    }
    const name = flag.slice(0, at)
    const value = flag.slice(at + 1)
    const setting = adapter.settings.find((known) => known.name === name)
    if (setting?.kind === "secret") {
      throw new UsageError(
        `--set: "${name}" of ${adapter.id} is a secret, and other users can read the flags of a program.`,
        `Set the environment variable ${settingVariable(adapter.id, name)} instead.`,
      )
    }
    if (setting === undefined && transportNames.includes(name)) {
      transport[name] = readJson(name, value, [
        name === "allowHttp" ? "true or false" : "a number",
        `For example: --set ${name}=${examples[name] ?? "3"}`,
      ])
    } else if (setting === undefined) {
      throw new UsageError(
        `--set: ${adapter.id} has no setting "${name}".`,
        `Its settings are ${adapter.settings.map((known) => known.name).join(", ")}; those of all providers are ${transportNames.join(", ")}.`,
      )
    } else {
      settings[name] =
        setting.kind === "json"
          ? readJson(name, value, [
              "JSON",
              `Write it as JSON, in quotes for the shell. For example: --set '${name}={"id": "…"}'`,
            ])
          : value
    }
  }
  return { settings, transport }
}

/** Quotes only the name of a setting: any other text may be the key. */
const problemOfPair = (flag: string, at: number, names: ReadonlyArray<string>): string => {
  if (at === 0) return "--set: a name is missing before the =."
  return names.includes(flag)
    ? `--set ${flag} has no value.`
    : "--set: a = is missing between the name and the value."
}

const examples: { readonly [transportName: string]: string } = {
  timeoutMs: "30000",
  deadlineMs: "120000",
  maxBodyBytes: "33554432",
  allowHttp: "true",
}

const readJson = (
  name: string,
  value: string,
  [expected, hint]: readonly [string, string],
): Json => {
  try {
    if (tooDeepAt(value) === null) return JSON.parse(value)
  } catch {
    // Reported below, without the value.
  }
  throw new UsageError(`--set: the value of "${name}" is not ${expected}.`, hint)
}
