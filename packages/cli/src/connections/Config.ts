import { readFile, stat } from "node:fs/promises"
import { resolve } from "node:path"
import { type Json, TransportSettings } from "@execlog/core"
import { describeIssue } from "@execlog/core/unstable"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import { UsageError } from "../session/UsageError.js"
import { parseConfigText } from "./ConfigText.js"

const JsonValue: Schema.Codec<Json> = Schema.Json

const unknownKey = { messageUnexpectedKey: "unknown key" }

/** The transport settings that are not secret. Headers are separate, because they may contain variables. */
const Transport = TransportSettings.mapFields(Struct.omit(["headers"]))

const ConnectionConfig = Schema.Struct({
  provider: Schema.String,
  package: Schema.optionalKey(Schema.NonEmptyString),
  settings: Schema.optionalKey(Schema.Record(Schema.String, JsonValue)),
  headers: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
  transport: Schema.optionalKey(Transport.annotate(unknownKey)),
  redact: Schema.optionalKey(Schema.Array(Schema.String)),
  interval: Schema.optionalKey(Schema.NonEmptyString),
  webhookSecret: Schema.optionalKey(Schema.NonEmptyString),
}).annotate(unknownKey)

const Texts = Schema.Array(Schema.NonEmptyString)

const ServeSection = Schema.Struct({
  host: Schema.optionalKey(Schema.NonEmptyString),
  port: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 }))),
  interval: Schema.optionalKey(Schema.NonEmptyString),
  tokens: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        name: Schema.NonEmptyString,
        token: Schema.NonEmptyString,
        access: Schema.optionalKey(Schema.Literals(["read", "write"])),
      }).annotate(unknownKey),
    ),
  ),
  hosts: Schema.optionalKey(Texts),
  origins: Schema.optionalKey(Texts),
  show: Schema.optionalKey(Schema.Array(Schema.Literals(["inputs", "outputs", "raw"]))),
}).annotate(unknownKey)

const ConfigFile = Schema.Struct({
  store: Schema.optionalKey(Schema.NonEmptyString),
  serve: Schema.optionalKey(ServeSection),
  connections: Schema.Record(Schema.String, ConnectionConfig),
}).annotate(unknownKey)

/** A connection as written in the file; each ${NAME} is not yet replaced. */
type ConnectionConfig = typeof ConnectionConfig.Type

/** The section of `execlog serve` as written in the file. */
export type ServeSection = typeof ServeSection.Type

/** A configuration file that was read. */
export interface Config {
  /** The file, as messages name it. */
  readonly path: string
  /** The address of the store, as written in the file. */
  readonly store: string | null
  readonly serve: ServeSection
  readonly connections: { readonly [name: string]: ConnectionConfig }
}

/** The file that is read by default. */
export const defaultConfigName = "execlog.json"

/** The names of the transport settings. */
export const transportNames: ReadonlyArray<string> = Object.keys(Transport.fields)

const decodeTransport = Schema.decodeUnknownResult(Transport)

/** Reads transport settings that were given with flags. */
export const readTransport = (settings: unknown): TransportSettings => {
  const decoded = decodeTransport(settings)
  if (Result.isSuccess(decoded)) return decoded.success
  throw new UsageError(
    `--set: ${describeIssue(decoded.failure.issue)}.`,
    "The transport settings are numbers; allowHttp is true or false.",
  )
}

const decodeConfig = Schema.decodeUnknownResult(ConfigFile, {
  errors: "all",
  onExcessProperty: "error",
})

/**
 * Reads the configuration: the named file, else execlog.json in the working directory. Null if
 * no file is named and there is no execlog.json.
 */
export const readConfig = async (
  named: string | undefined,
  directory: string,
): Promise<Config | null> => {
  if (named === "") {
    throw new UsageError("--config is empty.", "Name a file, or leave it out.")
  }
  const path = named ?? defaultConfigName
  const text = await readWhole(resolve(directory, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" && named === undefined) return null
    throw new UsageError(
      error.code === "ENOENT"
        ? `There is no configuration file ${path}.`
        : `The configuration file ${path} cannot be read: ${error.message}.`,
      `Name a file with --config, or write ${defaultConfigName} in the working directory.`,
    )
  })
  if (text === null) return null
  const decoded = decodeConfig(await parseConfigText(path, text.replace(/^\uFEFF/, "")))
  if (Result.isFailure(decoded)) {
    throw new UsageError(
      `${path} is not a valid configuration: ${describeIssue(decoded.failure.issue)}.`,
      'It looks like { "connections": { "NAME": { "provider": "dify", "settings": { "apiKey": "${DIFY_API_KEY}" } } } }.',
    )
  }
  const { store = null, serve = {}, connections } = decoded.success
  return { path, store, serve, connections }
}

/** Rejects anything but a file: reading a pipe may never end. */
const readWhole = async (path: string): Promise<string> => {
  const there = await stat(path)
  if (!there.isFile()) throw new Error(there.isDirectory() ? "it is a folder" : "it is not a file")
  return readFile(path, "utf8")
}
