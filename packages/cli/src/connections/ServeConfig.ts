import { parseSpan } from "@execlog/core/unstable"
import type { Session } from "../session/Session.js"
import { UsageError } from "../session/UsageError.js"
import { type Config, readConfig, type ServeSection } from "./Config.js"
import { textWithVariables } from "./ConfigVariables.js"

/** What the configuration says of serving. */
export interface ServeConfig extends Omit<ServeSection, "interval"> {
  /** The pause between two syncs, in milliseconds; undefined if it does not say. */
  readonly intervalOf: (connection: string) => number | undefined
  readonly webhookSecretOf: (connection: string) => string | undefined
}

const shortestInterval = 1000

/** Reads the section `serve` of the configuration, with its variables replaced. */
export const readServeConfig = async (
  configPath: string | undefined,
  { directory, environment }: Session,
): Promise<ServeConfig> => {
  const config = await readConfig(configPath, directory)
  if (config === null) return { intervalOf: () => undefined, webhookSecretOf: () => undefined }
  const { interval, tokens, ...section } = config.serve
  return {
    ...section,
    ...(tokens === undefined
      ? {}
      : {
          tokens: tokens.map((one, index) => ({
            ...one,
            token: textWithVariables(
              one.token,
              { file: config.path, path: `serve.tokens.${index}.token` },
              environment,
            ),
          })),
        }),
    intervalOf: (connection) =>
      intervalAt(config, `connections.${connection}`, config.connections[connection]?.interval) ??
      intervalAt(config, "serve", interval),
    webhookSecretOf: (connection) => {
      const secret = config.connections[connection]?.webhookSecret
      if (secret === undefined) return undefined
      const path = `connections.${connection}.webhookSecret`
      return textWithVariables(secret, { file: config.path, path }, environment)
    },
  }
}

const intervalAt = (
  { path }: Config,
  at: string,
  written: string | undefined,
): number | undefined => {
  if (written === undefined) return undefined
  const span = parseSpan(written)
  if (span !== null && span >= shortestInterval) return span
  throw new UsageError(
    `${path}: ${at}.interval: "${written}" is not a span of at least one second.`,
    'For example: "30s".',
  )
}
