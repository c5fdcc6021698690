import {
  AdapterError,
  type Client,
  type ClientOptions,
  type Json,
  createClient,
} from "@execlog/core"
import type { Connection, Adapter } from "@execlog/core/adapter"
import { settingVariable } from "@execlog/core/unstable"
import { tooDeepAt } from "../text/DeepJson.js"
import { UsageError } from "../session/UsageError.js"

/** Settings by name, as an adapter takes them. */
export type Settings = { readonly [name: string]: Json }

/** Names the place where a setting was given, for an error; null if there is nothing to add. */
export type PlaceOf = (name: string | null) => string | null

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
  placeOf: PlaceOf,
  environment: NodeJS.ProcessEnv,
): Connected => {
  rejectUnknown(adapter, given, placeOf)
  rejectMissing(adapter, given)
  const settings = withSecrets(adapter, given, placeOf, environment)
  try {
    const connection = adapter(settings)
    const client = createClient(connection, options)
    return { adapter, connection, options, client }
  } catch (error) {
    if (!AdapterError.is(error) || error.reason !== "InvalidSettings") throw error
    const name = error.subject?.kind === "setting" ? error.subject.name : null
    const isFromEnvironment = name !== null && !(name in given) && name in settings
    const place = isFromEnvironment ? settingVariable(adapter.id, name) : placeOf(name)
    const hint = error.hint?.code === "allow_http" ? allowHttpHint(placeOf) : error.hint?.text
    throw new UsageError(placed(place, error.message), hint ?? "Correct the setting.")
  }
}

/** A connection of the configuration takes no flags for its settings. */
const allowHttpHint = (placeOf: PlaceOf): string =>
  placeOf(null) === null
    ? "Use https, or add --set allowHttp=true."
    : 'Use https, or add "transport": { "allowHttp": true } to the connection.'

const placed = (place: string | null, message: string): string =>
  place === null ? message : `${place}: ${message}`

const rejectUnknown = (
  adapter: Adapter.Adapter<unknown>,
  given: Settings,
  placeOf: PlaceOf,
): void => {
  const names = adapter.settings.map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown === undefined) return
  const meant = names.find((name) => name.toLowerCase() === unknown.toLowerCase())
  throw new UsageError(
    placed(placeOf(unknown), `${adapter.id} has no setting "${unknown}".`),
    (meant === undefined ? "" : `Did you mean ${meant}? `) +
      `Its settings are ${names.join(", ")}.`,
  )
}

/** Rejects a missing setting that has neither a default nor a variable. */
const rejectMissing = (adapter: Adapter.Adapter<unknown>, given: Settings): void => {
  for (const { name, kind, required } of adapter.settings) {
    if (kind === "secret" || !required || given[name] !== undefined) continue
    throw new UsageError(
      `The setting "${name}" of ${adapter.id} is missing.`,
      `Add --set ${name}=…, or write it into the configuration file.`,
    )
  }
}

const withSecrets = (
  adapter: Adapter.Adapter<unknown>,
  given: Settings,
  placeOf: PlaceOf,
  environment: NodeJS.ProcessEnv,
): Settings => {
  const settings: Record<string, Json> = { ...given }
  for (const { name, kind, required } of adapter.settings) {
    const value = settings[name]
    if (kind !== "secret" || (value !== undefined && !isEmpty(value))) continue
    const variable = settingVariable(adapter.id, name)
    const reference = `"${name}": "\${NAME}"`
    const hint = `Set the environment variable ${variable}, or name another in the configuration file: ${reference}.`
    if (value !== undefined) {
      throw new UsageError(
        placed(placeOf(name), `The setting "${name}" of ${adapter.id} is empty.`),
        `Name a variable that is set: ${reference}, or leave it out of the file and set ${variable}.`,
      )
    }
    const secret = environment[variable]
    if (secret !== undefined && !isEmpty(secret)) {
      settings[name] = secret
    } else if (required) {
      const is = secret === undefined ? "missing" : `empty: ${variable} is set to nothing`
      throw new UsageError(`The setting "${name}" of ${adapter.id} is ${is}.`, hint)
    }
  }
  return settings
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
